import { statusErrors, type ApiObject, type DecodedApply } from "@leasehold/api";
import { fieldTracking } from "../registry/field-tracking.ts";
import { recordUpdate } from "../registry/managed-fields/record-update.ts";
import { admitCreate } from "../registry/namespace-lifecycle.ts";
import { withoutRepeatedOwners } from "../registry/owner-references.ts";
import { applyPatch } from "../registry/patch/apply.ts";
import type { FieldValidation } from "../registry/patch/outcome.ts";
import { patchObject } from "../registry/patch/patch-object.ts";
import { refuseApply, refusePatch } from "./patch-refusal.ts";
import { inRequestNamespace } from "../registry/request-namespace.ts";
import { resourceOf, type Registry } from "../registry/target.ts";
import { updateObject, type UpdateOutcome } from "../registry/update-object.ts";
import { refuseOtherName } from "./update.ts";
import type { WriteCommand } from "./write.ts";

export interface PatchCommand extends WriteCommand {
  readonly patch: Patch;
}

/** A patch as it was sent; only a server-side apply may create the object. */
export type Patch =
  | {
      readonly type: "json" | "merge" | "strategic-merge";
      readonly body: Uint8Array;
      readonly fieldValidation: FieldValidation;
    }
  | {
      readonly type: "apply";
      readonly force: boolean;
      /** Decodes the body, and refuses a malformed one, when it is its turn. */
      decode(): DecodedApply;
    };

/** Changes an object by a patch. */
export async function patch(registry: Registry, command: PatchCommand): Promise<UpdateOutcome> {
  const { target, subresource } = command;
  return updateObject(registry, {
    target,
    subresource,
    preconditions: {},
    mayCreate:
      subresource === undefined && (command.patch.type === "apply" || target.kind.rules.createOnUpdate),
    dryRun: command.dryRun,
    authorizeCreate: () => command.authorizeCreate(),
    async propose(current) {
      const patched = patchedObject(registry, command, current);
      refuseUnexpectedUid(command, { patched, current });
      const named = inRequestNamespace(patched, target);
      refuseOtherName(target, named);
      if (current === undefined) await admitCreate(registry, target);
      const proposed = withoutRepeatedOwners(named, { when: "as-patched", warn: command.warn });
      command.admit(proposed, current);
      return proposed;
    },
  });
}

function patchedObject(registry: Registry, command: PatchCommand, live: ApiObject | undefined): ApiObject {
  const { target, manager, patch, subresource } = command;
  const tracking = fieldTracking(registry, { kind: target.kind, subresource, manager });
  if (patch.type === "apply") {
    const { value, warnings, strictRefusal } = patch.decode();
    const applied = applyPatch({ ...tracking, live, patch: value, force: patch.force });
    if (applied.kind !== "applied") return refuseApply(applied);
    if (strictRefusal !== undefined) throw strictRefusal;
    for (const warning of warnings) command.warn(warning);
    return target.kind.rules.withDefaults(applied.object);
  }
  if (live === undefined) throw statusErrors.notFound(resourceOf(target.kind), target.name);
  const outcome = patchObject({ kind: target.kind, live, ...patch });
  if (outcome.kind !== "patched") return refusePatch(outcome);
  const proposed = target.kind.rules.withDefaults(outcome.object);
  for (const warning of outcome.warnings) command.warn(warning);
  return recordUpdate({ ...tracking, old: live, object: proposed });
}

/** An apply that names a uid means an object that must be there. */
function refuseUnexpectedUid(
  { target }: PatchCommand,
  { patched, current }: { patched: ApiObject; current: ApiObject | undefined },
): void {
  const { uid } = patched.metadata;
  if (current !== undefined || uid === undefined) return;
  throw statusErrors.patchedObjectMissing(resourceOf(target.kind), { name: target.name, uid });
}
