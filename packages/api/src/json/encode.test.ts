import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseTable } from "../kinds/lease.ts";
import { roleKind } from "../kinds/role.ts";
import type { MessageTable } from "../schema.ts";
import { encodeJson, encodeJsonFields, encodeJsonList, type MessageValue } from "./encode.ts";
import { compareText, encodeJsonValue } from "./encode-value.ts";
import { prettyJson } from "./indent.ts";
import { parseJsonValue } from "./parse-json-value.ts";

const cases: readonly (readonly [why: string, table: MessageTable, value: MessageValue, text: string])[] = [
  [
    "fields come in the table's order",
    leaseTable,
    { spec: { leaseTransitions: 0, holderIdentity: "" }, metadata: { uid: "u", name: "n" } },
    `{"metadata":{"name":"n","uid":"u"},"spec":{"holderIdentity":"","leaseTransitions":0}}`,
  ],
  ["what is always there is there", leaseTable, {}, `{"metadata":{},"spec":{}}`],
  [
    "zeros of values are left out",
    leaseTable,
    { metadata: { name: "", labels: {}, finalizers: [], generation: 0 } },
    `{"metadata":{},"spec":{}}`,
  ],
  [
    "keys of maps are sorted by their bytes",
    leaseTable,
    { metadata: { labels: { "\ufffd": "1", "🐞": "2", b: "3", a: "4" } } },
    `{"metadata":{"labels":{"a":"4","b":"3","\ufffd":"1","🐞":"2"}},"spec":{}}`,
  ],
  [
    "what HTML and JavaScript mind is escaped",
    leaseTable,
    { spec: { holderIdentity: '<&>\u2028\u0007\b"\\é' } },
    String.raw`{"metadata":{},"spec":{"holderIdentity":"\u003c\u0026\u003e\u2028\u0007\b\"\\é"}}`,
  ],
  [
    "Go's zero time is null",
    leaseTable,
    { spec: { renewTime: "0001-01-01T00:00:00.000000Z", acquireTime: "0001-01-01T00:00:00.000001Z" } },
    `{"metadata":{},"spec":{"acquireTime":"0001-01-01T00:00:00.000001Z","renewTime":null}}`,
  ],
  ["a list that is always written is null when absent", roleKind.table, {}, `{"metadata":{},"rules":null}`],
  [
    "an integer beyond a number's precision is exact",
    leaseTable,
    { metadata: { generation: 9007199254740993n } },
    `{"metadata":{"generation":9007199254740993},"spec":{}}`,
  ],
  [
    "field sets keep their order",
    leaseTable,
    { metadata: { managedFields: [{ fieldsV1: { "f:b": {}, ".": {}, "f:a": {} } }] } },
    `{"metadata":{"managedFields":[{"fieldsV1":{"f:b":{},".":{},"f:a":{}}}]},"spec":{}}`,
  ],
];

for (const [why, table, value, text] of cases) {
  test(`in JSON ${why}`, () => assert.equal(encodeJsonFields(value, table), text));
}

const typeMeta = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };

test("an object begins with its kind and apiVersion", () => {
  assert.equal(
    encodeJson({ metadata: { name: "a" }, ...typeMeta }, leaseTable),
    `{"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"a"},"spec":{}}`,
  );
});

test("a list is its joined pieces", () => {
  const item = encodeJsonFields({}, leaseTable);
  assert.equal(
    encodeJsonList(
      { ...typeMeta, kind: "LeaseList" },
      { metadata: `{"resourceVersion":"1"}`, items: [item, item] },
    ),
    `{"kind":"LeaseList","apiVersion":"coordination.k8s.io/v1","metadata":{"resourceVersion":"1"},"items":[${item},${item}]}`,
  );
});

test("pretty text is indented by two spaces, and what is empty stays together", () => {
  assert.equal(
    prettyJson(`{"a":[1,{"b":"x{},:\\""}],"c":{},"d":[]}`),
    `{\n  "a": [\n    1,\n    {\n      "b": "x{},:\\""\n    }\n  ],\n  "c": {},\n  "d": []\n}`,
  );
});

test("values without a table keep integers and other numbers apart and sort their keys", () => {
  const parsed = parseJsonValue(new TextEncoder().encode(`{"b":1,"a":[1.0,1.5,1e3,1e30]}`));
  assert.deepEqual(parsed, {
    kind: "parsed",
    value: { b: 1n, a: [1, 1.5, 1000, 1e30] },
    strictErrors: [],
    outOfRange: undefined,
  });
  assert.equal(encodeJsonValue({ b: 1n, a: [1.5, -0, null, true] }), `{"a":[1.5,-0,null,true],"b":1}`);
});

test("keys that stand twice are found at any depth", () => {
  const parsed = parseJsonValue(new TextEncoder().encode(`[{"a":{"b":1,"b":2}},{"c":1,"c":2}]`));
  assert.deepEqual(parsed.kind === "parsed" && parsed.strictErrors, [
    `duplicate field "[0].a.b"`,
    `duplicate field "[1].c"`,
  ]);
});

test("text is compared by code points", () => {
  assert.deepEqual(["🐞", "\uffff", "b", "a", "ab"].toSorted(compareText), ["a", "ab", "b", "\uffff", "🐞"]);
});
