import type { Access } from "./connection.ts";

/** A running leasehold, however many processes it is made of. */
export interface Deployment {
  /** One for each server; undefined for one that does not run, between a crash and its restart. */
  readonly accesses: readonly (Access | undefined)[];
  /** Ends everything and removes what it wrote. */
  stop(): Promise<void>;
}
