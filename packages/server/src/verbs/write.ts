import type { Subresource } from "@leasehold/api";
import type { ObjectTarget } from "../registry/target.ts";

/** What PUT, patch and apply have in common. */
export interface WriteCommand {
  readonly target: ObjectTarget;
  /** Undefined for the object itself. */
  readonly subresource: Subresource | undefined;
  readonly dryRun: boolean;
  /** The field manager. */
  readonly manager: string;
  /** Told what the client should mend, also where the write is refused afterwards. */
  warn(text: string): void;
  /** Refuses, by throwing, a client that may not create; called only when the write would. */
  authorizeCreate(): void;
}
