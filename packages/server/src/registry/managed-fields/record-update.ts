import { apiVersionOf, type ApiObject, type ServedKind, type ManagedFieldsEntry } from "@leasehold/api";
import { capManagers } from "./cap-managers.ts";
import { emptyObject } from "./empty-object.ts";
import { emptySet, fieldSetOf, isEmpty, union } from "./field-set.ts";
import { decodeManagers, encodeManagers, identifierOf, type Manager, type Managers } from "./managers.ts";
import { asJson } from "./object-json.ts";
import { fieldElement } from "./path-element.ts";
import { recordRenewal } from "./record-renewal.ts";
import { repeatedItems } from "./repeated-items.ts";
import { stripMeta } from "./strip-meta.ts";
import { reconcileManagers, takeFields, type VersionedResource } from "./update-managers.ts";

/** A create, a PUT or a patch that is not an apply, about to be stored. */
export interface UpdateRecord {
  /** The resource, in the version of the request; `old` and `object` are in it too. */
  readonly kind: ServedKind;
  /** Every version of the resource, `kind` included; absent: there is no other. */
  readonly versions?: readonly ServedKind[];
  /** The names of top-level fields that the registry resets on this kind of write, e.g. `status`; absent: none. */
  readonly resetFields?: readonly string[];
  /** The stored object; undefined when this creates it. */
  readonly old: ApiObject | undefined;
  /** The object as the client wants it, before the registry sets or resets anything in its metadata. */
  readonly object: ApiObject;
  /** The field manager: the request's `fieldManager`, or the part of its User-Agent before the first `/`. */
  readonly manager: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339 in UTC with whole seconds. */
  readonly now: string;
}

/**
 * The object with `metadata.managedFields` as this write leaves it.
 *
 * The writer becomes the only owner of the fields that it changes or adds; removed fields are nobody's any more; other
 * entries stay as they are. A client may send entries of its own: valid ones replace the stored ones before that, an
 * empty list or one empty entry resets them, and anything else is ignored. An object that is updated without any entry
 * stays without: its fields would all seem to be the next writer's.
 */
export function recordUpdate(update: UpdateRecord): ApiObject {
  const renewed = recordRenewal(update);
  if (renewed !== undefined) return renewed;
  const object = withoutManagedFields(update.object);
  const managers = managersBefore(update);
  const untracked = managers.size === 0 && (update.old?.metadata.uid ?? "") !== "";
  if (untracked || [...managers.values()].some(hasUnreadableVersion)) return object;
  const resource = resourceOf(update);
  const write = { old: update.old && withoutManagedFields(update.old), object, managers };
  if (cannotConvert(resource, write)) return object;
  const writer = { manager: update.manager, subresource: update.subresource, time: update.now };
  return withManagers(object, capManagers(takeOwnership(resource, write, writer)));
}

/** The resource of a write, with what may be left out of its description. */
export function resourceOf(
  write: Pick<UpdateRecord, "kind" | "versions" | "resetFields">,
): VersionedResource {
  const reset = fieldSetOf(...(write.resetFields ?? []).map((name) => [fieldElement(name)]));
  return { kind: write.kind, versions: write.versions ?? [write.kind], reset };
}

/** A write of an object that has no managed fields in it, and the managers before it. */
export interface Write {
  readonly old: ApiObject | undefined;
  readonly object: ApiObject;
  readonly managers: Managers;
}

/** The managers after a write by an update: `writer` owns what was set, nobody owns what was removed. */
export function takeOwnership(
  resource: VersionedResource,
  write: Write,
  writer: Pick<Manager, "manager" | "subresource" | "time">,
): Managers {
  const apiVersion = apiVersionOf(resource.kind);
  const name = { ...writer, manager: writer.manager || "unknown", operation: "Update", apiVersion } as const;
  // Versions have the same fields, and both objects are in canonical form: the change is the same in all.
  const { table } = resource.kind;
  const old = write.old ?? emptyObject(resource.kind);
  const change = { old: asJson(old, table), new: asJson(write.object, table) };
  const { managers, comparison } = takeFields(resource, () => change, {
    managers: reconcileManagers(resource, write.managers),
    self: undefined,
  });
  const set = stripMeta(union(comparison.modified, comparison.added));
  if (isEmpty(set)) return managers;
  const identifier = identifierOf(name);
  const previous = managers.get(identifier)?.set ?? emptySet;
  return new Map(managers).set(identifier, { ...name, set: union(set, previous) });
}

export function withoutManagedFields(object: ApiObject): ApiObject {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** `object`, which has no managed fields, with those of the managers. */
export function withManagers(object: ApiObject, managers: Managers): ApiObject {
  const managedFields = encodeManagers(managers);
  return managedFields === undefined
    ? object
    : { ...object, metadata: { ...object.metadata, managedFields } };
}

/** Through a subresource nobody sends entries: what its body has of them is passed over. */
function managersBefore({ old, object, subresource }: UpdateRecord): Managers {
  const stored = (): Managers => decodeManagers(old?.metadata.managedFields) ?? new Map<string, Manager>();
  if (subresource !== "") return stored();
  if (isReset(object.metadata.managedFields)) return new Map();
  const sent = decodeManagers(object.metadata.managedFields);
  return sent === undefined || sent.size === 0 ? stored() : sent;
}

function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  if (entries === undefined) return false;
  const [first] = entries;
  return (
    first === undefined ||
    (entries.length === 1 && Object.values(first).every((value) => value === undefined))
  );
}

/** Nor does it keep any when it cannot find the fields of one of them. */
function cannotConvert(resource: VersionedResource, { old, object, managers }: Write): boolean {
  const objects = old === undefined ? [object] : [old, object];
  return objects.some((each) => repeatedItems(resource, each, managers) !== undefined);
}

/** With an entry whose version is not of the form of one, kube-apiserver gives up on all of them. */
function hasUnreadableVersion({ apiVersion }: Manager): boolean {
  return apiVersion.split("/").length > 2;
}
