import { apiVersionOf, type JsonObject, type JsonValue, type ServedKind } from "@leasehold/api";
import { isJsonObject } from "../managed-fields/json-value.ts";
import { isJsonList } from "../managed-fields/go-text.ts";
import { objectSchema } from "../managed-fields/schema-type.ts";
import { printSchemaErrors, validateTyped } from "../managed-fields/typed-validate.ts";

export type AppliedCheck =
  | { readonly kind: "fits"; readonly object: JsonObject }
  | { readonly kind: "bad-request"; readonly message: string }
  | { readonly kind: "internal"; readonly message: string };

/** Whether a decoded body can be applied to objects of a kind: it names the kind, and every field of it is declared. */
export function checkApplied(kind: ServedKind, body: unknown): AppliedCheck {
  const value = body as JsonValue;
  const object = isJsonObject(value) ? value : {};
  const given = describeType(object);
  if (given !== `${groupVersion(apiVersionOf(kind))}, Kind=${kind.kind}`) {
    return { kind: "bad-request", message: `invalid object type: ${given}` };
  }
  if (hasManagedFields(object)) return { kind: "bad-request", message: "metadata.managedFields must be nil" };
  const errors = validateTyped(objectSchema(kind.table), object, { allowDuplicates: false });
  if (errors.length === 0) return { kind: "fits", object };
  const message = `failed to create typed patch object (${describeObject(object)}): ${printSchemaErrors(errors)}`;
  return { kind: "internal", message };
}

/** `namespace/name; group/version, Kind=Kind`, each as the object itself says. */
export function describeObject(object: JsonObject): string {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  return `${text(metadata.namespace)}/${text(metadata.name)}; ${describeType(object)}`;
}

/** `group/version, Kind=Kind`; nothing of it where the apiVersion has two slashes or more. */
export function describeType(object: JsonObject): string {
  const version = groupVersion(text(object.apiVersion));
  return version === undefined ? "/, Kind=" : `${version}, Kind=${text(object.kind)}`;
}

function groupVersion(apiVersion: string): string | undefined {
  const parts = apiVersion.split("/");
  if (parts.length > 2) return undefined;
  return parts.length === 2 ? apiVersion : `/${apiVersion}`;
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A list whose items are objects, an empty one too; what is anything else does not fit the schema and is told so. */
function hasManagedFields(object: JsonObject): boolean {
  const entries = isJsonObject(object.metadata) ? object.metadata.managedFields : undefined;
  return isJsonList(entries) && entries.every(isJsonObject);
}
