import { statusErrors, type ApiObject, type PhasedDeletion } from "@leasehold/api";
import {
  finalizersFor,
  markedAsDeleting,
  refuseFailedPrecondition,
  type Deletion,
} from "../registry/before-delete.ts";
import { guardedWrite, type Decision } from "../registry/guarded-write.ts";
import { failedPrecondition } from "../registry/preconditions.ts";
import { resourceOf, type ObjectTarget, type Registry } from "../registry/target.ts";
import { timestamp } from "../registry/timestamp.ts";

export interface DeleteCommand {
  readonly target: ObjectTarget;
  readonly deletion: Deletion;
  readonly dryRun: boolean;
}

/** `removed`: it is gone, and this was its last state. `going`: something still holds it, and it looks like this now. */
export type DeleteOutcome =
  | { readonly kind: "removed"; readonly object: ApiObject }
  | { readonly kind: "going"; readonly object: ApiObject };

/** Deletes an object, or marks it as going while finalizers hold it. */
export async function deleteObject(registry: Registry, command: DeleteCommand): Promise<DeleteOutcome> {
  const { target } = command;
  const phases = target.kind.phasedDeletion;
  let kind: DeleteOutcome["kind"] = "removed";
  const object = await guardedWrite(registry, target, (current) => {
    if (phases?.protectedNames.includes(target.name) === true) {
      throw statusErrors.namespaceProtected(resourceOf(target.kind), target.name);
    }
    if (current === undefined) throw statusErrors.notFound(resourceOf(target.kind), target.name);
    const now = timestamp(registry.clock);
    const step = phases === undefined ? undefined : phaseOf(phases, command, { current, now });
    const decision = step ?? removal(command, current, now);
    kind = decision.kind === "remove" ? "removed" : "going";
    return command.dryRun ? { kind: "answer", object: decision.object ?? current } : decision;
  });
  return { kind, object };
}

/** What is true of every kind: finalizers hold an object back, and without them it goes. */
function removal(command: DeleteCommand, current: ApiObject, now: string): Decision {
  const { target, deletion } = command;
  refuseFailedPrecondition(target, current, deletion);
  const finalizers = finalizersFor(current, deletion);
  if (finalizers.length === 0) return { kind: "remove" };
  const held = { ...current, metadata: { ...current.metadata, finalizers } };
  return { kind: "store", object: markedAsDeleting(held, now) };
}

/** The steps before removal of a kind that goes in phases; undefined when it is time for the removal itself. */
function phaseOf(
  phases: PhasedDeletion,
  { target, deletion }: DeleteCommand,
  { current, now }: { current: ApiObject; now: string },
): Decision | undefined {
  const failed = failedPrecondition(deletion.preconditions, current.metadata);
  if (failed !== undefined) {
    const because = `Precondition failed: ${failed.field} in precondition: ${failed.wanted}, ${failed.field} in object meta: ${failed.found}`;
    throw statusErrors.conflict(resourceOf(target.kind), { name: target.name, because });
  }
  if (current.metadata.deletionTimestamp !== undefined) {
    return phases.isEmptied(current) ? undefined : { kind: "answer", object: current };
  }
  const finalizers = finalizersFor(current, deletion);
  const metadata = {
    ...current.metadata,
    deletionTimestamp: now,
    finalizers: finalizers.length === 0 ? undefined : finalizers,
  };
  return { kind: "store", object: phases.begin({ ...current, metadata }) };
}
