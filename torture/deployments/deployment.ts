import type { Draw } from "../draw.ts";
import type { Access } from "./connection.ts";

/** A running leasehold, however many processes it is made of, and what can befall it. */
export interface Deployment {
  /** The servers that run at the moment; empty between a crash and the restart. */
  readonly accesses: readonly Access[];
  /** What may strike while clients are at work, one at a time. */
  readonly faults: readonly Fault[];
  /** Ends everything and removes what it wrote. */
  stop(): Promise<void>;
}

export interface Fault {
  readonly name: string;
  /** Strikes, and heals: resolves when all that the deployment consists of runs again. */
  strike(draw: Draw): Promise<void>;
}
