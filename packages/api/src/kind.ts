import type { FieldError } from "./field-error.ts";
import type { ObjectMeta } from "./meta/object-meta.ts";
import type { MessageTable } from "./schema.ts";

/** Any object of any kind, in the canonical form that `schema.ts` describes. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/**
 * A kind in one version, as data. Routes, discovery, OpenAPI, codecs, validation, managed fields and tables all come from
 * it. Nothing asks which kind it handles: a behaviour that differs by kind is a property here.
 */
export interface Kind<O extends ApiObject = ApiObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly scope: "namespaced" | "cluster";
  readonly verbs: readonly Verb[];
  readonly table: MessageTable;
  readonly storage: KindStorage;
  readonly rules: KindRules<O>;
  /** The columns of a Table, after NAME and before none: kubectl prints them in this order. */
  readonly columns: readonly Column<O>[];
  readonly subresources: readonly Subresource<O>[];
  /** For a kind whose objects do not go at once when they are deleted, even without finalizers in their metadata. */
  readonly phasedDeletion?: PhasedDeletion<O>;
}

/** Deletion in two phases: the first request marks the object, and one that finds its content gone removes it. */
export interface PhasedDeletion<O extends ApiObject = ApiObject> {
  /** Names that may not be deleted at all. */
  readonly protectedNames: readonly string[];
  /** The object as the first request leaves it, beyond its deletionTimestamp. */
  begin(object: O): O;
  /** Whether nothing holds the object any more. */
  isEmptied(object: O): boolean;
}

export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

/** Where and as what the objects are kept: kube-apiserver's own keys and versions, so that an etcd may be shared. */
export interface KindStorage {
  /** The part of the key after `/registry/`, e.g. `leases`. Versions of one resource share it. */
  readonly prefix: string;
  /** The version that is stored, e.g. `coordination.k8s.io/v1`. */
  readonly apiVersion: string;
}

/**
 * What a kind allows, requires and sets, beyond what holds for every object. The functions are methods, so that a
 * kind written for its own type of object stands in a list of kinds.
 */
export interface KindRules<O extends ApiObject = ApiObject> {
  readonly name: NameRule;
  /** PUT and apply of an absent name create it. */
  readonly createOnUpdate: boolean;
  /** PUT without a resourceVersion replaces whatever is there. */
  readonly unconditionalUpdate: boolean;
  /** Fields outside metadata that a create drops or sets, e.g. a status. */
  prepareForCreate(object: O): O;
  prepareForUpdate(object: O, old: O): O;
  validate(object: O): readonly FieldError[];
  validateUpdate(object: O, old: O): readonly FieldError[];
}

/** The form that `metadata.name` must have: a label, a subdomain, or anything that fits one path segment. */
export type NameRule = "label" | "subdomain" | "segment";

export interface Column<O extends ApiObject = ApiObject> {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean" | "date";
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority: number;
  /** The cell's value. `age` turns a time into kubectl's form ("5m"), against the server's clock. */
  cell(object: O, age: (time: string | undefined) => string): string | number | boolean;
}

/** A path below an object that reads or replaces a part of it. */
export interface Subresource<O extends ApiObject = ApiObject> {
  readonly name: string;
  readonly verbs: readonly Verb[];
  /** The object that is stored when `object` is written through the subresource over `old`. */
  merge(object: O, old: O): O;
}

/** `coordination.k8s.io/v1`, or `v1` in the core group. */
export function apiVersionOf(kind: Pick<Kind, "group" | "version">): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}
