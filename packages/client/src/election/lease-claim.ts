import { type Lease, type LeaseSpec, timeText } from "@leasehold/api";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import { electionLimits } from "./election-limits.ts";

/** What a holder says of itself in a lease: two leases with the same claim were written by the same renewal. */
export type Claim = Pick<
  LeaseSpec,
  "holderIdentity" | "leaseDurationSeconds" | "acquireTime" | "renewTime" | "leaseTransitions"
>;

export function claimOf({ spec }: Lease): Claim {
  const { holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions } = spec;
  return { holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions };
}

export function isSameClaim(one: Claim, other: Claim): boolean {
  return (
    one.holderIdentity === other.holderIdentity &&
    one.leaseDurationSeconds === other.leaseDurationSeconds &&
    one.acquireTime === other.acquireTime &&
    one.renewTime === other.renewTime &&
    one.leaseTransitions === other.leaseTransitions
  );
}

/** Empty when nobody holds the lease. */
export function holderOf({ spec }: Lease): string {
  return spec.holderIdentity ?? "";
}

/** Empty only for a lease that no server has seen. */
export function versionOf({ metadata }: Lease): string {
  return metadata.resourceVersion ?? "";
}

/**
 * Whom the holder should make room for, and whom other candidates leave a free lease to for a moment; empty for nobody. The annotation is
 * ours, because `preferredHolder` needs a strategy and a server of 2024 or later.
 */
export function preferredOf({ metadata, spec }: Lease): string {
  return metadata.annotations?.[transferToAnnotation] ?? spec.preferredHolder ?? "";
}

/** Names the candidate that the lease is to go to. Anybody who may write the lease may set it; the next holder removes it. */
export const transferToAnnotation = "leasehold.dev/transfer-to";

/** A moment for others to read, in MicroTime: nothing is ever decided by it. */
export type Stamp = string;

/**
 * Now, by the wall clock. That has milliseconds; the digits below are drawn, so that a write can be recognised as one's own, even against
 * a twin with the same identity that writes in the same millisecond.
 */
export function stampNow(clock: Clock, random: Random): Stamp {
  const ms = Math.floor(clock.nowMs());
  const seconds = Math.floor(ms / 1000);
  const micros = (ms - seconds * 1000) * 1000 + Math.floor(random.fraction() * 1000);
  return timeText("microTime", { seconds, nanos: micros * 1000 });
}

export interface Taking {
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  readonly leaseDurationSeconds: number;
  readonly acquireTime: Stamp;
  readonly renewTime: Stamp;
}

/**
 * The lease as somebody who takes it leaves it. Transitions are counted as client-go counts them: a new lease has none, and to take a lease
 * from oneself is none.
 */
export function takenLease(seen: Lease | undefined, taking: Taking): Lease {
  const { namespace, name, identity, leaseDurationSeconds, acquireTime, renewTime } = taking;
  const claim = { holderIdentity: identity, leaseDurationSeconds, acquireTime, renewTime };
  if (seen === undefined)
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { namespace, name },
      spec: { ...claim, leaseTransitions: 0 },
    };
  const { leaseTransitions: before = 0 } = seen.spec;
  const leaseTransitions =
    holderOf(seen) === identity ? before : Math.min(before + 1, electionLimits.transitionsMax);
  return {
    ...seen,
    metadata: { ...seen.metadata, annotations: annotationsWith(seen, "") },
    spec: { ...seen.spec, ...claim, leaseTransitions, preferredHolder: undefined },
  };
}

export function renewedLease(held: Lease, renewTime: Stamp): Lease {
  return { ...held, spec: { ...held.spec, renewTime } };
}

/** As client-go leaves a lease that it gives back: no holder, and a second of duration for readers who look at nothing else. */
export function releasedLease(
  held: Lease,
  { stamp, to }: { readonly stamp: Stamp; readonly to: string },
): Lease {
  return {
    ...held,
    metadata: { ...held.metadata, annotations: annotationsWith(held, to) },
    spec: {
      ...held.spec,
      holderIdentity: "",
      leaseDurationSeconds: 1,
      acquireTime: stamp,
      renewTime: stamp,
      preferredHolder: undefined,
    },
  };
}

/** The lease with the request that its holder make room for `to`. */
export function leaseAskedFor(held: Lease, to: string): Lease {
  return { ...held, metadata: { ...held.metadata, annotations: annotationsWith(held, to) } };
}

function annotationsWith(
  { metadata }: Lease,
  transferTo: string,
): Readonly<Record<string, string>> | undefined {
  const { [transferToAnnotation]: _, ...others } = metadata.annotations ?? {};
  if (transferTo !== "") return { ...others, [transferToAnnotation]: transferTo };
  return Object.keys(others).length === 0 ? undefined : others;
}
