import { type Clock, systemClock } from "../clock.ts";

/** The real clock, which knows how many of its timers wait. */
export interface CountingClock extends Clock {
  readonly waiting: number;
}

export function countingClock(): CountingClock {
  const waiting = new Set<object>();
  return {
    nowMs: systemClock.nowMs,
    monotonicMs: systemClock.monotonicMs,
    get waiting() {
      return waiting.size;
    },
    schedule(delayMs, run) {
      const timer = systemClock.schedule(delayMs, () => {
        waiting.delete(timer);
        run();
      });
      waiting.add(timer);
      return {
        cancel() {
          waiting.delete(timer);
          timer.cancel();
        },
      };
    },
  };
}
