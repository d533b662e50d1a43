import type { ObjectMeta } from "@leasehold/api";

/** What must still be so for a write to go ahead. */
export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** A precondition that does not hold: what was wanted, and what is there. */
export interface FailedCheck {
  readonly field: "UID" | "ResourceVersion";
  readonly wanted: string;
  readonly found: string;
}

/** The first precondition that does not hold; undefined when all do. */
export function failedPrecondition(
  preconditions: Preconditions,
  meta: ObjectMeta | undefined,
): FailedCheck | undefined {
  const { uid, resourceVersion } = preconditions;
  const found = { uid: meta?.uid ?? "", resourceVersion: meta?.resourceVersion ?? "" };
  if (uid !== undefined && uid !== found.uid) return { field: "UID", wanted: uid, found: found.uid };
  if (resourceVersion === undefined || resourceVersion === found.resourceVersion) return undefined;
  return { field: "ResourceVersion", wanted: resourceVersion, found: found.resourceVersion };
}
