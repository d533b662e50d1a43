import type { ApiObject, Subresource } from "@leasehold/api";
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
  /** Refuses, by throwing, an object that this client may not write, in place of what is there. */
  admit(object: ApiObject, old: ApiObject | undefined): void;
  /** Refuses, by throwing, a client that may not create; called only when the write would. */
  authorizeCreate(): void;
}
