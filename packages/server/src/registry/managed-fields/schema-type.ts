import type { Field, MessageTable, ScalarType } from "@leasehold/api";
import { fieldElement, type PathElement } from "./path-element.ts";

/** How a value is owned: what its parts are, and whether they have owners of their own. */
export type SchemaType = ScalarSchema | ListSchema | MapSchema | AnySchema;

export interface ScalarSchema {
  readonly kind: "scalar";
  /** `untyped` takes every scalar: times are not looked into before the merge. */
  readonly scalar: "string" | "numeric" | "boolean" | "untyped";
}

export interface ListSchema {
  readonly kind: "list";
  /** One owner for the whole list, one for each value, or one for what each item's keys name. */
  readonly relation: "atomic" | "set" | "map";
  readonly keys: readonly string[];
  readonly element: SchemaType;
}

export interface MapSchema {
  readonly kind: "map";
  readonly relation: "granular" | "atomic";
  /** The declared fields of a message; a plain map has none. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** The type of everything else; undefined where nothing else is allowed. */
  readonly element: SchemaType | undefined;
}

/** A value of any shape. */
export interface AnySchema {
  readonly kind: "any";
  /** Whether a map in it is owned key by key; lists are owned whole. */
  readonly granular: boolean;
}

export interface FieldSchema {
  readonly element: PathElement;
  readonly type: SchemaType;
  /** What a key of a list item is when the item leaves it out. */
  readonly default: unknown;
}

/** The type of whole objects of a kind: its table, with `apiVersion` and `kind`. */
export function objectSchema(table: MessageTable): MapSchema {
  const known = objectSchemas.get(table);
  if (known !== undefined) return known;
  const fields = new Map(messageSchema(table, "granular").fields);
  for (const name of ["apiVersion", "kind"]) {
    fields.set(name, { element: fieldElement(name), type: string, default: undefined });
  }
  const schema: MapSchema = { kind: "map", relation: "granular", fields, element: undefined };
  objectSchemas.set(table, schema);
  return schema;
}

/** The type of what a map or message has under `key`, undefined where it may have nothing. */
export function typeOfKey(map: MapSchema, key: string): SchemaType | undefined {
  return map.fields.get(key)?.type ?? map.element;
}

/** The type that `any` turns out to be, by the shape of the value. */
export function shapeOf(type: SchemaType, value: unknown): Exclude<SchemaType, AnySchema> {
  if (type.kind !== "any") return type;
  if (Array.isArray(value)) return anyList;
  if (typeof value === "object" && value !== null) return type.granular ? granularAnyMap : atomicAnyMap;
  return untyped;
}

const objectSchemas = new WeakMap<MessageTable, MapSchema>();

function messageSchema(table: MessageTable, relation: MapSchema["relation"]): MapSchema {
  const fields = new Map<string, FieldSchema>();
  for (const field of table.fields) {
    fields.set(field.name, {
      element: fieldElement(field.name),
      type: fieldSchema(field),
      default: field.default,
    });
  }
  return { kind: "map", relation, fields, element: undefined };
}

function fieldSchema(field: Field): SchemaType {
  const single = singleSchema(field);
  if (field.container === "map") {
    return { kind: "map", relation: field.mapType ?? "granular", fields: new Map(), element: single };
  }
  if (field.container !== "list") return single;
  const { relation, keys } = listRelation(field);
  return { kind: "list", relation, keys, element: single };
}

/** A list that says nothing is merged as strategic merge patch does it, and owned whole when that says nothing either. */
function listRelation(field: Field): Pick<ListSchema, "relation" | "keys"> {
  if (field.listType !== undefined) return { relation: field.listType, keys: field.listMapKeys ?? [] };
  if (field.patchStrategy === undefined) return { relation: "atomic", keys: [] };
  return field.patchMergeKey === undefined
    ? { relation: "set", keys: [] }
    : { relation: "map", keys: [field.patchMergeKey] };
}

function singleSchema(field: Field): SchemaType {
  if (typeof field.type === "object") {
    const [bare] = field.type.bareList === true ? field.type.fields : [];
    if (bare !== undefined) return fieldSchema(bare);
    const atomic = field.mapType === "atomic" && field.container !== "map";
    return messageSchema(field.type, atomic ? "atomic" : "granular");
  }
  return scalarSchemas[field.type];
}

const string: SchemaType = { kind: "scalar", scalar: "string" };
const numeric: SchemaType = { kind: "scalar", scalar: "numeric" };
const untyped: ScalarSchema = { kind: "scalar", scalar: "untyped" };
const anyAtomic: SchemaType = { kind: "any", granular: false };
const anyGranular: SchemaType = { kind: "any", granular: true };
const anyList: ListSchema = { kind: "list", relation: "atomic", keys: [], element: anyAtomic };
const atomicAnyMap: MapSchema = { kind: "map", relation: "atomic", fields: new Map(), element: anyAtomic };
const granularAnyMap: MapSchema = {
  kind: "map",
  relation: "granular",
  fields: new Map(),
  element: anyGranular,
};

const scalarSchemas: Readonly<Record<ScalarType, SchemaType>> = {
  string,
  bytes: string,
  bool: { kind: "scalar", scalar: "boolean" },
  int32: numeric,
  int64: numeric,
  time: untyped,
  microTime: untyped,
  fields: granularAnyMap,
  raw: anyAtomic,
};
