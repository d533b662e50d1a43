import { statusErrors, type ApiObject, type Subresource } from "@leasehold/api";
import { beforeCreate, fillSystemFields } from "./before-create.ts";
import { beforeUpdate } from "./before-update.ts";
import { guardedWrite, type Decision } from "./guarded-write.ts";
import { keepTimesWhenUnchanged } from "./managed-fields/keep-times.ts";
import { failedPrecondition, type Preconditions } from "./preconditions.ts";
import { parseResourceVersion } from "./resource-version.ts";
import { keyOf, resourceOf, type ObjectTarget, type Registry } from "./target.ts";

/** How PUT, patch and apply all change an object: they differ in what they propose. */
export interface ObjectUpdate {
  readonly target: ObjectTarget;
  readonly subresource: Subresource | undefined;
  readonly preconditions: Preconditions;
  /** Whether an absent object is created. */
  readonly mayCreate: boolean;
  readonly dryRun: boolean;
  /** The object as the client wants it, given what is there; managed fields included. */
  propose(current: ApiObject | undefined): Promise<ApiObject> | ApiObject;
  /** Refuses, by throwing, a client that may not create. */
  authorizeCreate(): void;
}

export interface UpdateOutcome {
  readonly object: ApiObject;
  readonly created: boolean;
}

export async function updateObject(registry: Registry, update: ObjectUpdate): Promise<UpdateOutcome> {
  const { target } = update;
  let created = false;
  const object = await guardedWrite(registry, target, async (current) => {
    if (current === undefined && !update.mayCreate)
      throw statusErrors.notFound(resourceOf(target.kind), target.name);
    refuseFailedPrecondition(update, current);
    const proposed = await update.propose(current);
    refuseMalformedVersion(proposed);
    created = current === undefined;
    if (current === undefined) return decideCreate(registry, update, proposed);
    return decideUpdate(update, proposed, current);
  });
  return { object, created };
}

function refuseFailedPrecondition(update: ObjectUpdate, current: ApiObject | undefined): void {
  const failed = failedPrecondition(update.preconditions, current?.metadata);
  if (failed === undefined) return;
  const { target } = update;
  // A dry run does not get as far as the storage that puts its prefix before the key.
  const key = update.dryRun ? keyOf(target).replace(/^\/registry/, "") : keyOf(target);
  throw statusErrors.storagePreconditionFailed(resourceOf(target.kind), {
    ...failed,
    name: target.name,
    key,
  });
}

/** Said before anything else of the object, even where it is created and its version would not matter. */
function refuseMalformedVersion({ metadata }: ApiObject): void {
  const version = parseResourceVersion(metadata.resourceVersion ?? "");
  if (version.kind === "malformed") throw statusErrors.unclassified(version.problem);
}

function decideCreate(registry: Registry, update: ObjectUpdate, proposed: ApiObject): Decision {
  const object = beforeCreate(update.target, fillSystemFields(registry, proposed));
  update.authorizeCreate();
  return update.dryRun ? { kind: "answer", object } : { kind: "store", object };
}

function decideUpdate(update: ObjectUpdate, proposed: ApiObject, old: ApiObject): Decision {
  const { target, subresource } = update;
  const checked = beforeUpdate({ target, subresource, object: proposed, old });
  const object = keepTimesWhenUnchanged(checked, old);
  if (update.dryRun) return { kind: "answer", object };
  if (isReleased(update, object, old)) return { kind: "remove", object };
  return { kind: "store", object };
}

/** The update took away the last thing that held an object on its way out. */
function isReleased({ target }: ObjectUpdate, object: ApiObject, old: ApiObject): boolean {
  if (old.metadata.deletionTimestamp === undefined) return false;
  if ((object.metadata.finalizers ?? []).length > 0) return false;
  if (Number(old.metadata.deletionGracePeriodSeconds ?? 0) !== 0) return false;
  return target.kind.phasedDeletion?.isEmptied(object) ?? true;
}
