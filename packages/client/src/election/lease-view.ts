import type { Lease } from "@leasehold/api";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import { versionOf } from "./lease-claim.ts";
import { compareVersions } from "./resource-version.ts";

/** What an observer knows of a lease, stamped with the observer's own clock. */
export interface Sighting {
  /** Undefined when there is none. */
  readonly lease: Lease | undefined;
  /** The version of the lease, or the last that was known before it was gone; empty when none ever was. */
  readonly version: string;
  /** When this version was first seen, on the monotonic clock: seeing it again proves nothing. */
  readonly seenAtMs: number;
  /** Drawn for this sighting, from 0 (included) to 1 (excluded), so that its observers do not all act at once. */
  readonly lot: number;
}

/**
 * The newest known state of one lease, put together from reads, a watch and the answers to writes. Those come on several connections and
 * overtake one another, so that what is older than what is known is dropped.
 */
export class LeaseView {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onChange: (sighting: Sighting) => void;
  #sighting: Sighting | undefined;
  #confirmedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: {
    readonly clock: Clock;
    readonly random: Random;
    readonly onChange: (sighting: Sighting) => void;
  }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#onChange = parts.onChange;
  }

  get sighting(): Sighting | undefined {
    return this.#sighting;
  }

  /** When a read last was answered, on the monotonic clock: a watch that is silent may be dead. */
  get confirmedAtMs(): number {
    return this.#confirmedAtMs;
  }

  /**
   * Take before a question is put, and give the answer to what it returns. A read is linearizable: if nothing was seen since it was asked for, its
   * answer counts even when its number is lower, as it is after a server was set back to a backup.
   */
  asking(): (lease: Lease | undefined) => void {
    const before = this.#sighting;
    return (lease) => {
      this.#confirmedAtMs = this.#clock.monotonicMs();
      const isUndisturbed = before === this.#sighting;
      if (lease === undefined) {
        if (isUndisturbed && (before === undefined || before.lease !== undefined))
          this.#set(undefined, before?.version ?? "");
        return;
      }
      const order = this.#order(versionOf(lease));
      if (order > 0 || (order < 0 && isUndisturbed)) this.#set(lease, versionOf(lease));
    };
  }

  /** From a watch, or the answer to a write. */
  see(lease: Lease): void {
    if (this.#order(versionOf(lease)) > 0) this.#set(lease, versionOf(lease));
  }

  /** From a watch; `lease` has the version of the deletion. */
  seeDeletion(lease: Lease): void {
    if (this.#order(versionOf(lease)) > 0) this.#set(undefined, versionOf(lease));
  }

  #order(version: string): number {
    return this.#sighting === undefined ? 1 : compareVersions(version, this.#sighting.version);
  }

  #set(lease: Lease | undefined, version: string): void {
    const sighting = { lease, version, seenAtMs: this.#clock.monotonicMs(), lot: this.#random.fraction() };
    this.#sighting = sighting;
    this.#onChange(sighting);
  }
}
