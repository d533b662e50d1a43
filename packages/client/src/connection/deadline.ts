import type { Clock, Timer } from "../clock.ts";
import { limits } from "../limits.ts";

/**
 * Calls `run` after `delayMs`, but not before what had arrived by then could be read. After the process stood still (a stopped
 * process, a blocked event loop), all timers are due before any socket is looked at; a timer that is late waits one more short turn.
 */
export function deadline(clock: Clock, delayMs: number, run: () => void): Timer {
  const dueMs = clock.monotonicMs() + delayMs;
  let timer = clock.schedule(delayMs, () => {
    if (clock.monotonicMs() - dueMs < limits.stallMsMin) run();
    else timer = clock.schedule(limits.afterStallMs, run);
  });
  return { cancel: () => timer.cancel() };
}
