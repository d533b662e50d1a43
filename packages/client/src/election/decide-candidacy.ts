import type { Lease } from "@leasehold/api";
import type { Durations } from "./durations.ts";
import { electionLimits } from "./election-limits.ts";
import { holderOf, preferredOf } from "./lease-claim.ts";
import type { Sighting } from "./lease-view.ts";

/** All that a candidate decides by. */
export interface Candidacy {
  readonly identity: string;
  /** Undefined while the lease has not been seen at all. */
  readonly sighting: Sighting | undefined;
  /** When a read was last answered, on the monotonic clock; minus infinity before the first. */
  readonly confirmedAtMs: number;
  /** The claim in the lease is one that this elector wrote, and no term of its rests on it. */
  readonly isOwn: boolean;
  /** The lease was last released by this elector. */
  readonly isOwnRelease: boolean;
  readonly isCoordinated: boolean;
  readonly resumesOwnIdentity: boolean;
  readonly durations: Durations;
}

export type CandidacyStep =
  /** Nothing to be done before `untilMs` on the monotonic clock, or, when undefined, before the lease changes. */
  | { readonly kind: "wait"; readonly untilMs: number | undefined; readonly reason: string }
  /** Read the lease: its holder should have been heard of, and perhaps it is the watch that is dead. */
  | { readonly kind: "check" }
  /** Replace the version that was seen. `because` tells an expiry from an invitation: a conflict means different things. */
  | { readonly kind: "take"; readonly because: "free" | "own" | "named" | "expired" };

/**
 * What a candidate does next. Pure: the same sighting at the same moment gives the same step.
 *
 * Nothing of the foreign lease is compared with the local clock but how long ago, by that clock, this version was first seen. The holder's
 * own duration counts, whatever it is: see `foreignDurationMs`.
 */
export function decideCandidacy(candidacy: Candidacy, nowMs: number): CandidacyStep {
  const { sighting, isOwn, identity } = candidacy;
  if (sighting === undefined) return { kind: "wait", untilMs: undefined, reason: "the lease is being read" };
  const { lease } = sighting;
  if (lease !== undefined && isOwn && isForUs(lease, identity)) return { kind: "take", because: "own" };
  if (candidacy.isCoordinated) return decideCoordinated(lease, identity);
  if (lease === undefined || holderOf(lease) === "") return decideFree(candidacy, { sighting, nowMs });
  if (holderOf(lease) === identity && candidacy.resumesOwnIdentity) return { kind: "take", because: "own" };
  return decideHeld(candidacy, { lease, sighting, nowMs });
}

/**
 * A holder renews several times in the life of its lease. Where nothing was heard for half of that, one read tells a dead holder from a dead
 * watch, which would otherwise cost a whole duration more: the expiry would be tried, refused, and waited for anew.
 */
function decideHeld(
  { identity, durations, confirmedAtMs }: Candidacy,
  { lease, sighting, nowMs }: { readonly lease: Lease; readonly sighting: Sighting; readonly nowMs: number },
): CandidacyStep {
  const durationMs = foreignDurationMs(lease, durations);
  const expiresAtMs = sighting.seenAtMs + durationMs + jitterMs(sighting);
  if (nowMs >= expiresAtMs) return { kind: "take", because: "expired" };
  const checkAtMs = sighting.seenAtMs + durationMs / 2 + jitterMs(sighting);
  const isChecked = confirmedAtMs >= checkAtMs;
  if (nowMs >= checkAtMs && !isChecked) return { kind: "check" };
  const who = holderOf(lease) === identity ? `another ${identity}` : holderOf(lease);
  return { kind: "wait", untilMs: isChecked ? expiresAtMs : checkAtMs, reason: `${who} holds the lease` };
}

/**
 * How long a foreign holder has, from when its last renewal was first seen. Where it says nothing sensible (no duration, zero, below), it
 * gets what this candidate would give itself: other clients read such a lease as free, and a mistake in that direction makes two leaders.
 * A huge duration is honoured: whoever wrote it can be asked to release the lease, and an operator can delete it.
 */
export function foreignDurationMs({ spec }: Lease, durations: Durations): number {
  const { leaseDurationSeconds: seconds = 0 } = spec;
  const ms = (seconds > 0 ? seconds : durations.leaseDurationSeconds) * 1000;
  return Math.max(ms, electionLimits.foreignDurationMsMin);
}

/** The server's election writes the name of the candidate into the lease, and no acquireTime: the candidate writes that when it begins. */
function decideCoordinated(lease: Lease | undefined, identity: string): CandidacyStep {
  if (lease !== undefined && holderOf(lease) === identity && lease.spec.acquireTime === undefined) {
    if (isForUs(lease, identity)) return { kind: "take", because: "named" };
  }
  return {
    kind: "wait",
    untilMs: undefined,
    reason: "the coordinated election has not named this candidate",
  };
}

function decideFree(
  candidacy: Candidacy,
  { sighting, nowMs }: { readonly sighting: Sighting; readonly nowMs: number },
): CandidacyStep {
  const { identity, durations, isOwnRelease } = candidacy;
  const preferred = sighting.lease === undefined ? "" : preferredOf(sighting.lease);
  if (preferred === identity) return { kind: "take", because: "free" };
  const [pauseMs, reason] = pauseBefore({ preferred, isOwnRelease, pollEveryMs: durations.pollEveryMs });
  const takeAtMs = sighting.seenAtMs + pauseMs + jitterMs(sighting);
  return nowMs >= takeAtMs ? { kind: "take", because: "free" } : { kind: "wait", untilMs: takeAtMs, reason };
}

/** The lease is free, and yet others go first for a moment: long enough that even a candidate that polls has had its turn. */
function pauseBefore(free: {
  readonly preferred: string;
  readonly isOwnRelease: boolean;
  readonly pollEveryMs: number;
}): readonly [number, string] {
  if (free.preferred !== "") return [2 * free.pollEveryMs, `the lease is left to ${free.preferred}`];
  if (free.isOwnRelease) return [free.pollEveryMs, "others go first after a term of one's own"];
  return [0, "the lease is free"];
}

function isForUs(lease: Lease, identity: string): boolean {
  const preferred = preferredOf(lease);
  return preferred === "" || preferred === identity;
}

function jitterMs({ lot }: Sighting): number {
  return lot * electionLimits.takeJitterMsMax;
}
