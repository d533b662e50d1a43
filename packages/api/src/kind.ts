import type { FieldError } from "./field-error.ts";
import type { ObjectMeta } from "./meta/object-meta.ts";
import type { MessageTable } from "./schema.ts";
import type { NameRule } from "./validation/names.ts";

/** Any object of any kind, in the canonical form that `schema.ts` describes. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** What every kind has that is served at all, stored or not: enough for routes, discovery, OpenAPI and codecs. */
export interface ServedKind {
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
  /** Set when the version is on its way out: every answer carries a warning. */
  readonly deprecation?: Deprecation;
}

/**
 * A kind in one version, as data. Routes, discovery, OpenAPI, codecs, validation, managed fields and tables all come from
 * it. Nothing asks which kind it handles: a behaviour that differs by kind is a property here.
 */
export interface Kind<O extends ApiObject = ApiObject> extends ServedKind {
  readonly storage: KindStorage;
  readonly rules: KindRules<O>;
  readonly selectableFields: SelectableFields<O>;
  /** All columns of a Table, NAME included, in the order in which kubectl prints them. */
  readonly columns: readonly Column<O>[];
  readonly subresources: readonly Subresource<O>[];
  /** Top-level fields that a write to the object itself leaves as they are; managed fields do not follow them there. */
  readonly resetFields: readonly string[];
  /** Whether a deletion answers with the object as it last was, and not with a Status. */
  readonly returnsDeleted: boolean;
  /** For a kind whose objects do not go at once when they are deleted, even without finalizers in their metadata. */
  readonly phasedDeletion?: PhasedDeletion<O>;
}

/** A kind of question: created and answered at once, and never stored. The server fills in its `status`. */
export interface ReviewKind<O extends ApiObject = ApiObject> extends ServedKind {
  /**
   * What stands in the answer beside its status: the question as it was put (`whole`), nothing (`bare`), or only the time in
   * `metadata.creationTimestamp` (`dated`).
   */
  readonly answer: "whole" | "bare" | "dated";
  /** What is wrong with the question. Its 422 names the group, but neither kind nor name. */
  validate(review: O): readonly FieldError[];
}

/** When Kubernetes' version of the kind was given up, and when it goes: `v1.36` and `v1.39`. */
export interface Deprecation {
  readonly since: string;
  readonly removedIn: string;
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
  /** The version that is stored, e.g. `coordination.k8s.io/v1`. Versions that share a table differ in nothing else. */
  readonly apiVersion: string;
  /** What discovery calls `storageVersionHash`: the beginning of SHA-256 over `group/version/kind` of the stored form. */
  readonly versionHash: string;
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
  /**
   * The object with what its writer left out filled in. Every object from a client passes through it as soon as it is decoded or
   * patched, before it has a generated name.
   */
  withDefaults(object: O): O;
  /** Fields outside metadata that a create drops or sets, e.g. a status. */
  prepareForCreate(object: O): O;
  prepareForUpdate(object: O, old: O): O;
  /** What is wrong with a new object, its metadata included. */
  validate(object: O): readonly FieldError[];
  /** What is wrong with an object that replaces `old`, its metadata included. */
  validateUpdate(object: O, old: O): readonly FieldError[];
  /** The last touch to a valid object, before it is stored. */
  canonicalize(object: O): O;
}

/** The fields by which objects can be selected, and their values as text. */
export interface SelectableFields<O extends ApiObject = ApiObject> {
  readonly names: readonly string[];
  /** The sentence that refuses another field. */
  refusal(field: string): string;
  /** The value of one of the fields; empty where the object has none. */
  valueOf(object: O, field: string): string;
}

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
  /** As in the kind, for writes through this path. */
  readonly resetFields: readonly string[];
  /** Whether the object is shown as a Table too. */
  readonly hasTables: boolean;
  /** The object that is stored when `object` is written through the subresource over `old`. */
  merge(object: O, old: O): O;
  /** As in the rules, for writes through this path. */
  validateUpdate(object: O, old: O): readonly FieldError[];
}

/** `coordination.k8s.io/v1`, or `v1` in the core group. */
export function apiVersionOf(kind: Pick<ServedKind, "group" | "version">): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}
