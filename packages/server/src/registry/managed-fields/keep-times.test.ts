import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiObject, ManagedFieldsEntry } from "@leasehold/api";
import { keepTimesWhenUnchanged } from "./keep-times.ts";

const entry = (manager: string, time: string | undefined): ManagedFieldsEntry => ({
  manager,
  operation: "Apply",
  apiVersion: "v1",
  ...(time === undefined ? {} : { time }),
  fieldsType: "FieldsV1",
  fieldsV1: { "f:spec": {} },
});
const object = (managedFields: readonly ManagedFieldsEntry[], spec: object = {}): ApiObject => ({
  apiVersion: "v1",
  kind: "K",
  metadata: { name: "a", managedFields },
  spec,
});
const early = "2026-01-01T00:00:00Z";
const late = "2026-01-01T00:01:00Z";

const cases: readonly {
  readonly name: string;
  readonly object: ApiObject;
  readonly old: ApiObject;
  readonly kept: boolean;
}[] = [
  {
    name: "nothing but a time differs",
    object: object([entry("a", late)]),
    old: object([entry("a", early)]),
    kept: true,
  },
  {
    name: "a time appears",
    object: object([entry("a", late)]),
    old: object([entry("a", undefined)]),
    kept: true,
  },
  {
    name: "the object differs too",
    object: object([entry("a", late)], { b: 1 }),
    old: object([entry("a", early)]),
    kept: false,
  },
  {
    name: "an entry was added",
    object: object([entry("a", late), entry("b", late)]),
    old: object([entry("a", early)]),
    kept: false,
  },
  {
    name: "an entry has another manager",
    object: object([entry("b", late)]),
    old: object([entry("a", early)]),
    kept: false,
  },
];

for (const { name, object, old, kept } of cases) {
  test(`the old times are ${kept ? "kept" : "not kept"} when ${name}`, () => {
    const result = keepTimesWhenUnchanged(object, old);
    assert.deepEqual(result, kept ? old : object);
  });
}
