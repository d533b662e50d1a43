import type { JsonObject, JsonValue } from "@leasehold/api";
import {
  difference,
  emptySet,
  intersection,
  isEmpty,
  union,
  type FieldSet,
} from "../managed-fields/field-set.ts";
import { isJsonObject } from "../managed-fields/json-value.ts";
import type { Manager, Managers } from "../managed-fields/managers.ts";
import { withNamedFields } from "../managed-fields/named-fields.ts";
import { removeItems } from "../managed-fields/remove-items.ts";
import type { SchemaType } from "../managed-fields/schema-type.ts";
import { toFieldSet } from "../managed-fields/to-field-set.ts";
import type { VersionConversion } from "./version-conversion.ts";

export interface Owners {
  /** The applier before this apply. */
  readonly last: Manager | undefined;
  /** Everybody now, the applier with its new set included. */
  readonly managers: Managers;
}

/**
 * Removes what the applier owned and gives up, unless somebody owns it: first all that it owned, then what somebody
 * owns is put back, then what went along though the applier never owned it (a field inside a message that it owned).
 *
 * Fields are named in versions, and so the object is converted to that in which the applier named its own, and to those
 * of the others. A conversion fills in fields that are always there: they then count as kept, and keep their value.
 */
export function prune(
  merged: JsonObject,
  { last, managers }: Owners,
  versions: VersionConversion,
): JsonObject {
  if (last === undefined || isEmpty(last.set) || typeof merged.apiVersion !== "string") return merged;
  const version = last.apiVersion;
  const schema = versions.schema(version);
  const whole = versions.convert(
    merged,
    version,
    `${pruning}: failed to convert merged object to last applied version`,
  );
  const given = withNamedFields(schema, last.set);
  let objects: Pruned = { whole, pruned: objectOf(removeItems(schema, whole, given)) };
  for (const [owners, set] of setsByVersion(managers, version)) {
    objects = putBack(objects, { version: owners, set }, versions);
  }
  const dangling = `${pruning}: failed add back dangling items: failed to convert pruned object to last applied version`;
  const kept = fieldsOf(schema, versions.convert(objects.pruned, version, dangling));
  const gone = intersection(difference(fieldsOf(schema, whole), kept), given);
  return versions.convert(objectOf(removeItems(schema, whole, gone)), merged.apiVersion, pruning);
}

const pruning = "failed to prune fields";

interface Pruned {
  readonly whole: JsonObject;
  readonly pruned: JsonObject;
}

/** The pruned object with what is owned in one version put back; both objects are in that version afterwards. */
function putBack(
  { whole, pruned }: Pruned,
  { version, set }: { readonly version: string; readonly set: FieldSet },
  versions: VersionConversion,
): Pruned {
  const schema = versions.schema(version);
  const during = (what: string): string =>
    `${pruning}: failed add back owned items: failed to convert ${what} object at version ${version}`;
  const converted = versions.convert(whole, version, during("merged"));
  const left = fieldsOf(schema, versions.convert(pruned, version, during("pruned")));
  const gone = difference(fieldsOf(schema, converted), union(left, withNamedFields(schema, set)));
  return { whole: converted, pruned: objectOf(removeItems(schema, converted, gone)) };
}

/** What is owned, version by version, beginning with `first`. */
function setsByVersion(managers: Managers, first: string): ReadonlyMap<string, FieldSet> {
  const sets = new Map([[first, emptySet]]);
  for (const { apiVersion, set } of managers.values()) {
    sets.set(apiVersion, union(sets.get(apiVersion) ?? emptySet, set));
  }
  return sets;
}

function fieldsOf(schema: SchemaType, object: JsonObject): FieldSet {
  return withNamedFields(schema, toFieldSet(schema, object));
}

function objectOf(value: JsonValue): JsonObject {
  return isJsonObject(value) ? value : {};
}
