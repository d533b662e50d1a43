import { type Durations, durationsFor } from "@leasehold/client";
import { type Grace, graceOf, stopGraceMs } from "./deadlines.ts";

/** What was asked for; at most one of the first two. In milliseconds. */
export interface AskedDurations {
  readonly leaseDurationMs: number | undefined;
  readonly surviveOutageMs: number | undefined;
  readonly termToKillMs: number | undefined;
}

export interface RunDurations {
  readonly durations: Durations;
  readonly grace: Grace;
}

/** Throws a RangeError, in words, when what was asked for cannot be safe. */
export function runDurations({
  leaseDurationMs,
  surviveOutageMs,
  termToKillMs,
}: AskedDurations): RunDurations {
  if (surviveOutageMs !== undefined && leaseDurationMs !== undefined)
    throw new RangeError("--lease-duration and --survive-outage exclude each other");
  if (surviveOutageMs === undefined) {
    const leaseMs = leaseDurationMs ?? defaultLeaseDurationMs;
    const grace = graceOf(leaseMs, termToKillMs);
    if (stopGraceMs(grace) > leaseMs / 2)
      throw new RangeError(
        `--grace leaves too little of a lease of ${leaseMs / 1000} s for renewing it: it may be ${(leaseMs * 5) / 12_000} s at most`,
      );
    const leaseDurationSeconds = leaseMs / 1000;
    return { durations: durationsFor({ leaseDurationSeconds, stopGraceMs: stopGraceMs(grace) }), grace };
  }
  return outlasting(surviveOutageMs / 1000, termToKillMs);
}

/** The grace is a part of the duration, and the duration leaves room for the grace: the smallest pair is found from below. */
function outlasting(surviveOutageSeconds: number, termToKillMs: number | undefined): RunDurations {
  for (let leaseDurationSeconds = 1; ;) {
    const grace = graceOf(leaseDurationSeconds * 1000, termToKillMs);
    const durations = durationsFor({ surviveOutageSeconds, stopGraceMs: stopGraceMs(grace) });
    if (durations.leaseDurationSeconds <= leaseDurationSeconds) return { durations, grace };
    ({ leaseDurationSeconds } = durations);
  }
}

/** As client-go's leader elections. */
const defaultLeaseDurationMs = 15_000;
