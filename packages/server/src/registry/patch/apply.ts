import { apiVersionOf, type ApiObject, type JsonObject, type ServedKind } from "@leasehold/api";
import { emptyObject } from "../managed-fields/empty-object.ts";
import { isEmpty, recursiveDifference } from "../managed-fields/field-set.ts";
import { equalValues, isJsonObject } from "../managed-fields/json-value.ts";
import { decodeManagers, identifierOf, type Manager, type Managers } from "../managed-fields/managers.ts";
import { asJson } from "../managed-fields/object-json.ts";
import { mergeTyped } from "../managed-fields/merge.ts";
import {
  resourceOf,
  takeOwnership,
  withManagers,
  withoutManagedFields,
} from "../managed-fields/record-update.ts";
import { repeatedItems } from "../managed-fields/repeated-items.ts";
import { objectSchema } from "../managed-fields/schema-type.ts";
import { stripMeta } from "../managed-fields/strip-meta.ts";
import { toFieldSet } from "../managed-fields/to-field-set.ts";
import {
  reconcileManagers,
  takeFields,
  type ObjectChange,
  type VersionedResource,
} from "../managed-fields/update-managers.ts";
import { checkApplied, describeObject, type AppliedCheck } from "./applied-object.ts";
import { conflictMessage, listConflicts, type ApplyConflict, type Conflict } from "./conflicts.ts";
import { allowedByLastApplied, withLastApplied } from "./last-applied.ts";
import { prune } from "./prune.ts";
import { typedObject } from "./typed-object.ts";
import { ConversionProblem, unconvertible, VersionConversion } from "./version-conversion.ts";

/** A server-side apply. */
export interface ApplyRequest {
  /** The resource, in the version of the request. */
  readonly kind: ServedKind;
  /** Every version of the resource, `kind` included; absent: there is no other. */
  readonly versions?: readonly ServedKind[];
  /** The names of top-level fields that the registry resets on this kind of write, e.g. `status`; absent: none. */
  readonly resetFields?: readonly string[];
  /** The stored object, in the version of `kind`; undefined when this creates it. */
  readonly live: ApiObject | undefined;
  /** The body, decoded from YAML or JSON. */
  readonly patch: unknown;
  readonly manager: string;
  readonly force: boolean;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339 in UTC with whole seconds. */
  readonly now: string;
}

export type ApplyOutcome =
  /** Compare with `live` as for every update: an apply that changes nothing gives an equal object. */
  | { readonly kind: "applied"; readonly object: ApiObject }
  /** 409, reason Conflict, one cause of reason FieldManagerConflict for each conflict. */
  | { readonly kind: "conflict"; readonly message: string; readonly conflicts: readonly ApplyConflict[] }
  /** 400, reason BadRequest. */
  | { readonly kind: "bad-request"; readonly message: string }
  /** 500 without a reason: what kube-apiserver says of a patch that does not fit the schema. */
  | { readonly kind: "internal"; readonly message: string };

export type { ApplyConflict };

/**
 * Merges what the manager wants into the live object and records it as the owner of those fields. What it wanted the
 * last time and wants no more is removed, unless somebody else owns it too. Fields that it would change and another
 * manager owns are conflicts, unless the apply is forced.
 */
export function applyPatch(request: ApplyRequest): ApplyOutcome {
  const patch = checkApplied(request.kind, request.patch);
  if (patch.kind !== "fits") return patch;
  try {
    return applyChecked(request, patch);
  } catch (error) {
    if (error instanceof ConversionProblem) return { kind: "internal", message: error.message };
    throw error;
  }
}

function applyChecked(request: ApplyRequest, patch: Extract<AppliedCheck, { kind: "fits" }>): ApplyOutcome {
  const apply = prepare(request, patch.object);
  let merged = merge(apply, request.force);
  if (merged.kind === "conflict" && request.manager === kubectl)
    merged = upgradeClientSideApply(apply, merged.conflicts);
  if (merged.kind === "conflict") return refuse(merged.conflicts);
  const outcome = finish(apply, merged);
  if (outcome.kind !== "applied" || request.manager !== kubectl) return outcome;
  return { kind: "applied", object: withLastApplied(outcome.object, patch.object) };
}

/** The manager whose client-side applies are taken over, and whose annotation is kept up to date. */
const kubectl = "kubectl";

interface Apply {
  readonly request: ApplyRequest;
  readonly resource: VersionedResource;
  readonly patch: JsonObject;
  /** Without managed fields. */
  readonly live: ApiObject;
  readonly managers: Managers;
  readonly self: Omit<Manager, "set" | "time">;
  readonly identifier: string;
}

