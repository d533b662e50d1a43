import type { ApiObject, Lease, LeaseCandidate } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { SeenCandidate, SeenLease } from "./decide-election.ts";

/** A candidate, and when the election saw what of it. Moments are the clock's monotonic milliseconds. */
export class CandidateSighting {
  #candidate: LeaseCandidate;
  #version: number;
  /** The last moment that tells of life; to begin with, that of the first look. */
  #aliveAtMs: number;
  /** A renewal that was seen to happen; one that was there before may be of any age. */
  #renewedAtMs: number | undefined;
  #pingedAtMs: number | undefined;
  #isAsked = false;

  /** `isNew`: it was seen to come, so that its first renewal is of now. */
  constructor(object: ApiObject, { nowMs, isNew }: { readonly nowMs: number; readonly isNew: boolean }) {
    this.#candidate = candidateOf(object);
    this.#version = versionOf(object);
    this.#aliveAtMs = nowMs;
    if (isNew && this.#candidate.spec.renewTime !== undefined) this.#renewedAtMs = nowMs;
  }

  get object(): LeaseCandidate {
    return this.#candidate;
  }

  /** Takes note of a newer version. Whether it tells more than that somebody has asked. */
  see(object: ApiObject, nowMs: number): boolean {
    const version = versionOf(object);
    if (version <= this.#version) return false;
    const before = this.#candidate.spec;
    const after = candidateOf(object);
    const isAskedNow = after.spec.pingTime !== undefined && after.spec.pingTime !== before.pingTime;
    const isRenewed = after.spec.renewTime !== undefined && after.spec.renewTime !== before.renewTime;
    this.#candidate = after;
    this.#version = version;
    if (isAskedNow) {
      this.#pingedAtMs = nowMs;
      this.#isAsked = true;
    }
    if (isRenewed) {
      this.#renewedAtMs = nowMs;
      this.#aliveAtMs = nowMs;
      this.#isAsked = false;
    }
    return isRenewed || !isAskedNow;
  }

  seen(nowMs: number): SeenCandidate {
    const { metadata, spec } = this.#candidate;
    return {
      name: metadata.name ?? "",
      binaryVersion: spec.binaryVersion,
      emulationVersion: spec.emulationVersion ?? "",
      strategy: spec.strategy ?? "",
      createdAt: metadata.creationTimestamp ?? "",
      renewedAgoMs: age(this.#renewedAtMs, nowMs),
      pingedAgoMs: age(this.#pingedAtMs, nowMs),
      isAsked: this.#isAsked,
      isExpired: nowMs - this.#aliveAtMs > limits.candidateValidMs,
    };
  }
}

/** A lease, and when it was last seen to be renewed. Of one that was there before, that is when it was first looked at. */
export class LeaseSighting {
  #key = "";
  #renewedAtMs = 0;

  /** Undefined when there is no lease. */
  see(lease: ApiObject | undefined, nowMs: number): SeenLease | undefined {
    if (lease === undefined) {
      this.#key = "";
      return undefined;
    }
    const { spec } = lease as ApiObject & Lease;
    const key = JSON.stringify([lease.metadata.uid, spec.renewTime, spec.holderIdentity]);
    if (key !== this.#key) this.#renewedAtMs = nowMs;
    this.#key = key;
    const { holderIdentity = "", preferredHolder = "", strategy = "", leaseDurationSeconds = 0 } = spec;
    const validMs = spec.renewTime === undefined ? 0 : leaseDurationSeconds * 1000;
    const validForMs = Math.max(0, validMs - (nowMs - this.#renewedAtMs));
    return { holder: holderIdentity, preferredHolder, strategy, validForMs };
  }
}

/** Every version grows. */
export function versionOf({ metadata }: Pick<ApiObject, "metadata">): number {
  return Number(metadata.resourceVersion ?? 0);
}

function candidateOf(object: ApiObject): LeaseCandidate {
  return object as ApiObject & LeaseCandidate;
}

function age(atMs: number | undefined, nowMs: number): number | undefined {
  return atMs === undefined ? undefined : nowMs - atMs;
}
