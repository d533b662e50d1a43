import type { Access } from "./connection.ts";

/** A running leasehold, however many processes it is made of. */
export interface Deployment {
  /** The servers that run at the moment; none between a crash and the restart. */
  readonly accesses: readonly Access[];
  /** Ends everything and removes what it wrote. */
  stop(): Promise<void>;
}
