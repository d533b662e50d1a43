import assert from "node:assert/strict";
import { test } from "node:test";
import { describeDurations, worstCases } from "./describe-durations.ts";
import { checkDurations, defaultDurations, durationsFor, outageSurvivedMs, safeHoldMs } from "./durations.ts";

test("durations made from any lease duration are safe, and leave room for several attempts", () => {
  for (const leaseDurationSeconds of [1, 2, 3, 5, 15, 40, 600, 86_400])
    for (const clockRateError of [0, 0.01]) {
      const durations = durationsFor({ leaseDurationSeconds, clockRateError });
      assert.ok(durations.renewDeadlineMs + durations.stopGraceMs <= safeHoldMs(durations));
      assert.ok(outageSurvivedMs(durations) > 0, JSON.stringify(durations));
    }
});

test("durations made from an outage survive it, with the shortest lease that does", () => {
  for (const surviveOutageSeconds of [0.2, 1, 5, 10, 60, 300]) {
    const durations = durationsFor({ surviveOutageSeconds });
    assert.ok(outageSurvivedMs(durations) >= surviveOutageSeconds * 1000);
    const shorter = durationsFor({ leaseDurationSeconds: Math.max(1, durations.leaseDurationSeconds - 1) });
    if (durations.leaseDurationSeconds > 1)
      assert.ok(outageSurvivedMs(shorter) < surviveOutageSeconds * 1000);
  }
});

test("the worked example of docs/elections.md", () => {
  assert.equal(Math.floor(safeHoldMs(defaultDurations)), 14_702);
  assert.equal(defaultDurations.renewDeadlineMs, 13_202);
  assert.equal(defaultDurations.stopGraceMs, 1500);
  assert.equal(Math.round(outageSurvivedMs(defaultDurations) / 100), 61);
  assert.equal(Math.round(worstCases(defaultDurations).failOverMs), 15_172);
  assert.match(describeDurations(defaultDurations), /survive an API server that is away for 6\.1 s/);
});

const unsafe: readonly (readonly [name: string, change: object, message: RegExp])[] = [
  [
    "client-go's defaults with no grace between",
    { renewDeadlineMs: 14_900 },
    /unsafe durations: .* 14900 ms .* 15 s/,
  ],
  ["a grace that reaches past the lease", { stopGraceMs: 2000 }, /unsafe durations/],
  ["a fraction of a second", { leaseDurationSeconds: 15.5 }, /whole number/],
  ["nothing", { leaseDurationSeconds: 0 }, /at least 1/],
  ["more than a day", { leaseDurationSeconds: 86_401 }, /at most 86400/],
  ["attempts that do not fit", { attemptTimeoutMs: 12_000 }, /a single slow answer ends a term/],
  ["no number", { renewEveryMs: Number.NaN }, /renewEveryMs must be a number/],
];

for (const [name, change, message] of unsafe)
  test(`refused in words: ${name}`, () => {
    assert.throws(() => checkDurations({ ...defaultDurations, ...change }), { name: "RangeError", message });
  });

test("a goal is one thing", () => {
  assert.throws(() => durationsFor({}), /either/);
  assert.throws(() => durationsFor({ leaseDurationSeconds: 15, surviveOutageSeconds: 5 }), /either/);
  assert.throws(() => durationsFor({ surviveOutageSeconds: -1 }), /above 0/);
});
