import { apiVersionOf, type JsonObject, type ServedKind } from "@leasehold/api";
import { asJson } from "../managed-fields/object-json.ts";
import { objectSchema, type MapSchema } from "../managed-fields/schema-type.ts";
import type { VersionedResource } from "../managed-fields/update-managers.ts";
import { typedObject } from "./typed-object.ts";

/** Thrown inside an apply and caught there: a merged object that does not fit the types of its fields. */
export class ConversionProblem extends Error {}

/** An object in the versions of its resource. They have the same fields, but a conversion gives an object its canonical form. */
export class VersionConversion {
  readonly #kinds: ReadonlyMap<string, ServedKind>;
  readonly #own: ServedKind;

  constructor({ kind, versions }: VersionedResource) {
    this.#kinds = new Map(versions.map((version) => [apiVersionOf(version), version]));
    this.#own = kind;
  }

  schema(apiVersion: string): MapSchema {
    return objectSchema((this.#kinds.get(apiVersion) ?? this.#own).table);
  }

  /** The object itself when it is in that version already. `during` begins the sentence that refuses a misfit. */
  convert(object: JsonObject, apiVersion: string, during: string): JsonObject {
    const from = typeof object.apiVersion === "string" ? object.apiVersion : apiVersionOf(this.#own);
    if (from === apiVersion) return object;
    return { ...this.#typed(object, { from, during }), apiVersion };
  }

  #typed(
    object: JsonObject,
    { from, during }: { readonly from: string; readonly during: string },
  ): JsonObject {
    const kind = this.#kinds.get(from) ?? this.#own;
    const typed = typedObject(kind, object);
    if (typed.kind === "object") return asJson(typed.object, kind.table);
    throw new ConversionProblem(`${during}: ${unconvertible(kind, typed.message)}`);
  }
}

/** What kube-apiserver says of a merged object that cannot become one of its kind. */
export function unconvertible({ group, version, kind }: ServedKind, problem: string): string {
  return `unable to convert unstructured object to ${group}/${version}, Kind=${kind}: ${problem}`;
}
