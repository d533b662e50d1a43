import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { DurationGoal, Durations } from "./durations.ts";
import type { ElectionObserver } from "./election-event.ts";
import type { CandidateAccess, LeaseAccess } from "./object-access.ts";

export interface ElectorOptions {
  /** The lease that is contended for, e.g. `leaseAccess(connection, { namespace: "default", name: "my-app" })`. */
  readonly lease: LeaseAccess;
  /**
   * Who this candidate is, for others to read; with `coordinated` also the name of its LeaseCandidate. Default: a name that nobody else
   * has. Two candidates with one identity do not both lead: a term rests on the versions that this process wrote, not on its name.
   */
  readonly identity?: string;
  /** Default `defaultDurations`, a lease of 15 s. A goal is turned into durations; both are checked, and a RangeError says what is wrong. */
  readonly durations?: Durations | DurationGoal;
  /** Ends the candidacy; a term that is live ends with it, and its lease is released when the work has settled. */
  readonly signal?: AbortSignal;
  /**
   * Promises that no other living process ever uses this identity (the pods of a StatefulSet have such names). Then a lease that an
   * earlier life of this candidate left behind is taken at once, where otherwise it is waited for like anybody else's. Default false.
   */
  readonly resumesOwnIdentity?: boolean;
  /** Take part in a coordinated election: stand as a LeaseCandidate and lead when the server's election names it. */
  readonly coordinated?: Coordinated;
  /** Told of all that happens, synchronously, for logs and metrics. */
  readonly onEvent?: ElectionObserver;
  /** For tests and simulations. */
  readonly clock?: Clock;
  /** For tests and simulations. */
  readonly random?: Random;
}

export interface Coordinated {
  /** The LeaseCandidate of this identity, in the namespace of the lease. */
  readonly candidate: CandidateAccess;
  /** Semantic versions without a leading v; the emulation version is not after the binary version, and equal to it by default. */
  readonly binaryVersion: string;
  readonly emulationVersion?: string;
  /** Default `OldestEmulationVersion`. */
  readonly strategy?: string;
}
