/**
 * Field tables: what an API type is made of.
 *
 * A table is the single description of a type. The JSON, YAML and protobuf codecs, field validation, managed-field
 * sets, patches, OpenAPI and the TypeScript types all read it, so that a field is written down once.
 *
 * Values in memory have the shape of their JSON and one canonical form: a field that is absent is `undefined` (never
 * `null`); a field of presence "value" that holds its zero (`""`, `0`, `false`, an empty list or map) is absent; times are
 * strings as the wire writes them, in UTC.
 */

/** A type with fields. */
export interface MessageTable {
  /** The name of the type in Kubernetes' sources, e.g. `LeaseSpec`: decoding errors quote it. */
  readonly name: string;
  /** Where the type lives, e.g. `io.k8s.api.coordination.v1`: with the name it is the key of its OpenAPI schema. */
  readonly package: string;
  readonly description: string;
  readonly fields: readonly Field[];
  /**
   * The type is a name for a list: its only field is `items`, and in JSON, as in memory, it is that list alone. Protobuf has no
   * map of lists, so there it is a message (authentication's ExtraValue).
   */
  readonly bareList?: true;
}

/** What a value may be. `raw` is any JSON object (a RawExtension), `fields` a FieldsV1 set. */
export type ScalarType =
  | "string"
  | "bool"
  | "int32"
  | "int64"
  | "bytes"
  | "time"
  | "microTime"
  | "fields"
  | "raw";

/**
 * How absence is told from the zero value.
 * - `pointer`: may be absent, and its zero is a value like any other.
 * - `value`: the zero means absent in JSON, and is always written in protobuf.
 * - `always`: the zero is written in JSON too. That of a list, map or time is `null`, and in memory it is absent.
 */
export type Presence = "pointer" | "value" | "always";

export interface Field {
  readonly name: string;
  /** The field's number in protobuf. */
  readonly number: number;
  readonly type: ScalarType | MessageTable;
  /** One value (the default), a list, or a map from strings. */
  readonly container?: "list" | "map";
  readonly presence: Presence;
  readonly description: string;
  /** What a decoding error calls the type where it is not the plain one, e.g. `types.UID`. */
  readonly errorType?: string;
  /** What OpenAPI says of the field beside its type. */
  readonly required?: true;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly default?: unknown;
  /** An empty list that a body sends is kept as one: to the field's reader it says something else than no list. */
  readonly keepsEmpty?: true;
  /** How apply merges a list: by replacing it, as a set of scalars, or by the keys of its items. Default atomic. */
  readonly listType?: "atomic" | "set" | "map";
  readonly listMapKeys?: readonly string[];
  /** How apply merges a map or message: key by key (the default) or as one value. */
  readonly mapType?: "granular" | "atomic";
  /** How strategic merge patch treats a list: absent means replace. `mergeKey` only for lists of messages. */
  readonly patchStrategy?: "merge";
  readonly patchMergeKey?: string;
}

/** Declares a table and keeps its literal types, from which `ValueOf` reads the TypeScript type. */
export function message<const M extends MessageTable>(table: M): M {
  return table;
}

/** The TypeScript type of the values that a table describes. */
export type ValueOf<M extends MessageTable> = {
  readonly [F in M["fields"][number] as IsThere<F> extends true ? F["name"] : never]: FieldValue<F>;
} & {
  readonly [F in M["fields"][number] as IsThere<F> extends true ? never : F["name"]]?:
    | FieldValue<F>
    | undefined;
};

/** Whether a field has a zero that can be written down: lists, maps and times have none. */
type IsThere<F extends Field> = F["presence"] extends "always"
  ? F["container"] extends "list" | "map"
    ? false
    : F["type"] extends "time" | "microTime"
      ? false
      : true
  : false;

type FieldValue<F extends Field> = F["container"] extends "list"
  ? readonly SingleValue<F["type"]>[]
  : F["container"] extends "map"
    ? Readonly<Record<string, SingleValue<F["type"]>>>
    : SingleValue<F["type"]>;

type SingleValue<T> = T extends MessageTable
  ? T["bareList"] extends true
    ? FieldValue<T["fields"][number]>
    : ValueOf<T>
  : T extends keyof ScalarValues
    ? ScalarValues[T]
    : never;

interface ScalarValues {
  readonly string: string;
  readonly bool: boolean;
  readonly int32: number;
  /** A bigint only where the number would not be exact. */
  readonly int64: number | bigint;
  /** Base64, as in JSON. */
  readonly bytes: string;
  /** RFC 3339 in UTC with whole seconds: `2006-01-02T15:04:05Z`. */
  readonly time: string;
  /** RFC 3339 in UTC with six digits: `2006-01-02T15:04:05.000000Z`. */
  readonly microTime: string;
  readonly fields: FieldsV1;
  readonly raw: JsonObject;
}

/** A set of fields as kube-apiserver writes it: `f:name`, `k:{…}`, `v:…`, `i:…` and `.` as keys. */
export interface FieldsV1 {
  readonly [key: string]: FieldsV1;
}

export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
