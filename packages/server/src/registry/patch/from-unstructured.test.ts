import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, type JsonObject } from "@leasehold/api";
import { fromUnstructured } from "./from-unstructured.ts";

const { table } = leaseKind;

const misfits: readonly { readonly value: JsonObject; readonly message: string }[] = [
  { value: { spec: [] }, message: "cannot restore struct from: slice" },
  { value: { spec: "x" }, message: "cannot restore struct from: string" },
  { value: { spec: { leaseDurationSeconds: "x" } }, message: "unrecognized type: int32" },
  { value: { spec: { leaseDurationSeconds: 1.5 } }, message: "cannot convert float64 to int32" },
  { value: { spec: { holderIdentity: 1n } }, message: "cannot convert int64 to string" },
  { value: { spec: { holderIdentity: 1.5 } }, message: "unrecognized type: string" },
  { value: { spec: { holderIdentity: true } }, message: "unrecognized type: string" },
  { value: { spec: { strategy: 1n } }, message: "cannot convert int64 to v1.CoordinatedLeaseStrategy" },
  {
    value: { spec: { renewTime: "bad" } },
    message: 'parsing time "bad" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "bad" as "2006"',
  },
  {
    value: { spec: { renewTime: 5n } },
    message: "json: cannot unmarshal number into Go value of type string",
  },
  {
    value: { spec: { renewTime: [] } },
    message: "json: cannot unmarshal array into Go value of type string",
  },
  { value: { metadata: { labels: { a: 1n } } }, message: "cannot convert int64 to string" },
  { value: { metadata: { labels: [] } }, message: "cannot restore map from slice" },
  { value: { metadata: { finalizers: "x" } }, message: "cannot restore slice from string" },
  { value: { metadata: { finalizers: {} } }, message: "cannot restore slice from map" },
  { value: { metadata: { uid: 1n } }, message: "cannot convert int64 to types.UID" },
  { value: { metadata: { ownerReferences: [{ controller: "x" }] } }, message: "unrecognized type: bool" },
  { value: { metadata: { ownerReferences: ["x"] } }, message: "cannot restore struct from: string" },
];

for (const { value, message } of misfits) {
  test(`${JSON.stringify(value, numbers)} does not fit: ${message}`, () => {
    assert.deepEqual(fromUnstructured(table, value), { kind: "invalid", message });
  });
}

const conversions: readonly {
  readonly name: string;
  readonly value: JsonObject;
  readonly converted: object;
}[] = [
  {
    name: "an integer that is too large is cut off",
    value: { spec: { leaseDurationSeconds: 99_999_999_999n } },
    converted: { spec: { leaseDurationSeconds: 1_215_752_191 } },
  },
  {
    name: "a whole number is an integer",
    value: { spec: { leaseTransitions: 3 } },
    converted: { spec: { leaseTransitions: 3 } },
  },
  { name: "null is nothing", value: { metadata: { labels: null, name: null }, spec: null }, converted: {} },
  {
    name: "null in a map is the zero value",
    value: { metadata: { labels: { a: null } } },
    converted: { metadata: { labels: { a: "" } } },
  },
  {
    name: "empty maps, lists and values are absent",
    value: { metadata: { labels: {}, finalizers: [], name: "" } },
    converted: {},
  },
  {
    name: "a pointer's zero is kept",
    value: { spec: { holderIdentity: "" } },
    converted: { spec: { holderIdentity: "" } },
  },
  {
    name: "times get their one form",
    value: { spec: { renewTime: "2026-01-01T01:00:00.000000+01:00" } },
    converted: { spec: { renewTime: "2026-01-01T00:00:00.000000Z" } },
  },
];

for (const { name, value, converted } of conversions) {
  test(name, () => {
    const outcome = fromUnstructured(table, value);
    assert.deepEqual(outcome, {
      kind: "converted",
      value: { metadata: {}, spec: {}, ...converted },
      strictErrors: [],
    });
  });
}

test("unknown fields are left out and told, sorted", () => {
  const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "1" };
  const value = {
    spec: { zz: 1n, 'q"\u2028': 1n },
    metadata: { ownerReferences: [{ ...owner, x: 1n }] },
    bogus: 1n,
  };
  assert.deepEqual(fromUnstructured(table, value), {
    kind: "converted",
    value: { metadata: { ownerReferences: [owner] }, spec: {} },
    strictErrors: [
      'unknown field "bogus"',
      'unknown field "metadata.ownerReferences[0].x"',
      'unknown field "spec.q"\u2028"',
      'unknown field "spec.zz"',
    ],
  });
});

function numbers(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