type Merged =
  | { readonly kind: "merged"; readonly value: JsonObject; readonly managers: Managers }
  | { readonly kind: "conflict"; readonly conflicts: readonly Conflict[] };

function prepare(request: ApplyRequest, patch: JsonObject): Apply {
  const { kind, manager, subresource } = request;
  const resource = resourceOf(request);
  const live = request.live === undefined ? emptyObject(kind) : withoutManagedFields(request.live);
  const self = { manager, operation: "Apply", apiVersion: apiVersionOf(kind), subresource } as const;
  const managers = trackedManagers(request, resource, live);
  return { request, resource, patch, live, managers, self, identifier: identifierOf(self) };
}

/** Fields of an object that was not tracked so far belong to one manager, so that an apply does not take them unasked. */
function trackedManagers(request: ApplyRequest, resource: VersionedResource, live: ApiObject): Managers {
  const stored = decodeManagers(request.live?.metadata.managedFields);
  if (stored !== undefined && stored.size > 0) return stored;
  const writer = { manager: "before-first-apply", subresource: request.subresource, time: request.now };
  return takeOwnership(resource, { old: undefined, object: live, managers: new Map() }, writer);
}

function merge({ resource, patch, live, managers, self, identifier }: Apply, force: boolean): Merged {
  const problem = repeatedItems(resource, live, managers);
  if (problem !== undefined) throw new ConversionProblem(problem);
  const schema = objectSchema(resource.kind.table);
  const known = new Map(reconcileManagers(resource, managers));
  const last = known.get(identifier);
  const set = recursiveDifference(toFieldSet(schema, patch), resource.reset);
  known.set(identifier, { ...self, set, time: last?.time });
  const versions = new VersionConversion(resource);
  const laidOver = mergeTyped(schema, asJson(live, resource.kind.table), patch);
  const value = prune(isJsonObject(laidOver) ? laidOver : {}, { last, managers: known }, versions);
  const changeIn = (version: string): ObjectChange => ({
    old: versions.convert(asJson(live, resource.kind.table), version, "failed to convert old object"),
    new: versions.convert(value, version, "failed to convert new object"),
  });
  const taken = takeFields(resource, changeIn, { managers: known, self: identifier });
  if (!force && taken.conflicts.size > 0)
    return { kind: "conflict", conflicts: listConflicts(known, taken.conflicts) };
  return { kind: "merged", value, managers: taken.managers };
}

/** Fields that client-side apply set and nobody changed since are kubectl's to take. */
function upgradeClientSideApply(apply: Apply, conflicts: readonly Conflict[]): Merged {
  const allowed = allowedByLastApplied(apply.resource.kind, apply.live);
  if (allowed === undefined) return { kind: "conflict", conflicts };
  const left = conflicts.filter((conflict) => !allowed(conflict.path));
  return left.length > 0 ? { kind: "conflict", conflicts: left } : merge(apply, true);
}

/** An apply that changes nothing in the object keeps the manager's time, even when its set is another. */
function finish(apply: Apply, merged: Extract<Merged, { kind: "merged" }>): ApplyOutcome {
  const { request, live } = apply;
  if (equalValues(asJson(live, request.kind.table), merged.value)) {
    return { kind: "applied", object: withManagers(live, withSelf(apply, merged.managers, undefined)) };
  }
  const typed = typedObject(request.kind, merged.value);
  if (typed.kind === "object") {
    return {
      kind: "applied",
      object: withManagers(typed.object, withSelf(apply, merged.managers, request.now)),
    };
  }
  const problem = unconvertible(request.kind, typed.message);
  const message = `failed to convert new object (${describeObject(apply.patch)}) to proper version: ${problem}`;
  return { kind: "internal", message };
}

function withSelf({ identifier }: Apply, managers: Managers, now: string | undefined): Managers {
  const self = managers.get(identifier);
  if (self === undefined) return managers;
  const set = stripMeta(self.set);
  const out = new Map(managers);
  if (isEmpty(set)) out.delete(identifier);
  else out.set(identifier, { ...self, set, time: now ?? self.time });
  return out;
}

function refuse(conflicts: readonly Conflict[]): ApplyOutcome {
  return {
    kind: "conflict",
    message: conflictMessage(conflicts),
    conflicts: conflicts.map(({ field, with: other }) => ({ field, message: `conflict with ${other}` })),
  };
}
