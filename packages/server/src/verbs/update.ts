import { statusErrors, type ApiObject } from "@leasehold/api";
import { fieldTracking } from "../registry/field-tracking.ts";
import { recordUpdate } from "../registry/managed-fields/record-update.ts";
import { admitCreate } from "../registry/namespace-lifecycle.ts";
import { withoutRepeatedOwners } from "../registry/owner-references.ts";
import { inRequestNamespace } from "../registry/request-namespace.ts";
import type { ObjectTarget, Registry } from "../registry/target.ts";
import { updateObject, type UpdateOutcome } from "../registry/update-object.ts";
import type { WriteCommand } from "./write.ts";

export interface UpdateCommand extends WriteCommand {
  readonly object: ApiObject;
}

/** Replaces an object, or creates it where its kind allows that. */
export async function update(registry: Registry, command: UpdateCommand): Promise<UpdateOutcome> {
  const { target, subresource, manager } = command;
  const named = inRequestNamespace(command.object, target);
  refuseOtherName(target, named);
  const sent = withoutRepeatedOwners(named, { when: "as-sent", warn: command.warn });
  return updateObject(registry, {
    target,
    subresource,
    preconditions: { uid: sent.metadata.uid },
    mayCreate: target.kind.rules.createOnUpdate && subresource === undefined,
    dryRun: command.dryRun,
    authorizeCreate: () => command.authorizeCreate(),
    async propose(current) {
      if (current === undefined) await admitCreate(registry, target);
      const tracking = fieldTracking(registry, { kind: target.kind, subresource, manager });
      const proposed = recordUpdate({ ...tracking, old: current, object: sent });
      command.admit(proposed, current);
      return proposed;
    },
  });
}

/** The name in the body must be the one in the path. */
export function refuseOtherName(target: ObjectTarget, object: ApiObject): void {
  const name = object.metadata.name ?? "";
  if (name === "") {
    throw statusErrors.badRequest(
      `the name of the object (${target.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (name !== target.name) {
    throw statusErrors.badRequest(
      `the name of the object (${name}) does not match the name on the URL (${target.name})`,
    );
  }
}
