import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clock, systemClock } from "../clock.ts";
import { limits } from "../limits.ts";
import { deadline } from "./deadline.ts";

interface Scheduled {
  readonly delayMs: number;
  readonly run: () => void;
}

function clockOf(now: { ms: number }): Clock & { readonly scheduled: Scheduled[] } {
  const scheduled: Scheduled[] = [];
  return {
    scheduled,
    nowMs: systemClock.nowMs,
    monotonicMs: () => now.ms,
    schedule(delayMs, run) {
      const timer = { delayMs, run };
      scheduled.push(timer);
      return { cancel: () => void scheduled.splice(scheduled.indexOf(timer), 1) };
    },
  };
}

test("a deadline that is on time is met at once", () => {
  const now = { ms: 0 };
  const clock = clockOf(now);
  let met = 0;
  deadline(clock, 1000, () => (met += 1));
  now.ms = 1005;
  clock.scheduled[0]?.run();
  assert.equal(met, 1);
});

test("after the process stood still, what has arrived is read before the deadline counts", () => {
  const now = { ms: 0 };
  const clock = clockOf(now);
  let met = 0;
  const timer = deadline(clock, 1000, () => (met += 1));
  now.ms = 60_000;
  clock.scheduled.shift()?.run();
  assert.deepEqual([met, clock.scheduled.map(({ delayMs }) => delayMs)], [0, [limits.afterStallMs]]);
  timer.cancel();
  assert.equal(clock.scheduled.length, 0);
});
