import { apiVersionOf, type ApiObject, type JsonObject, type ServedKind } from "@leasehold/api";

export type TypedObject =
  | { readonly kind: "object"; readonly object: ApiObject; readonly strictErrors: readonly string[] }
  | { readonly kind: "invalid"; readonly message: string };

/** A merged value as an object of its kind, in canonical form. */
export function typedObject(kind: ServedKind, value: JsonObject): TypedObject {
  return { kind: "object", object: { ...value, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: value.metadata ?? {} } as ApiObject, strictErrors: [] };
}
