import {
  apiVersionOf,
  type ApiObject,
  type JsonObject,
  type JsonValue,
  type ServedKind,
} from "@leasehold/api";
import { fromUnstructured } from "./from-unstructured.ts";

export type TypedObject =
  | { readonly kind: "object"; readonly object: ApiObject; readonly strictErrors: readonly string[] }
  | { readonly kind: "invalid"; readonly message: string };

/** A merged value as an object of its kind, in canonical form; it need not say of which kind it is. */
export function typedObject(
  kind: ServedKind,
  { apiVersion, kind: name, ...fields }: JsonObject,
): TypedObject {
  const misfit = typeMetaMisfit(name) ?? typeMetaMisfit(apiVersion);
  if (misfit !== undefined) return { kind: "invalid", message: misfit };
  const converted = fromUnstructured(kind.table, fields);
  if (converted.kind === "invalid") return converted;
  const object = {
    metadata: {},
    ...converted.value,
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
  } as ApiObject;
  return { kind: "object", object, strictErrors: converted.strictErrors };
}

function typeMetaMisfit(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === "string") return undefined;
  return typeof value === "bigint" ? "cannot convert int64 to string" : "unrecognized type: string";
}
