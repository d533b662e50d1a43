import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject, JsonValue, MessageTable } from "@leasehold/api";
import { applyStrategicMergePatch } from "./strategic.ts";

const port: MessageTable = {
  name: "Port",
  package: "test",
  description: "",
  fields: [
    { name: "name", number: 1, type: "string", presence: "value", description: "" },
    { name: "number", number: 2, type: "int32", presence: "value", description: "" },
  ],
};

const spec: MessageTable = {
  name: "Spec",
  package: "test",
  description: "",
  fields: [
    { name: "text", number: 1, type: "string", presence: "value", description: "" },
    { name: "labels", number: 2, type: "string", container: "map", presence: "value", description: "" },
    {
      name: "set",
      number: 3,
      type: "string",
      container: "list",
      presence: "value",
      patchStrategy: "merge",
      description: "",
    },
    { name: "list", number: 4, type: "string", container: "list", presence: "value", description: "" },
    {
      name: "ports",
      number: 5,
      type: port,
      container: "list",
      presence: "value",
      patchStrategy: "merge",
      patchMergeKey: "name",
      description: "",
    },
    { name: "plain", number: 6, type: port, container: "list", presence: "value", description: "" },
    { name: "pointer", number: 7, type: "string", presence: "pointer", description: "" },
  ],
};

const table: MessageTable = {
  name: "Thing",
  package: "test",
  description: "",
  fields: [{ name: "spec", number: 1, type: spec, presence: "always", description: "" }],
};

interface MergeCase {
  readonly name: string;
  readonly old: JsonObject;
  readonly patch: JsonObject;
  readonly merged: JsonObject;
}

const a = { name: "a", number: 1 };
const b = { name: "b", number: 2 };
const c = { name: "c", number: 3 };

const merges: readonly MergeCase[] = [
  {
    name: "sets, adds and removes members",
    old: { text: "x", labels: { a: "1", b: "2" } },
    patch: { text: "y", labels: { a: null, c: "3" } },
    merged: { text: "y", labels: { b: "2", c: "3" } },
  },
  {
    name: "leaves nulls out of what it adds",
    old: {},
    patch: { labels: { a: null, b: "1" }, text: null },
    merged: { labels: { b: "1" } },
  },
  {
    name: "replaces what has another shape",
    old: { text: "x" },
    patch: { text: { a: 1n, b: null } },
    merged: { text: { a: 1n } },
  },
  {
    name: "replaces a list that has no strategy",
    old: { list: ["a"], plain: [a] },
    patch: { list: ["b"], plain: [b] },
    merged: { list: ["b"], plain: [b] },
  },
  {
    name: "adds to a set, before the items that stood behind",
    old: { set: ["a", "b"] },
    patch: { set: ["c", "b"] },
    merged: { set: ["c", "a", "b"] },
  },
  {
    name: "leaves a set alone when it adds nothing",
    old: { set: ["a"] },
    patch: { set: [] },
    merged: { set: ["a"] },
  },
  {
    name: "deletes from a set",
    old: { set: ["a", "b"] },
    patch: { "$deleteFromPrimitiveList/set": ["a", "x"] },
    merged: { set: ["b"] },
  },
  {
    name: "deletes from a set that is not there",
    old: {},
    patch: { "$deleteFromPrimitiveList/set": ["a"] },
    merged: {},
  },
  {
    name: "merges the maps that are to be deleted from a list of maps",
    old: { ports: [{ name: "a", number: 1 }, { name: "b" }] },
    patch: { "$deleteFromPrimitiveList/ports": [{ name: "a", number: 2 }] },
    merged: { ports: [{ name: "a", number: 2 }, { name: "b" }] },
  },
  {
    name: "orders what might be a list",
    old: {},
    patch: { "$setElementOrder/pointer": ["a"] },
    merged: {},
  },
  {
    name: "orders a set",
    old: { set: ["a", "b", "c"] },
    patch: { "$setElementOrder/set": ["c", "a"] },
    merged: { set: ["b", "c", "a"] },
  },
  {
    name: "merges a list by its key",
    old: { ports: [a, b] },
    patch: { ports: [{ name: "b", number: 9n }] },
    merged: { ports: [a, { name: "b", number: 9n }] },
  },
  {
    name: "puts new items before the old",
    old: { ports: [a] },
    patch: { ports: [b] },
    merged: { ports: [b, a] },
  },
  {
    name: "deletes an item by its key",
    old: { ports: [a, b] },
    patch: { ports: [{ name: "a", $patch: "delete" }] },
    merged: { ports: [b] },
  },
  {
    name: "replaces a whole list where an item says so",
    old: { ports: [a, b] },
    patch: { ports: [c, { $patch: "replace" }] },
    merged: { ports: [c] },
  },
  {
    name: "orders a list by its keys",
    old: { ports: [a, b, c] },
    patch: { "$setElementOrder/ports": [{ name: "c" }, { name: "a" }] },
    merged: { ports: [b, c, a] },
  },
  {
    name: "orders what it merges",
    old: { ports: [a, b] },
    patch: { ports: [c], "$setElementOrder/ports": [{ name: "b" }, { name: "c" }, { name: "a" }] },
    merged: { ports: [b, c, a] },
  },
  {
    name: "orders a list that it adds",
    old: {},
    patch: { ports: [a, b], "$setElementOrder/ports": [{ name: "a" }, { name: "b" }] },
    merged: { ports: [a, b] },
  },
  {
    name: "replaces a map where it says so",
    old: { labels: { a: "1" } },
    patch: { labels: { $patch: "replace", b: "2" } },
    merged: { labels: { b: "2" } },
  },
  {
    name: "empties a map where it says so",
    old: { labels: { a: "1" } },
    patch: { labels: { $patch: "delete" } },
    merged: { labels: {} },
  },
  {
    name: "adds no map with a directive",
    old: {},
    patch: { labels: { $patch: "replace", b: "2" } },
    merged: {},
  },
  {
    name: "keeps the keys that it lists",
    old: { text: "x", list: ["a"] },
    patch: { $retainKeys: ["text", "labels"], labels: { a: "1" } },
    merged: { text: "x", labels: { a: "1" } },
  },
];

