// Time and chance, for whoever owns them in a test
export { type Clock, delay, systemClock, type Timer } from "./clock.ts";
export { type Random, systemRandom } from "./random.ts";

// Elections
export {
  checkDurations,
  defaultDurations,
  type DurationGoal,
  type Durations,
  durationsFor,
} from "./election/durations.ts";
export type { ElectionEvent, ElectionObserver } from "./election/election-event.ts";
export type { Coordinated, ElectorOptions } from "./election/elector-options.ts";
export type {
  AccessFailure,
  Attempt,
  CandidateAccess,
  Failed,
  LeaseAccess,
  LeaseCollectionAccess,
  ListOutcome,
  ObjectAccess,
  ObjectNews,
  ReadOutcome,
  WriteOutcome,
} from "./election/object-access.ts";
export { type Term, type TermEnd, TermEndedError } from "./election/term.ts";
