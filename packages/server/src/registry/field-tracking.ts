import type { Kind, Subresource } from "@leasehold/api";
import type { UpdateRecord } from "./managed-fields/record-update.ts";
import type { Registry } from "./target.ts";
import { timestamp } from "./timestamp.ts";

/** Whose write it is, and through which path. */
export interface Tracked {
  readonly kind: Kind;
  readonly subresource: Subresource | undefined;
  readonly manager: string;
}

/** What the tracking of fields needs to know of every write, patch and apply alike. */
export function fieldTracking(
  registry: Registry,
  { kind, subresource, manager }: Tracked,
): Omit<Required<UpdateRecord>, "old" | "object"> {
  return {
    kind,
    versions: registry.versionsOf(kind),
    resetFields: (subresource ?? kind).resetFields,
    manager,
    subresource: subresource?.name ?? "",
    now: timestamp(registry.clock),
  };
}
