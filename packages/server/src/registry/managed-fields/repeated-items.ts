import { apiVersionOf, type ApiObject } from "@leasehold/api";
import type { Managers } from "./managers.ts";
import { asJson } from "./object-json.ts";
import { objectSchema } from "./schema-type.ts";
import { printSchemaErrors, validateTyped } from "./typed-validate.ts";
import { schemaOfVersion, type VersionedResource } from "./update-managers.ts";

/**
 * Why fields that managers name in other versions cannot be found in an object: kube-apiserver converts it to those versions, and then
 * minds an item that stands twice in a list of distinct ones, as it does not otherwise. Undefined when nothing keeps it from that.
 */
export function repeatedItems(
  resource: VersionedResource,
  object: ApiObject,
  managers: Managers,
): string | undefined {
  if (![...managers.values()].some(({ apiVersion }) => isOther(resource, apiVersion))) return undefined;
  const { table } = resource.kind;
  const options = { allowDuplicates: false };
  const errors = validateTyped(objectSchema(table), asJson(object, table), options);
  return errors.length === 0 ? undefined : printSchemaErrors(errors);
}

function isOther(resource: VersionedResource, apiVersion: string): boolean {
  return apiVersion !== apiVersionOf(resource.kind) && schemaOfVersion(resource, apiVersion) !== undefined;
}
