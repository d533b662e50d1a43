import type { Expected } from "../wire/answer.ts";
import { anUid, aRevision, aTime, isObject, Matcher } from "../wire/match.ts";

type Members = Readonly<Record<string, unknown>>;

const apiVersion = "coordination.k8s.io/v1";

/** A Lease to send. */
export function lease(name: string, spec?: Members, metadata: Members = {}): Members {
  return { apiVersion, kind: "Lease", metadata: { name, ...metadata }, ...(spec !== undefined && { spec }) };
}

/** A Lease as the server tells it. */
export function storedLease(name: string, spec: Members = {}, metadata: Members = {}): Members {
  return { apiVersion, kind: "Lease", metadata: storedMetadata(name, metadata), spec };
}

/** What the server adds to the metadata of every object; the managers of its fields are compared where `metadata` tells them. */
export function storedMetadata(name: string | Matcher, metadata: Members = {}): Members {
  return {
    name,
    namespace: "{ns}",
    uid: anUid,
    resourceVersion: aRevision,
    creationTimestamp: aTime,
    managedFields: someManagers,
    ...metadata,
  };
}

/** A list as it is answered, without a word on pages; items stand without apiVersion and kind in no list of ours. */
export function leaseList(items: readonly unknown[], metadata: Members = {}): Members {
  return {
    apiVersion,
    kind: "LeaseList",
    metadata: { resourceVersion: aRevision, ...metadata },
    // In a list, an object does not say again what it is.
    items: items.map((item) => withoutKind(item)),
  };
}

function withoutKind(item: unknown): unknown {
  if (!isObject(item)) return item;
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = item;
  return rest;
}

/** Who owns which fields: `updated("curl", { "f:spec": {} })` is one manager of an object. */
export function updated(manager: string, fieldsV1: object, more: Members = {}): Members {
  return managed("Update", { manager, fieldsV1, ...more });
}

export function applied(manager: string, fieldsV1: object, more: Members = {}): Members {
  return managed("Apply", { manager, fieldsV1, ...more });
}

function managed(operation: string, members: Members): Members {
  return { operation, apiVersion, time: aTime, fieldsType: "FieldsV1", ...members };
}

/** An object without fields to own has no managers. */
const someManagers = new Matcher("managers of fields", (value) => {
  if (value === undefined) return true;
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => isObject(one) && isObject(one["fieldsV1"]))
  );
});

export function ok(body?: unknown, more: Omit<Expected, "status" | "body"> = {}): Expected {
  return { status: 200, ...(body !== undefined && { body }), ...more };
}

export function created(body?: unknown, more: Omit<Expected, "status" | "body"> = {}): Expected {
  return { status: 201, ...(body !== undefined && { body }), ...more };
}
