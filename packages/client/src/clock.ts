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
  monotonicMs: sleepCounting({
    wallMs: () => Date.now(),
    awakeMs: () => performance.now(),
    uptimeMs: readUptimeMs,
  }),
  schedule(delayMs, run) {
    const handle = setTimeout(run, Math.min(delayMs, longestTimerMs));
    return { cancel: () => clearTimeout(handle) };
  },
};

/** What a system offers to tell the time by, each in milliseconds. */
export interface TimeSources {
  readonly wallMs: () => number;
  /** Monotonic; on Linux it stands still while the machine sleeps. */
  readonly awakeMs: () => number;
  /** Since the machine was started, its sleep included; undefined where that cannot be known. It costs as much as forty looks at the others. */
  readonly uptimeMs: () => number | undefined;
}

/**
 * A monotonic clock that counts sleep. A leader on a laptop whose lid was closed must not believe, when it wakes, that no time has passed.
 * A machine that slept finds its wall clock ahead, and only then is the uptime looked at, which tells sleep from a clock that was set.
 */
export function sleepCounting({ wallMs, awakeMs, uptimeMs }: TimeSources): () => number {
  const startedMs = uptimeMs();
  const baseMs = startedMs === undefined ? undefined : startedMs - awakeMs();
  let aheadMs = wallMs() - awakeMs();
  let sleptMs = 0;
  return () => {
    const nowMs = awakeMs();
    const nowAheadMs = wallMs() - nowMs;
    if (baseMs !== undefined && Math.abs(nowAheadMs - aheadMs) > shortestSleepMs) {
      aheadMs = nowAheadMs;
      const gapMs = (uptimeMs() ?? 0) - nowMs - baseMs;
      if (gapMs > sleptMs + shortestSleepMs) sleptMs = gapMs;
    }
    return nowMs + sleptMs;
  };
}

/** No machine sleeps for less, and the uptime is given in hundredths of a second. */
const shortestSleepMs = 500;

/** Undefined in browsers. */
function readUptimeMs(): number | undefined {
  try {
    const seconds = globalThis.process?.getBuiltinModule?.("node:os").uptime();
    return seconds === undefined ? undefined : seconds * 1000;
  } catch {
    // A sandbox that hides the uptime: sleep is then not counted.
    return undefined;
  }
}

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
