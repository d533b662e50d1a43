import { uptime } from "node:os";

/** Time, as the commands see it; no other file reads a clock or starts a timer. */
export interface Clock {
  /** The wall clock: milliseconds since 1970-01-01 UTC. For dates that people read; nothing is decided by it. */
  nowMs(): number;
  /** Milliseconds since an arbitrary moment, the same in every process of this machine; on Linux it goes on while the machine sleeps. */
  monotonicMs(): number;
  /** Calls `run` once, `delayMs` from now (at most 24 days), unless cancelled before. A pending timer keeps the process alive. */
  schedule(delayMs: number, run: () => void): { cancel(): void };
}

/**
 * Processes share it, as they do not share `performance.now()`. Linux tells the time since the machine was started, sleep included, in
 * hundredths of a second; elsewhere the uptime moves with the wall clock, and the monotonic clock has to do, which stands still in sleep.
 */
export const machineClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => (process.platform === "linux" ? uptime() * 1000 : Number(process.hrtime.bigint()) / 1e6),
  schedule(delayMs, run) {
    const handle = setTimeout(run, Math.min(Math.max(delayMs, 0), longestTimerMs));
    return { cancel: () => clearTimeout(handle) };
  },
};

/** What setTimeout takes at most; it would run a longer one at once. */
const longestTimerMs = 2 ** 31 - 1;

export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(delayMs, resolve));
}
