import type { Clock } from "../clock.ts";

/** When a command under a term must be told to end, and when it must be dead; moments of the machine's monotonic clock. */
export interface Deadlines {
  readonly stopAtMs: number;
  readonly killAtMs: number;
}

/** How the end of a lease's duration is spent. Everything in milliseconds. */
export interface Grace {
  /** From SIGTERM to SIGKILL. */
  readonly termToKillMs: number;
  /** From SIGKILL to the moment from which somebody else may lead: for late timers and for the death itself. */
  readonly killToExpiryMs: number;
}

/**
 * The command gets a sixth of the duration to end well, and a twelfth is kept for killing it: of a lease of 15 s, which is safe for 14.7,
 * SIGKILL comes at 13.45 and SIGTERM at 10.95 s. docs/elections.md says why.
 */
export function graceOf(leaseDurationMs: number, termToKillMs = leaseDurationMs / 6): Grace {
  return { termToKillMs, killToExpiryMs: leaseDurationMs / 12 };
}

/** How long before the end of the lease the term's signal has to abort. */
export function stopGraceMs(grace: Grace): number {
  return grace.termToKillMs + grace.killToExpiryMs;
}

/**
 * The deadlines of a term that is renewed no more. `remainingMs` is asked after the clock, so that the time between the two makes the
 * deadlines earlier and not later.
 */
export function deadlinesOf(term: { remainingMs(): number }, clock: Clock, grace: Grace): Deadlines {
  const nowMs = clock.monotonicMs();
  const stopAtMs = nowMs + term.remainingMs();
  return { stopAtMs, killAtMs: stopAtMs + grace.termToKillMs };
}
