import { statusErrors, type ApiObject } from "@leasehold/api";
import { failedPrecondition, type Preconditions } from "./preconditions.ts";
import type { ObjectTarget } from "./target.ts";

/** What a client asks of a deletion. */
export interface Deletion {
  readonly preconditions: Preconditions;
  /** What becomes of the objects that name this one as their owner. */
  readonly propagationPolicy: string | undefined;
  /** The older form of the same: true orphans them, false deletes them. */
  readonly orphanDependents: boolean | undefined;
}

/** Refuses a deletion whose preconditions do not hold. */
export function refuseFailedPrecondition(
  target: ObjectTarget,
  object: ApiObject,
  { preconditions }: Deletion,
): void {
  const failed = failedPrecondition(preconditions, object.metadata);
  if (failed === undefined) return;
  throw statusErrors.deletePreconditionFailed(target.kind, { ...failed, name: target.name });
}

/**
 * The object's finalizers once the deletion's policy is written among them. What the client says wins over what is there;
 * leasehold has no garbage collector, so that these two finalizers stay until somebody takes them off.
 */
export function finalizersFor(object: ApiObject, deletion: Deletion): readonly string[] {
  const before = object.metadata.finalizers ?? [];
  const wanted = policyFinalizers(before, deletion);
  const kept = before.filter(
    (finalizer) => finalizer !== orphanFinalizer && finalizer !== foregroundFinalizer,
  );
  const after = [...kept, ...wanted];
  return isSameSet(before, after) ? before : after;
}

/** The object marked as going, with nothing but its finalizers to hold it; the same object when it is so already. */
export function markedAsDeleting(object: ApiObject, now: string): ApiObject {
  const { metadata } = object;
  const { deletionTimestamp, generation } = metadata;
  const isNew = deletionTimestamp === undefined;
  const counted = isNew && generation !== undefined ? Number(generation) + 1 : generation;
  return {
    ...object,
    metadata: {
      ...metadata,
      generation: counted,
      deletionTimestamp: isNew || deletionTimestamp > now ? now : deletionTimestamp,
      deletionGracePeriodSeconds: 0,
    },
  };
}

const orphanFinalizer = "orphan";
const foregroundFinalizer = "foregroundDeletion";

function policyFinalizers(before: readonly string[], deletion: Deletion): readonly string[] {
  const { orphanDependents, propagationPolicy } = deletion;
  if (orphanDependents !== undefined) return orphanDependents ? [orphanFinalizer] : [];
  if (propagationPolicy === "Orphan") return [orphanFinalizer];
  if (propagationPolicy === "Foreground") return [foregroundFinalizer];
  if (propagationPolicy === "Background") return [];
  const present = before.find(
    (finalizer) => finalizer === orphanFinalizer || finalizer === foregroundFinalizer,
  );
  return present === undefined ? [] : [present];
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const first = new Set(one);
  const second = new Set(other);
  return first.size === second.size && [...first].every((item) => second.has(item));
}
