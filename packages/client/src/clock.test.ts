import assert from "node:assert/strict";
import { test } from "node:test";
import { sleepCounting, systemClock } from "./clock.ts";

/** What passes for each source, and what the clock then shows to have passed. */
const cases: readonly (readonly [string, { wall: number; awake: number; uptime: number }, number])[] = [
  ["an ordinary minute", { wall: 60_000, awake: 60_000, uptime: 60_000 }, 60_000],
  ["a night's sleep", { wall: 28_800_000, awake: 20, uptime: 28_800_020 }, 28_800_020],
  ["a wall clock that is set forward", { wall: 3_600_000, awake: 1000, uptime: 1000 }, 1000],
  ["a wall clock that is set back", { wall: -3_600_000, awake: 1000, uptime: 1000 }, 1000],
  ["an uptime that is rounded", { wall: 61_000, awake: 60_000, uptime: 60_010 }, 60_000],
];

for (const [name, passed, shown] of cases) {
  test(`the clock shows the time that has passed in ${name}`, () => {
    const at = { wall: 1.7e12, awake: 5000, uptime: 900_000 };
    const clock = sleepCounting({
      wallMs: () => at.wall,
      awakeMs: () => at.awake,
      uptimeMs: () => at.uptime,
    });
    const before = clock();
    at.wall += passed.wall;
    at.awake += passed.awake;
    at.uptime += passed.uptime;
    assert.equal(clock() - before, shown);
    at.awake += 10;
    at.wall += 10;
    at.uptime += 10;
    assert.equal(clock() - before, shown + 10, "and goes on from there");
  });
}

test("where no uptime can be read, the clock counts what the system counts", () => {
  let awake = 5;
  const clock = sleepCounting({
    wallMs: () => 1.7e12 + 100 * awake,
    awakeMs: () => awake,
    uptimeMs: () => undefined,
  });
  const before = clock();
  awake += 1000;
  assert.equal(clock() - before, 1000);
});

test("the system's clock never goes back", () => {
  let last = systemClock.monotonicMs();
  for (let look = 0; look < 1000; look += 1) {
    const now = systemClock.monotonicMs();
    assert.ok(now >= last);
    last = now;
  }
});
