import { electionLimits } from "./election-limits.ts";
import { type Durations, outageSurvivedMs } from "./durations.ts";

/** What durations come to at worst, in milliseconds and requests a second; docs/elections.md derives them. */
export interface WorstCases {
  /** The longest outage of the API server that cannot end a term. */
  readonly outageSurvivedMs: number;
  /** From the last renewal of a holder that crashed to the next term, if the candidate's watch works; round trips excluded. */
  readonly failOverMs: number;
  /** The same if the watch is silently dead, or watching is not permitted. */
  readonly failOverUnwatchedMs: number;
  /** From the settling of the work to the next term, round trips excluded. */
  readonly handOverMs: number;
  readonly holderRequestsPerSecond: number;
  /** Where watching is permitted an idle candidate asks nothing. */
  readonly pollingRequestsPerSecond: number;
}

export function worstCases(durations: Durations): WorstCases {
  const slowestMs = (durations.leaseDurationSeconds * 1000) / (1 - durations.clockRateError);
  const { takeJitterMsMax } = electionLimits;
  return {
    outageSurvivedMs: outageSurvivedMs(durations),
    failOverMs: slowestMs + takeJitterMsMax,
    failOverUnwatchedMs: slowestMs * 1.5 + 2 * takeJitterMsMax,
    handOverMs: takeJitterMsMax,
    holderRequestsPerSecond: 1000 / durations.renewEveryMs,
    pollingRequestsPerSecond: 1000 / (0.8 * durations.pollEveryMs),
  };
}

/** The same in sentences, for a program to print when it starts. */
export function describeDurations(durations: Durations): string {
  const worst = worstCases(durations);
  return [
    `A lease lasts ${durations.leaseDurationSeconds} s; a term ends ${seconds(durations.renewDeadlineMs)} after its last renewal was sent, and its work then has ${seconds(durations.stopGraceMs)} to stop.`,
    `Terms survive an API server that is away for ${seconds(worst.outageSurvivedMs)}.`,
    `After a crash somebody else leads within ${seconds(worst.failOverMs)} of the last renewal (${seconds(worst.failOverUnwatchedMs)} without a working watch).`,
    `A released lease is taken within ${Math.round(worst.handOverMs)} ms and two round trips.`,
    `The holder sends ${worst.holderRequestsPerSecond.toFixed(2)} requests a second; a candidate none while it can watch, else ${worst.pollingRequestsPerSecond.toFixed(2)}.`,
  ].join("\n");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
