import { statusErrors, type ApiObject } from "@leasehold/api";
import type { CollectionTarget } from "./target.ts";

/** The object in the namespace of the request: filled in where it is missing, refused where it differs. */
export function inRequestNamespace(object: ApiObject, { kind, namespace }: CollectionTarget): ApiObject {
  const wanted = kind.scope === "namespaced" ? namespace : "";
  const stated = object.metadata.namespace ?? "";
  if (stated === wanted) return object;
  if (stated === "") return withNamespace(object, wanted);
  if (wanted === "") return withNamespace(object, undefined);
  throw statusErrors.badRequest(
    "the namespace of the provided object does not match the namespace sent on the request",
  );
}

function withNamespace(object: ApiObject, namespace: string | undefined): ApiObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}
