import {
  apiVersionOf,
  type ApiObject,
  type FieldsV1,
  type JsonValue,
  type ManagedFieldsEntry,
} from "@leasehold/api";
import { equalValues, isJsonObject, type MaybeValue } from "./json-value.ts";
import { sortEntries } from "./managers.ts";
import type { UpdateRecord } from "./record-update.ts";
import { objectSchema, type MapSchema } from "./schema-type.ts";
import { unownedMetadata } from "./strip-meta.ts";

/**
 * The short way for the write that there is most of: a holder renews its lease. Nothing comes or goes, some scalars get
 * other values, and the writer owns them already and alone. Then the sets stay as they are, and only the writer's time
 * changes; nothing need be parsed to see it.
 *
 * Undefined when the write is of any other kind. `recordUpdate` takes the long way then, and would give the same here:
 * a property test holds the two together.
 */
export function recordRenewal(update: UpdateRecord): ApiObject | undefined {
  const { old, object } = update;
  const entries = old?.metadata.managedFields;
  if (old === undefined || entries === undefined || entries.length === 0) return undefined;
  if (update.resetFields !== undefined && update.resetFields.length > 0) return undefined;
  const sent = object.metadata.managedFields;
  if (
    sent !== undefined &&
    sent !== entries &&
    update.subresource === "" &&
    !equalValues(json(sent), json(entries))
  ) {
    return undefined;
  }
  const changed = changedScalars(update, old);
  const managedFields = changed && renewedEntries(update, entries, changed);
  return managedFields && { ...object, metadata: { ...object.metadata, managedFields } };
}

/** Paths of the scalars that have another value, as keys of FieldsV1; undefined when more than that is different. */
function changedScalars({ kind, object }: UpdateRecord, old: ApiObject): Changed | undefined {
  const changed: Changed = { scalars: [], unowned: false };
  return walk({ type: objectSchema(kind.table), path: [], changed }, json(old), json(object))
    ? changed
    : undefined;
}

interface Changed {
  readonly scalars: (readonly string[])[];
  /** Whether metadata differs in fields that nobody can come to own. */
  unowned: boolean;
}

interface Level {
  readonly type: MapSchema;
  readonly path: readonly string[];
  readonly changed: Changed;
}

/** False when something comes, goes, or is no scalar. Looks at what is there and not at what could be: mostly a dozen fields. */
function walk(level: Level, old: MaybeValue, value: MaybeValue): boolean {
  if (!isJsonObject(old) || !isJsonObject(value)) return false;
  for (const name in old) {
    const before = old[name];
    const after = value[name];
    if (before !== after && before !== undefined && !visit(level, name, { before, after })) return false;
  }
  for (const name in value) {
    if (old[name] === undefined && value[name] !== undefined && !isUnowned(level, name)) return false;
  }
  return true;
}

function visit(
  level: Level,
  name: string,
  { before, after }: { before: JsonValue; after: MaybeValue },
): boolean {
  if (isUnowned(level, name)) return true;
  const field = level.type.fields.get(name);
  if (field === undefined) return equalValues(before, after);
  const { type, element } = field;
  if (type.kind === "map" && type.relation === "granular" && type.fields.size > 0) {
    return walk({ type, path: [...level.path, element.id], changed: level.changed }, before, after);
  }
  if (equalValues(before, after)) return true;
  if (type.kind !== "scalar" || after === undefined) return false;
  level.changed.scalars.push([...level.path, element.id]);
  return true;
}

/** Whether metadata has a field of this name that nobody can own; then notes that it differs. Managed fields do not count. */
function isUnowned(level: Level, name: string): boolean {
  if (level.path.length !== 1 || level.path[0] !== "f:metadata") return false;
  if (name === "managedFields") return true;
  if (!unownedNames.has(name)) return false;
  level.changed.unowned = true;
  return true;
}

/** The entries with the writer's time set; undefined unless every changed field is the writer's and nobody else's. */
function renewedEntries(
  update: UpdateRecord,
  entries: readonly ManagedFieldsEntry[],
  changed: Changed,
): readonly ManagedFieldsEntry[] | undefined {
  const apiVersion = apiVersionOf(update.kind);
  const manager = update.manager || "unknown";
  const renewed: ManagedFieldsEntry[] = [];
  let mine = false;
  for (const entry of entries) {
    if (entry.apiVersion !== apiVersion || (changed.unowned && ownsUnowned(entry))) return undefined;
    const isMine =
      entry.operation === "Update" &&
      entry.manager === manager &&
      (entry.subresource ?? "") === update.subresource;
    for (const path of changed.scalars)
      if (ownership(entry.fieldsV1, path) !== (isMine ? "owned" : "free")) return undefined;
    renewed.push(isMine && entry.time !== update.now ? { ...entry, time: update.now } : entry);
    mine ||= isMine;
  }
  if (changed.scalars.length === 0) return entries;
  return mine ? sortEntries(renewed) : undefined;
}

/** `part`: the field is there, but whether as a member takes a closer look. */
function ownership(fields: FieldsV1 | undefined, path: readonly string[]): "owned" | "free" | "part" {
  let node = fields;
  for (const id of path) {
    node = node?.[id];
    if (node === undefined) return "free";
  }
  if (node === undefined) return "free";
  for (const _ in node) return "part";
  return "owned";
}

/** Entries that a client made up may name fields that the server never lets anybody own. */
function ownsUnowned(entry: ManagedFieldsEntry): boolean {
  for (const id in entry.fieldsV1?.["f:metadata"]) if (unowned.has(id)) return true;
  return false;
}

const unownedNames: ReadonlySet<string> = new Set(unownedMetadata);
const unowned: ReadonlySet<string> = new Set(unownedMetadata.map((name) => `f:${name}`));

function json(value: object): MaybeValue {
  return value as unknown as MaybeValue;
}
