import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDurations } from "@leasehold/client";
import { runDurations } from "./run-durations.ts";

const nothing = { leaseDurationMs: undefined, surviveOutageMs: undefined, termToKillMs: undefined };

const cases = [
  { asked: {}, lease: 15, termAt: 10_952, killAt: 13_452 },
  { asked: { leaseDurationMs: 60_000 }, lease: 60, termAt: 43_811, killAt: 53_811 },
  { asked: { leaseDurationMs: 60_000, termToKillMs: 20_000 }, lease: 60, termAt: 33_811, killAt: 53_811 },
  { asked: { leaseDurationMs: 1000 }, lease: 1, termAt: 730, killAt: 897 },
];

for (const { asked, lease, termAt, killAt } of cases) {
  test(`${JSON.stringify(asked)}: SIGTERM after ${termAt} ms, SIGKILL after ${killAt} ms of ${lease} s`, () => {
    const { durations, grace } = runDurations({ ...nothing, ...asked });
    checkDurations(durations);
    assert.equal(durations.leaseDurationSeconds, lease);
    assert.equal(durations.renewDeadlineMs, termAt);
    assert.equal(Math.round(durations.renewDeadlineMs + grace.termToKillMs), killAt);
    assert.ok(grace.termToKillMs + grace.killToExpiryMs <= durations.stopGraceMs);
  });
}

for (const termToKillMs of [undefined, 10_000]) {
  test(`an outage of 30 s is survived, with ${termToKillMs ?? "the usual"} ms to stop in`, () => {
    const { durations, grace } = runDurations({ ...nothing, surviveOutageMs: 30_000, termToKillMs });
    checkDurations(durations);
    const { renewDeadlineMs, renewEveryMs, attemptTimeoutMs, retryEveryMs } = durations;
    assert.ok(renewDeadlineMs - renewEveryMs - 2 * attemptTimeoutMs - retryEveryMs >= 30_000);
    assert.ok(grace.killToExpiryMs >= (durations.leaseDurationSeconds * 1000) / 12);
    assert.ok(grace.termToKillMs + grace.killToExpiryMs <= durations.stopGraceMs);
  });
}

test("what leaves no time for renewals is refused in words", () => {
  assert.throws(
    () => runDurations({ ...nothing, termToKillMs: 7000 }),
    /--grace leaves too little of a lease of 15 s for renewing it: it may be 6.25 s at most/,
  );
});
