import { statusErrors, type ApiObject, type ServedKind } from "@leasehold/api";

/** The object in the namespace of the request: filled in where it is missing, refused where it differs. */
export function inRequestNamespace(object: ApiObject, { kind, namespace }: RequestPlace): ApiObject {
  const wanted = kind.scope === "namespaced" ? namespace : "";
  const stated = object.metadata.namespace ?? "";
  if (stated === wanted) return object;
  if (stated === "") return withNamespace(object, wanted);
  if (wanted === "") return withNamespace(object, undefined);
  throw statusErrors.badRequest(
    "the namespace of the provided object does not match the namespace sent on the request",
  );
}

/** Where a request wants its objects: the kind, and the namespace of the path, which is empty when it has none. */
interface RequestPlace {
  readonly kind: ServedKind;
  readonly namespace: string;
}

function withNamespace(object: ApiObject, namespace: string | undefined): ApiObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}
