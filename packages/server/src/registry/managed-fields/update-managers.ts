import { apiVersionOf, type JsonObject, type ServedKind } from "@leasehold/api";
import { compare, type Comparison } from "./compare.ts";
import {
  difference,
  emptySet,
  intersection,
  isEmpty,
  recursiveDifference,
  union,
  type FieldSet,
} from "./field-set.ts";
import type { Manager, Managers } from "./managers.ts";
import { reconcileWithSchema } from "./reconcile.ts";
import { objectSchema, type MapSchema } from "./schema-type.ts";

/** A resource as its writers see it: the version they write in, and the others in which entries may name fields. */
export interface VersionedResource {
  readonly kind: ServedKind;
  /** Every version of the resource, `kind` included. */
  readonly versions: readonly ServedKind[];
  /** Fields that the registry resets on this kind of write, so that writing them makes nobody their owner. */
  readonly reset: FieldSet;
}

/**
 * The managers whose versions the resource still has, with their sets in line with the type as it is now. Entries in
 * other versions are gone: nobody can tell what their fields are.
 */
export function reconcileManagers(resource: VersionedResource, managers: Managers): Managers {
  const out = new Map<string, Manager>();
  for (const [identifier, manager] of managers) {
    const schema = schemaOfVersion(resource, manager.apiVersion);
    if (schema === undefined) continue;
    const set = reconcileWithSchema(schema, manager.set);
    out.set(identifier, set === manager.set ? manager : { ...manager, set });
  }
  return out;
}

export interface ObjectChange {
  readonly old: JsonObject;
  readonly new: JsonObject;
}

export interface TakenFields {
  /** The managers without what the change took from them. */
  readonly managers: Managers;
  /** What the change took from whom, by identifier: a removed field is nobody's any more, and no conflict. */
  readonly conflicts: ReadonlyMap<string, FieldSet>;
  readonly comparison: Comparison;
}

/**
 * Takes the fields that a change sets or removes from every manager but `self`, where the writer is one already.
 * `changeIn` gives the change in the version in which a manager names its fields.
 */
export function takeFields(
  resource: VersionedResource,
  changeIn: (apiVersion: string) => ObjectChange,
  { managers, self }: { readonly managers: Managers; readonly self: string | undefined },
): TakenFields {
  const ownVersion = apiVersionOf(resource.kind);
  const comparisons = new Map([[ownVersion, compareIn(resource, ownVersion, changeIn)]]);
  const out = new Map<string, Manager>();
  const conflicts = new Map<string, FieldSet>();
  for (const [identifier, manager] of managers) {
    if (identifier === self) {
      if (!isEmpty(manager.set)) out.set(identifier, manager);
      continue;
    }
    const { apiVersion } = manager;
    const comparison = comparisons.get(apiVersion) ?? compareIn(resource, apiVersion, changeIn);
    comparisons.set(apiVersion, comparison);
    const conflict = intersection(manager.set, union(comparison.modified, comparison.added));
    if (!isEmpty(conflict)) conflicts.set(identifier, conflict);
    const set = difference(difference(manager.set, conflict), comparison.removed);
    if (!isEmpty(set)) out.set(identifier, { ...manager, set });
  }
  return { managers: out, conflicts, comparison: comparisons.get(ownVersion) ?? nothing };
}

/** The type of the objects in a version; undefined when the resource does not have that version. */
export function schemaOfVersion(resource: VersionedResource, apiVersion: string): MapSchema | undefined {
  const kind = resource.versions.find((candidate) => apiVersionOf(candidate) === apiVersion);
  return kind === undefined ? undefined : objectSchema(kind.table);
}

const nothing: Comparison = { removed: emptySet, modified: emptySet, added: emptySet };

function compareIn(
  resource: VersionedResource,
  apiVersion: string,
  changeIn: (apiVersion: string) => ObjectChange,
): Comparison {
  const comparison = compare(
    schemaOfVersion(resource, apiVersion) ?? objectSchema(resource.kind.table),
    changeIn(apiVersion),
  );
  if (isEmpty(resource.reset)) return comparison;
  return {
    removed: recursiveDifference(comparison.removed, resource.reset),
    modified: recursiveDifference(comparison.modified, resource.reset),
    added: recursiveDifference(comparison.added, resource.reset),
  };
}
