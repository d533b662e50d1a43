import type { Lease } from "@leasehold/api";
import { electionLimits } from "./election-limits.ts";
import { type Claim, claimOf, isSameClaim } from "./lease-claim.ts";

/** A claim of ours. Moments are on the monotonic clock. */
export interface OwnWrite {
  readonly claim: Claim;
  readonly sentAtMs: number;
  /**
   * From when others may count it: when it was sent, or an earlier write whose times have the same whole seconds. client-go compares the
   * claims that it sees without their fractions, so that to it a second renewal in one second is none.
   */
  readonly countsFromMs: number;
}

/**
 * What this elector wrote and what may still stand: the last write that is known to have happened, and those after it of which no answer
 * came. A lease is ours when its claim is one of these, and not because it carries our name: a twin with the same identity, or an earlier
 * life of this process, writes other times.
 */
export class OwnWrites {
  #writes: readonly OwnWrite[] = [];
  #releasedVersion: string | undefined;

  /** Before it is sent: the answer may be lost. */
  remember(lease: Lease, sentAtMs: number): OwnWrite {
    const claim = claimOf(lease);
    const alike = this.#writes.find((write) => looksAlike(write.claim, claim));
    const write = { claim, sentAtMs, countsFromMs: alike?.countsFromMs ?? sentAtMs };
    // The first may be the one that stands; of the others, the oldest are the least likely to come through.
    const [first, ...others] = [...this.#writes, write];
    this.#writes = [first ?? write, ...others.slice(-(electionLimits.ownWritesMax - 1))];
    return write;
  }

  /** It has happened. What was sent before replaced an older version, so that it cannot happen any more. */
  confirm(write: OwnWrite): void {
    const index = this.#writes.indexOf(write);
    if (index > 0) this.#writes = this.#writes.slice(index);
  }

  /** The write that left the lease as it is, if it was ours. */
  recognise(lease: Lease): OwnWrite | undefined {
    const claim = claimOf(lease);
    return this.#writes.find((write) => isSameClaim(write.claim, claim));
  }

  /** None of them stands, nor can come to stand. `version`: that of the release that ended it, if it was one of ours. */
  forget(version?: string): void {
    this.#writes = [];
    this.#releasedVersion = version ?? this.#releasedVersion;
  }

  /** Nothing was written that could stand. */
  get isEmpty(): boolean {
    return this.#writes.length === 0;
  }

  /** Whether this version is a release of ours. */
  isRelease(version: string): boolean {
    return version === this.#releasedVersion;
  }
}

/**
 * Whether client-go takes one for the other. With a lease of one second nothing could be renewed in time that has to wait for the next:
 * such a lease is not to be shared with client-go.
 */
function looksAlike(one: Claim, other: Claim): boolean {
  const renewedIn = ({ renewTime }: Claim): string | undefined => renewTime?.slice(0, wholeSeconds);
  return renewedIn(one) === renewedIn(other) && other.leaseDurationSeconds !== 1;
}

const wholeSeconds = "2006-01-02T15:04:05".length;
