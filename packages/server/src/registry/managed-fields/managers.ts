import { compareText, type ManagedFieldsEntry } from "@leasehold/api";
import { fieldSetFromFields, fieldSetToFields } from "./field-set-json.ts";
import type { FieldSet } from "./field-set.ts";

/** Who owns what, by identifier: `metadata.managedFields` taken apart. */
export type Managers = ReadonlyMap<string, Manager>;

export interface Manager {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  /** The version in which the fields are named. */
  readonly apiVersion: string;
  readonly subresource: string;
  readonly set: FieldSet;
  /** When the manager last changed something; absent until it does. */
  readonly time: string | undefined;
}

/**
 * What makes an entry the same entry as another: manager, operation, subresource, and for updates the version too. An
 * applier names its fields in whatever version it last applied. Identifiers sort as kube-apiserver sorts them.
 */
export function identifierOf(
  manager: Pick<Manager, "manager" | "operation" | "apiVersion" | "subresource">,
): string {
  const { operation, apiVersion, subresource } = manager;
  return JSON.stringify({
    ...(manager.manager === "" ? {} : { manager: manager.manager }),
    operation,
    ...(operation === "Apply" || apiVersion === "" ? {} : { apiVersion }),
    ...(subresource === "" ? {} : { subresource }),
  });
}

/** Undefined when an entry is not valid: then the whole list counts for nothing. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers | undefined {
  const managers = new Map<string, Manager>();
  for (const entry of entries ?? []) {
    const manager = decodeManager(entry);
    if (manager === undefined) return undefined;
    managers.set(identifierOf(manager), manager);
  }
  return managers;
}

/** The entries in kube-apiserver's order; undefined when there are none. */
export function encodeManagers(managers: Managers): readonly ManagedFieldsEntry[] | undefined {
  return managers.size === 0 ? undefined : sortEntries([...managers.values()].map(encodeManager));
}

/** By operation, time, manager, version and subresource. */
export function sortEntries(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  return entries.length < 2 ? entries : entries.toSorted(compareEntries);
}

function decodeManager(entry: ManagedFieldsEntry): Manager | undefined {
  const { operation, apiVersion, fieldsType } = entry;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (apiVersion === undefined || apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  const set = fieldSetFromFields(entry.fieldsV1 ?? {});
  if (set === undefined) return undefined;
  return {
    manager: entry.manager ?? "",
    operation,
    apiVersion,
    subresource: entry.subresource ?? "",
    set,
    time: entry.time,
  };
}

function encodeManager(manager: Manager): ManagedFieldsEntry {
  return {
    ...(manager.manager === "" ? {} : { manager: manager.manager }),
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(manager.time === undefined ? {} : { time: manager.time }),
    fieldsType: "FieldsV1",
    fieldsV1: fieldSetToFields(manager.set),
    ...(manager.subresource === "" ? {} : { subresource: manager.subresource }),
  };
}

function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (
    compareText(a.operation ?? "", b.operation ?? "") ||
    compareText(a.time ?? unset, b.time ?? unset) ||
    compareText(a.manager ?? "", b.manager ?? "") ||
    compareText(a.apiVersion ?? "", b.apiVersion ?? "") ||
    compareText(a.subresource ?? "", b.subresource ?? "")
  );
}

/** An entry without a time counts as one of the beginning of Unix time. */
const unset = "1970-01-01T00:00:00Z";
