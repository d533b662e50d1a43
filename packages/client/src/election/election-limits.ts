const minuteMs = 60_000;

/** The bounds of elections that are no setting, each with its reason. */
export const electionLimits = {
  /**
   * Candidates that hear of a free lease at the same moment spread over so much: a few round trips, so that the first has won before most of
   * the others ask, and less than anybody notices.
   */
  takeJitterMsMax: 20,
  /** Own writes whose outcome is not known: each is one failed attempt, and a term that retries twice a second sees some 30 of them. */
  ownWritesMax: 64,
  /** First pause after a failure of a candidate; it doubles up to `pollEveryMs`. */
  firstBackoffMs: 100,
  /** How often a candidate that may not watch asks again whether it may. */
  watchAgainMs: 5 * minuteMs,
  /** What a holder without a duration, or with none above 0, is given at least: the shortest that the field can say. */
  foreignDurationMsMin: 1000,
  /** How often a term looks whether it is over though no timer said so: after the sleep of a machine, work that only listens hears within this. */
  alarmEveryMs: 1000,
  /** What leaseTransitions, an int32, stops at. */
  transitionsMax: 2 ** 31 - 1,
  /** How many attempts' time a release gets, so that a process that wants to end is not kept by a server that is away. */
  releaseAttemptsMax: 3,
} as const;
