import { statusErrors, type ApiObject } from "@leasehold/api";
import { beforeCreate, fillSystemFields, wipeSystemFields } from "../registry/before-create.ts";
import { fieldTracking } from "../registry/field-tracking.ts";
import { guardedWrite, type Decision } from "../registry/guarded-write.ts";
import { recordUpdate } from "../registry/managed-fields/record-update.ts";
import { admitCreate } from "../registry/namespace-lifecycle.ts";
import { withoutRepeatedOwners } from "../registry/owner-references.ts";
import { inRequestNamespace } from "../registry/request-namespace.ts";
import { parseResourceVersion } from "../registry/resource-version.ts";
import { resourceOf, type CollectionTarget, type Registry } from "../registry/target.ts";

export interface CreateCommand {
  readonly target: CollectionTarget;
  readonly object: ApiObject;
  readonly dryRun: boolean;
  /** The field manager. */
  readonly manager: string;
  /** Refuses, by throwing, an object that this client may not create. */
  admit(object: ApiObject): void;
  /** Told what the client should mend, also where the create is refused afterwards. */
  warn(text: string): void;
}

/** Creates an object under a name that is free. */
export async function create(registry: Registry, command: CreateCommand): Promise<ApiObject> {
  const { target } = command;
  const sent = inRequestNamespace(wipeSystemFields(command.object), target);
  const deduplicated = withoutRepeatedOwners(sent, { when: "as-sent", warn: command.warn });
  const { kind } = target;
  const tracking = fieldTracking(registry, { kind, subresource: undefined, manager: command.manager });
  const recorded = recordUpdate({ ...tracking, old: undefined, object: deduplicated });
  await admitCreate(registry, { ...target, name: command.object.metadata.name ?? "" });
  command.admit(recorded);
  const filled = fillSystemFields(registry, recorded);
  const prepared = beforeCreate(target, filled);
  const name = prepared.metadata.name ?? "";
  return guardedWrite(registry, { ...target, name }, (current) => decide(command, { prepared, current }));
}

/** Refuses a name that is taken, which is not the client's fault when the server made it. */
function decide(
  command: CreateCommand,
  { prepared, current }: { prepared: ApiObject; current: ApiObject | undefined },
): Decision {
  const resource = resourceOf(command.target.kind);
  const name = prepared.metadata.name ?? "";
  if (!command.dryRun && namesVersion(prepared)) {
    throw statusErrors.unclassified("resourceVersion should not be set on objects to be created");
  }
  if (current === undefined) return { kind: command.dryRun ? "answer" : "store", object: prepared };
  const isGenerated = prepared.metadata.generateName !== undefined;
  const taken = isGenerated
    ? statusErrors.generateNameConflict(resource, name)
    : statusErrors.alreadyExists(resource, name);
  const isGoing = current.metadata.deletionTimestamp !== undefined;
  throw isGoing ? statusErrors.whileBeingDeleted(taken) : taken;
}

/** Zero names none, and what is no number is passed over. */
function namesVersion({ metadata }: ApiObject): boolean {
  const version = parseResourceVersion(metadata.resourceVersion ?? "");
  return version.kind === "version" && version.revision !== 0;
}
