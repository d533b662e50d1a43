import { timeText, type ApiObject, type Lease, type LeaseSpec } from "@leasehold/api";
import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import type { ObjectTarget } from "../registry/target.ts";

/** What an election came to. */
export interface Elected {
  readonly strategy: string;
  /** Undefined when somebody else picks the holder. */
  readonly holder: string | undefined;
}

/** A lease that did not exist, as an election makes it. */
export function newElectedLease(
  { namespace, name }: ObjectTarget,
  elected: Elected,
  clock: Clock,
): ApiObject {
  const spec: LeaseSpec = {
    strategy: elected.strategy,
    leaseDurationSeconds: limits.electedLeaseSeconds,
    renewTime: microTime(clock),
    holderIdentity: elected.holder,
  };
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { namespace, name }, spec };
}

/**
 * A lease as an election leaves it; the same object when it is so already. A holder is never replaced while its lease is valid: it is
 * told whom it should make room for, and stops renewing.
 */
export function withElected(
  lease: ApiObject,
  elected: Elected,
  { clock, isExpired }: LeaseMoment,
): ApiObject {
  const before = (lease as ApiObject & Lease).spec;
  const spec = electedSpec(before, elected, { clock, isExpired });
  return isEqual(before, spec) ? lease : { ...lease, spec };
}

export interface LeaseMoment {
  readonly clock: Clock;
  readonly isExpired: boolean;
}

/** The lease without a preference that has come to nothing. */
export function withoutPreference(lease: ApiObject): ApiObject {
  const { spec } = lease as ApiObject & Lease;
  return spec.preferredHolder === undefined
    ? lease
    : { ...lease, spec: { ...spec, preferredHolder: undefined } };
}

function electedSpec(
  before: LeaseSpec,
  { strategy, holder }: Elected,
  { clock, isExpired }: LeaseMoment,
): LeaseSpec {
  const spec = { ...before, strategy };
  if (holder === undefined) return spec;
  const isFree = (before.holderIdentity ?? "") === "" || isExpired;
  if (!isFree) return { ...spec, preferredHolder: holder === before.holderIdentity ? undefined : holder };
  return {
    ...spec,
    holderIdentity: holder,
    preferredHolder: undefined,
    renewTime: microTime(clock),
    leaseDurationSeconds: limits.electedLeaseSeconds,
    acquireTime: undefined,
  };
}

function isEqual(one: LeaseSpec, other: LeaseSpec): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as ReadonlySet<keyof LeaseSpec>;
  return [...keys].every((key) => one[key] === other[key]);
}

/** The present moment, for others to read; nothing is decided by it. */
export function microTime(clock: Clock): string {
  const ms = Math.floor(clock.nowMs());
  const seconds = Math.floor(ms / 1000);
  return timeText("microTime", { seconds, nanos: (ms - seconds * 1000) * 1_000_000 });
}
