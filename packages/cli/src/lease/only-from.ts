import type { LeaseAccess } from "@leasehold/client";

/** Somebody else holds the lease. */
export class HeldByOtherError extends Error {
  override readonly name = "HeldByOtherError";
  readonly holder: string;

  constructor(holder: string) {
    super(`${holder} holds the lease`);
    this.holder = holder;
  }
}

/**
 * The lease as long as nobody holds it but `identity`: a read that finds somebody else throws a HeldByOtherError. A write replaces the
 * version that was read, so that nobody can come in between.
 */
export function onlyFrom(lease: LeaseAccess, identity: string | undefined): LeaseAccess {
  return {
    namespace: lease.namespace,
    name: lease.name,
    write: (object, attempt) => lease.write(object, attempt),
    watch: (since, options) => lease.watch(since, options),
    async read(attempt) {
      const outcome = await lease.read(attempt);
      const holder = outcome.kind === "found" ? (outcome.object.spec.holderIdentity ?? "") : "";
      if (holder !== "" && holder !== identity) throw new HeldByOtherError(holder);
      return outcome;
    },
  };
}