for (const { name, old, patch, merged } of merges) {
  test(`a strategic merge patch ${name}`, () => {
    const outcome = applyStrategicMergePatch(table, {
      original: structuredClone({ spec: old }),
      patch: structuredClone({ spec: patch }),
    });
    assert.deepEqual(outcome, { kind: "patched", value: { spec: merged } });
  });
}

const refusals: readonly {
  readonly name: string;
  readonly old: JsonObject;
  readonly patch: JsonValue;
  readonly refusal: object;
}[] = [
  {
    name: "an item without the key",
    old: { ports: [a] },
    patch: { ports: [{ number: 1n }] },
    refusal: internal("map: map[number:1] does not contain declared merge key: name"),
  },
  {
    name: "a deletion without the key",
    old: { ports: [a] },
    patch: { ports: [{ $patch: "delete" }] },
    refusal: internal("map: map[$patch:delete] does not contain declared merge key: name"),
  },
  {
    name: "a directive that is none",
    old: {},
    patch: { $patch: "bogus" },
    refusal: internal("unknown patch type: bogus in map: map[$patch:bogus]"),
  },
  {
    name: "a directive that is no text",
    old: {},
    patch: { $patch: 5n },
    refusal: internal("unknown patch type: %!s(int64=5) in map: map[$patch:5]"),
  },
  {
    name: "a directive for a list that cannot be one",
    old: { ports: [a] },
    patch: { ports: [{ $patch: "merge" }] },
    refusal: internal("merging lists cannot yet be specified in the patch"),
  },
  {
    name: "items of two types",
    old: { set: ["a"] },
    patch: { set: [1n] },
    refusal: internal("list element types are not identical: [[a] [1]]"),
  },
  {
    name: "a list of lists",
    old: { set: [] },
    patch: { set: [["a"]] },
    refusal: { kind: "unprocessable", reason: "lists of lists are not supported" },
  },
  {
    name: "an order that is no list",
    old: { set: ["a"] },
    patch: { "$setElementOrder/set": "a" },
    refusal: internal("expected a []interface {}, but received a string"),
  },
  {
    name: "an order of what is no list",
    old: { text: "a" },
    patch: { "$setElementOrder/text": ["a"] },
    refusal: internal("expected a []interface {}, but received a string"),
  },
  {
    name: "an order of what is absent and no list",
    old: {},
    patch: { "$setElementOrder/text": ["a"] },
    refusal: internal("expected slice or array type, but got: struct"),
  },
  {
    name: "an order of maps without their key",
    old: { ports: [{ name: "a" }] },
    patch: { "$setElementOrder/ports": [{ number: 5n }] },
    refusal: internal("map: map[number:5] does not contain declared merge key: name"),
  },
  {
    name: "maps that are to be deleted from a list of maps without a key",
    old: { plain: [{ name: "a" }] },
    patch: { "$deleteFromPrimitiveList/plain": [{ name: "a" }] },
    refusal: internal("cannot merge lists without merge key for struct"),
  },
  {
    name: "an order of a field that is not there",
    old: {},
    patch: { "$setElementOrder/foo": ["a"] },
    refusal: internal('unable to find api field in struct Spec for the json field "foo"'),
  },
  {
    name: "an order of nothing",
    old: {},
    patch: { set: [], "$setElementOrder/set": ["a"] },
    refusal: internal("no elements in any of the given slices"),
  },
  {
    name: "an order that lacks an item",
    old: {},
    patch: { set: ["a", "b"], "$setElementOrder/set": ["b"] },
    refusal: internal("The order in patch list:\n[a b]\n doesn't match $setElementOrder list:\n[b]\n"),
  },
  {
    name: "an order without a name",
    old: {},
    patch: { $setElementOrder: ["a"] },
    refusal: { kind: "bad-request", message: "invalid patch format of setElementOrder list" },
  },
  {
    name: "a deletion without a name",
    old: {},
    patch: { $deleteFromPrimitiveList: ["a"] },
    refusal: { kind: "bad-request", message: "invalid patch format of primitive list" },
  },
  {
    name: "kept keys that are no list",
    old: {},
    patch: { $retainKeys: "a" },
    refusal: { kind: "bad-request", message: "invalid patch format of retainKeys" },
  },
  {
    name: "a key that is set and not kept",
    old: {},
    patch: { $retainKeys: ["list"], text: "x" },
    refusal: { kind: "bad-request", message: "invalid patch format of retainKeys" },
  },
];

for (const { name, old, patch, refusal } of refusals) {
  test(`a strategic merge patch is refused with ${name}`, () => {
    const values = { original: structuredClone({ spec: old }), patch: structuredClone({ spec: patch }) };
    assert.deepEqual(applyStrategicMergePatch(table, values), refusal);
  });
}

test("long lists are merged in one go over each", () => {
  const items = (from: number): JsonValue[] =>
    Array.from({ length: 50_000 }, (_, i) => ({ name: `p${from + i}`, number: BigInt(i) }));
  const values = { original: { spec: { ports: items(0) } }, patch: { spec: { ports: items(25_000) } } };
  const outcome = applyStrategicMergePatch(table, values);
  assert.equal(outcome.kind, "patched");
});

function internal(message: string): object {
  return { kind: "internal", message };
}
