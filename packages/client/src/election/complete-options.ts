import { systemClock } from "../clock.ts";
import { systemRandom } from "../random.ts";
import {
  checkDurations,
  defaultDurations,
  type DurationGoal,
  type Durations,
  durationsFor,
} from "./durations.ts";
import type { ElectorOptions } from "./elector-options.ts";

/** The options with every default in its place. */
export type CompleteOptions = Required<Omit<ElectorOptions, "durations" | "coordinated">> & {
  readonly durations: Durations;
  readonly coordinated: ElectorOptions["coordinated"];
};

/** Throws a RangeError when the durations are not safe. */
export function completeOptions(options: ElectorOptions): CompleteOptions {
  const random = options.random ?? systemRandom;
  return {
    lease: options.lease,
    identity: options.identity ?? `elector-${random.uuid()}`,
    durations: completeDurations(options.durations),
    signal: options.signal ?? new AbortController().signal,
    resumesOwnIdentity: options.resumesOwnIdentity ?? false,
    coordinated: options.coordinated,
    onEvent: options.onEvent ?? (() => {}),
    clock: options.clock ?? systemClock,
    random,
  };
}

function completeDurations(durations: Durations | DurationGoal | undefined): Durations {
  if (durations === undefined) return defaultDurations;
  return "renewDeadlineMs" in durations ? checkDurations(durations) : durationsFor(durations);
}
