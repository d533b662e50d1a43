/**
 * Time, as everything in the client sees it. Injected, so that a test or a simulation can own it; no other file reads a clock or starts
 * a timer.
 */
export interface Clock {
  /** The wall clock: milliseconds since 1970-01-01 UTC. It may jump in either direction; use it only to write dates down. */
  nowMs(): number;
  /** Milliseconds since an arbitrary moment; never goes backwards. Durations and deadlines are measured with it. */
  monotonicMs(): number;
  /** Calls `run` once, `delayMs` from now, unless cancelled before. A pending timer keeps the process alive: cancel it. */
  schedule(delayMs: number, run: () => void): Timer;
}

export interface Timer {
  /** Idempotent; after it returns, the scheduled function is not called any more. */
  cancel(): void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule(delayMs, run) {
    const handle = setTimeout(run, Math.min(delayMs, longestTimerMs));
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `delayMs`, or as soon as `signal` aborts; the caller looks at the signal to tell which. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      timer.cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = clock.schedule(delayMs, done);
    signal?.addEventListener("abort", done);
  });
}

/** What setTimeout takes at most; it would run a longer one at once. */
const longestTimerMs = 2 ** 31 - 1;
