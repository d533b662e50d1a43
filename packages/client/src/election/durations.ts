/** The times of one elector. `durationsFor` makes them from a goal; `checkDurations` says whether they are safe. */
export interface Durations {
  /** What others wait, after they last saw the lease change, before they take it: written into the lease. Whole seconds, at least 1. */
  readonly leaseDurationSeconds: number;
  /** How long a term lives after its last renewal was sent, if no other comes through. */
  readonly renewDeadlineMs: number;
  /** What work gets to stop, between the end of a term and the moment at which somebody else may lead. */
  readonly stopGraceMs: number;
  /** From the sending of one renewal to the sending of the next. Below a second, some renewals do not count: client-go would not see them. */
  readonly renewEveryMs: number;
  /** What one request may take before it counts as failed. */
  readonly attemptTimeoutMs: number;
  /** Pause after a failed renewal; jitter takes up to a fifth off. */
  readonly retryEveryMs: number;
  /** How often a candidate reads the lease where it cannot watch. */
  readonly pollEveryMs: number;
  /** By what part a clock may run too fast or too slow: 0.01 is one percent, ten times what NTP ever corrects by. */
  readonly clockRateError: number;
}

/** What durations are made from: exactly one of the first two. */
export interface DurationGoal {
  /** A term survives an API server that is away for so long, whenever that begins. */
  readonly surviveOutageSeconds?: number;
  /** Others may take the lease so long after the holder was last heard of. Whole seconds from 1 to 86,400. */
  readonly leaseDurationSeconds?: number;
  /** What work needs to stop, in milliseconds. Default: a tenth of the lease duration, at most 2 s. */
  readonly stopGraceMs?: number;
  /** Default 0.01. */
  readonly clockRateError?: number;
}

/** The durations that reach a goal. Throws a RangeError that says what is wrong when nothing can. */
export function durationsFor(goal: DurationGoal): Durations {
  const { surviveOutageSeconds: outage, leaseDurationSeconds: lease } = goal;
  if ((outage === undefined) === (lease === undefined))
    throw new RangeError("give either surviveOutageSeconds or leaseDurationSeconds");
  if (lease !== undefined) return checkDurations(durationsOfLease(lease, goal));
  if (outage === undefined || !(outage > 0)) throw new RangeError("surviveOutageSeconds must be above 0");
  for (let seconds = Math.ceil(outage); seconds <= leaseDurationSecondsMax; seconds += 1) {
    const durations = durationsOfLease(seconds, goal);
    if (outageSurvivedMs(durations) >= outage * 1000) return checkDurations(durations);
  }
  throw new RangeError(`no lease of at most ${leaseDurationSecondsMax} s survives an outage of ${outage} s`);
}

/** Returns durations that are safe as they are, and throws a RangeError that tells the inequality for those that are not. */
export function checkDurations(durations: Durations): Durations {
  for (const [name, value] of Object.entries(durations))
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name} must be a number, at least 0`);
  const { leaseDurationSeconds, renewDeadlineMs, stopGraceMs, renewEveryMs, attemptTimeoutMs } = durations;
  if (!Number.isInteger(leaseDurationSeconds) || leaseDurationSeconds < 1)
    throw new RangeError(
      "leaseDurationSeconds must be a whole number, at least 1: the field has no fractions",
    );
  if (leaseDurationSeconds > leaseDurationSecondsMax)
    throw new RangeError(`leaseDurationSeconds must be at most ${leaseDurationSecondsMax}`);
  if (durations.clockRateError >= 1) throw new RangeError("clockRateError must be below 1");
  const safeMs = safeHoldMs(durations);
  if (renewDeadlineMs + stopGraceMs > safeMs)
    throw new RangeError(
      `unsafe durations: a holder with a slow clock would work for up to ${renewDeadlineMs} ms (renewDeadlineMs) and ` +
        `${stopGraceMs} ms (stopGraceMs) after it sent its last renewal, but a candidate with a fast clock may take a lease of ` +
        `${leaseDurationSeconds} s after what the holder measures as ${Math.floor(safeMs)} ms`,
    );
  if (renewEveryMs + attemptTimeoutMs >= renewDeadlineMs)
    throw new RangeError(
      `renewEveryMs (${renewEveryMs}) and attemptTimeoutMs (${attemptTimeoutMs}) must together be below renewDeadlineMs ` +
        `(${renewDeadlineMs}): else a single slow answer ends a term`,
    );
  if (attemptTimeoutMs === 0 || renewEveryMs === 0 || durations.pollEveryMs === 0)
    throw new RangeError("renewEveryMs, attemptTimeoutMs and pollEveryMs must be above 0");
  return durations;
}

/**
 * How long, by the holder's own clock and from the sending of a renewal, nobody else can have taken the lease: the holder's clock may be
 * the slowest and the candidate's the fastest. docs/elections.md derives it.
 */
export function safeHoldMs({
  leaseDurationSeconds,
  clockRateError,
}: Pick<Durations, "leaseDurationSeconds" | "clockRateError">): number {
  return (leaseDurationSeconds * 1000 * (1 - clockRateError)) / (1 + clockRateError);
}

/**
 * The longest outage that cannot end a term. The worst one begins just before a renewal would have been sent and ends just after an
 * attempt was sent into the void, so that this attempt, a pause and one good attempt come on top.
 */
export function outageSurvivedMs(durations: Durations): number {
  const { renewDeadlineMs, renewEveryMs, attemptTimeoutMs, retryEveryMs } = durations;
  return Math.max(0, renewDeadlineMs - renewEveryMs - 2 * attemptTimeoutMs - retryEveryMs);
}

/** A day: whoever needs longer than that wants a record of ownership, not a lease. */
const leaseDurationSecondsMax = 86_400;

function durationsOfLease(leaseDurationSeconds: number, goal: DurationGoal): Durations {
  const clockRateError = goal.clockRateError ?? 0.01;
  const leaseMs = leaseDurationSeconds * 1000;
  const stopGraceMs = goal.stopGraceMs ?? Math.min(2000, leaseMs / 10);
  const renewDeadlineMs = Math.floor(safeHoldMs({ leaseDurationSeconds, clockRateError }) - stopGraceMs);
  const sixthMs = Math.floor(renewDeadlineMs / 6);
  return {
    leaseDurationSeconds,
    renewDeadlineMs,
    stopGraceMs,
    renewEveryMs: leaseDurationSeconds === 1 ? sixthMs : Math.min(10_000, Math.max(1000, sixthMs)),
    attemptTimeoutMs: Math.min(5000, sixthMs),
    retryEveryMs: Math.min(500, Math.floor(renewDeadlineMs / 24)),
    pollEveryMs: Math.min(2000, sixthMs),
    clockRateError,
  };
}

/** As client-go's defaults, a lease of 15 s; `describeDurations` says what that comes to. */
export const defaultDurations: Durations = durationsFor({ leaseDurationSeconds: 15 });
