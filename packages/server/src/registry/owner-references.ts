import type { ApiObject, OwnerReference } from "@leasehold/api";

/** When the references were found to repeat, and whom to tell. */
export interface Repetition {
  readonly when: "as-sent" | "as-patched";
  warn(text: string): void;
}

/** An object without repeated owner references; the client is warned of those it repeats. */
export function withoutRepeatedOwners(object: ApiObject, { when, warn }: Repetition): ApiObject {
  const references = object.metadata.ownerReferences;
  if (references === undefined || references.length < 2) return object;
  const kept: OwnerReference[] = [];
  const repeated: string[] = [];
  const seen = new Set<string>();
  for (const reference of references) {
    const identity = identityOf(reference);
    if (seen.has(identity)) repeated.push(reference.uid);
    else kept.push(reference);
    seen.add(identity);
  }
  if (repeated.length === 0) return object;
  warn(warningTexts[when](repeated.join(", ")));
  return { ...object, metadata: { ...object.metadata, ownerReferences: kept } };
}

/** Equal for equal references, whatever fields a request sent first. A body may hold fifty thousand, so that none is compared with all. */
function identityOf(reference: OwnerReference): string {
  const { apiVersion, kind, name, uid, controller, blockOwnerDeletion } = reference;
  return JSON.stringify([uid, apiVersion, kind, name, controller ?? "", blockOwnerDeletion ?? ""]);
}

const warningTexts = {
  "as-sent": (uids: string) =>
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`,
  "as-patched": (uids: string) =>
    `.metadata.ownerReferences contains duplicate entries after mutating admission happens; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`,
};
