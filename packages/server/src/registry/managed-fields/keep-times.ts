import type { ApiObject, ManagedFieldsEntry } from "@leasehold/api";
import { equalValues, type MaybeValue } from "./json-value.ts";

/**
 * The object to be stored, after the registry has set what it sets: when it differs from `old` in nothing but times of
 * managed fields, it gets the old times back, so that the write turns out to change nothing.
 */
export function keepTimesWhenUnchanged(object: ApiObject, old: ApiObject): ApiObject {
  const entries = object.metadata.managedFields ?? [];
  const before = old.metadata.managedFields ?? [];
  if (entries.length !== before.length || entries.every((entry, i) => entry.time === before[i]?.time))
    return object;
  const same = entries.every((entry, i) => equalValues(json(untimed(entry)), json(untimed(before[i]))));
  if (!same) return object;
  const restored = { ...object, metadata: { ...object.metadata, managedFields: before } };
  return equalValues(json(restored), json(old)) ? restored : object;
}

function untimed(entry: ManagedFieldsEntry | undefined): ManagedFieldsEntry {
  return { ...entry, time: undefined };
}

function json(value: object): MaybeValue {
  return value as unknown as MaybeValue;
}
