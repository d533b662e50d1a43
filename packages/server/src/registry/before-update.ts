import {
  statusErrors,
  validateObjectMeta,
  validateObjectMetaUpdate,
  type ApiObject,
  type FieldError,
  type Kind,
  type ObjectMeta,
  type Subresource,
} from "@leasehold/api";
import { refuseInvalid } from "./before-create.ts";
import { inRequestNamespace } from "./request-namespace.ts";
import { parseResourceVersion } from "./resource-version.ts";
import { resourceOf, type ObjectTarget } from "./target.ts";

/** An update of an object that is there. */
export interface Replacement {
  readonly target: ObjectTarget;
  readonly subresource: Subresource | undefined;
  readonly object: ApiObject;
  readonly old: ApiObject;
}

/** What holds for every object that is updated. Refuses with a 409 or a 422. */
export function beforeUpdate(replacement: Replacement): ApiObject {
  const { target, old, subresource } = replacement;
  const { kind } = target;
  const versioned = atStoredVersion(replacement);
  const placed = inRequestNamespace(versioned, target);
  const prepared = prepare({ ...replacement, object: placed });
  const object = { ...prepared, metadata: keptMetadata(prepared.metadata, old.metadata) };
  refuseInvalid(kind, object, [
    ...validateObjectMeta(object.metadata, { scope: kind.scope, name: "segment" }),
    ...validateObjectMetaUpdate(object.metadata, old.metadata),
    ...(subresource ?? kind.rules).validateUpdate(object, old),
  ]);
  return kind.rules.canonicalize(object);
}

function prepare({ target, subresource, object, old }: Replacement): ApiObject {
  const generation = old.metadata.generation;
  const counted = { ...object, metadata: { ...object.metadata, generation } };
  return subresource === undefined
    ? target.kind.rules.prepareForUpdate(counted, old)
    : subresource.merge(counted, old);
}

/** The optimistic lock: the object must say which version it replaces, and it must be the stored one. */
function atStoredVersion({ target, object, old }: Replacement): ApiObject {
  const { kind, name } = target;
  const parsed = parseResourceVersion(object.metadata.resourceVersion ?? "");
  const wanted = parsed.kind === "version" ? parsed.revision : 0;
  const stored = old.metadata.resourceVersion;
  if (wanted === 0 && kind.rules.unconditionalUpdate) return withVersion(object, stored);
  if (wanted === 0) throw versionRequired(kind, name);
  if (String(wanted) !== stored) throw statusErrors.modified(resourceOf(kind), name);
  return object.metadata.resourceVersion === stored ? object : withVersion(object, stored);
}

function withVersion(object: ApiObject, resourceVersion: string | undefined): ApiObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

/** kube-apiserver names the resource where the kind belongs, and so do we. */
function versionRequired(kind: Kind, name: string): Error {
  const error: FieldError = {
    type: "FieldValueInvalid",
    field: "metadata.resourceVersion",
    message: "Invalid value: 0: must be specified for an update",
  };
  return statusErrors.invalid({ group: kind.group, kind: kind.plural }, { name, errors: [error] });
}

/** What an update cannot change, or only the server may. */
function keptMetadata(metadata: ObjectMeta, old: ObjectMeta): ObjectMeta {
  return {
    ...metadata,
    uid: metadata.uid ?? old.uid,
    creationTimestamp: old.creationTimestamp ?? metadata.creationTimestamp,
    deletionTimestamp: old.deletionTimestamp ?? metadata.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds ?? old.deletionGracePeriodSeconds,
  };
}
