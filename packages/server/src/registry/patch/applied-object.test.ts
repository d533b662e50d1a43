import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, type JsonObject, type JsonValue } from "@leasehold/api";
import { applyPatch } from "./apply.ts";

const apiVersion = "coordination.k8s.io/v1";
const pod = (uid: string, more: object = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  name: "p",
  uid,
  ...more,
});

const typed = "failed to create typed patch object (/a; coordination.k8s.io/v1, Kind=Lease): ";
const converted =
  "failed to convert new object (/a; coordination.k8s.io/v1, Kind=Lease) to proper version: unable to convert unstructured object to coordination.k8s.io/v1, Kind=Lease: ";
const named = { apiVersion, kind: "Lease", metadata: { name: "a" } };
const withMetadata = (metadata: JsonObject): JsonObject => ({
  ...named,
  metadata: { name: "a", ...metadata },
});

const refusals: readonly {
  readonly patch: JsonValue;
  readonly kind: "bad-request" | "internal";
  readonly message: string;
}[] = [
  { patch: null, kind: "bad-request", message: "invalid object type: /, Kind=" },
  { patch: {}, kind: "bad-request", message: "invalid object type: /, Kind=" },
  {
    patch: { apiVersion: "v1", kind: "Lease" },
    kind: "bad-request",
    message: "invalid object type: /v1, Kind=Lease",
  },
  {
    patch: { apiVersion: "a/b/c", kind: "Lease" },
    kind: "bad-request",
    message: "invalid object type: /, Kind=",
  },
  {
    patch: { apiVersion: 5n, kind: "Lease" },
    kind: "bad-request",
    message: "invalid object type: /, Kind=Lease",
  },
  {
    patch: { ...withMetadata({ foo: "b" }), spec: { x: 1n }, bar: 2n },
    kind: "internal",
    message: `${typed}.bar: field not declared in schema`,
  },
  {
    patch: { ...named, zone: 2n, spec: { x: 1n, holderIdentity: 5n } },
    kind: "internal",
    message: `${typed}errors:\n  .spec.holderIdentity: expected string, got &value.valueUnstructured{Value:5}\n  .spec.x: field not declared in schema\n  .zone: field not declared in schema`,
  },
  {
    patch: withMetadata({ managedFields: [] }),
    kind: "bad-request",
    message: "metadata.managedFields must be nil",
  },
  {
    patch: withMetadata({ managedFields: [{ manager: "x" }] }),
    kind: "bad-request",
    message: "metadata.managedFields must be nil",
  },
  {
    patch: withMetadata({ managedFields: "x" }),
    kind: "internal",
    message: `${typed}.metadata.managedFields: expected list, got &{x}`,
  },
  {
    patch: { ...named, spec: { bogus: 1n } },
    kind: "internal",
    message: `${typed}.spec.bogus: field not declared in schema`,
  },
  { patch: { ...named, foo: 1n }, kind: "internal", message: `${typed}.foo: field not declared in schema` },
  { patch: { ...named, spec: [1n] }, kind: "internal", message: `${typed}.spec: expected map, got &{[1]}` },
  {
    patch: { ...named, metadata: "x" },
    kind: "internal",
    message: `${typed.replace("/a", "/")}.metadata: expected map, got &{x}`,
  },
  {
    patch: { ...named, spec: { leaseDurationSeconds: "x" } },
    kind: "internal",
    message: `${typed}.spec.leaseDurationSeconds: expected numeric (int or float), got string`,
  },
  {
    patch: { ...named, spec: { leaseDurationSeconds: true } },
    kind: "internal",
    message: `${typed}.spec.leaseDurationSeconds: expected numeric (int or float), got bool`,
  },
  {
    patch: { ...named, spec: { holderIdentity: 7n } },
    kind: "internal",
    message: `${typed}.spec.holderIdentity: expected string, got &value.valueUnstructured{Value:7}`,
  },
  {
    patch: { ...named, spec: { holderIdentity: { a: [1n, "b", null, 1.5, true, 1234567.5] } } },
    kind: "internal",
    message: `${typed}.spec.holderIdentity: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":[]interface {}{1, "b", interface {}(nil), 1.5, true, 1.2345675e+06}}}`,
  },
  {
    patch: withMetadata({ creationTimestamp: [1n] }),
    kind: "internal",
    message: `${typed}.metadata.creationTimestamp: expected any scalar, got &{[1]}`,
  },
  {
    patch: withMetadata({ finalizers: "x" }),
    kind: "internal",
    message: `${typed}.metadata.finalizers: expected list, got &{x}`,
  },
  {
    patch: withMetadata({ finalizers: ["a/b", "a/b"] }),
    kind: "internal",
    message: `${typed}.metadata.finalizers: duplicate entries for key [="a/b"]`,
  },
  {
    patch: withMetadata({ finalizers: [null] }),
    kind: "internal",
    message: `${typed}.metadata.finalizers: element 0: associative list without keys has an element that's an explicit null`,
  },
  {
    patch: withMetadata({ finalizers: [{}] }),
    kind: "internal",
    message: `${typed}.metadata.finalizers: element 0: associative list without keys has an element that's a map type`,
  },
  {
    patch: withMetadata({ ownerReferences: [pod("1"), pod("1")] }),
    kind: "internal",
    message: `${typed}.metadata.ownerReferences: duplicate entries for key [uid="1"]`,
  },
  {
    patch: withMetadata({ ownerReferences: [pod("1", { controller: "yes" })] }),
    kind: "internal",
    message: `${typed}.metadata.ownerReferences[uid="1"].controller: expected boolean, got &{yes}`,
  },
  {
    patch: { ...named, spec: { renewTime: "bad" } },
    kind: "internal",
    message: `${converted}parsing time "bad" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "bad" as "2006"`,
  },
  {
    patch: { ...named, spec: { leaseDurationSeconds: 1.5 } },
    kind: "internal",
    message: `${converted}cannot convert float64 to int32`,
  },
];

for (const { patch, kind, message } of refusals) {
  test(`applying ${JSON.stringify(patch, numbers)} is refused`, () => {
    const outcome = applyPatch({
      kind: leaseKind,
      live: undefined,
      patch,
      manager: "one",
      force: false,
      now: "2026-01-01T00:00:00Z",
      subresource: "",
    });
    assert.deepEqual(outcome, { kind, message });
  });
}

function numbers(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
