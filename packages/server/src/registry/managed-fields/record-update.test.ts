import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, type ApiObject, type FieldsV1, type ManagedFieldsEntry } from "@leasehold/api";
import { recordUpdate } from "./record-update.ts";

const apiVersion = "coordination.k8s.io/v1";
const start = "2026-01-01T00:00:00Z";
const later = "2026-01-01T00:01:00Z";

function lease(fields: { readonly metadata?: object; readonly spec?: object }): ApiObject {
  return { apiVersion, kind: "Lease", metadata: { name: "a", ...fields.metadata }, spec: { ...fields.spec } };
}

function entry(
  manager: string,
  fieldsV1: FieldsV1,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  return { manager, operation: "Update", apiVersion, time: start, fieldsType: "FieldsV1", fieldsV1, ...more };
}

function entriesAfter(write: {
  readonly old?: ApiObject;
  readonly object: ApiObject;
  readonly manager?: string;
  readonly subresource?: string;
}): unknown {
  const { metadata } = recordUpdate({
    kind: leaseKind,
    old: write.old,
    object: write.object,
    manager: write.manager ?? "one",
    subresource: write.subresource ?? "",
    now: later,
  });
  return metadata.managedFields ?? [];
}

const holder: FieldsV1 = { "f:spec": { "f:holderIdentity": {} } };
const transitions: FieldsV1 = { "f:spec": { "f:leaseTransitions": {} } };

const creations: readonly {
  readonly name: string;
  readonly object: ApiObject;
  readonly fields: FieldsV1 | undefined;
}[] = [
  { name: "nothing but a name", object: lease({}), fields: undefined },
  {
    name: "what only the server sets",
    object: lease({
      metadata: { namespace: "n", uid: "u", resourceVersion: "1", generation: 2, creationTimestamp: start },
    }),
    fields: undefined,
  },
  { name: "a field of the spec", object: lease({ spec: { holderIdentity: "" } }), fields: holder },
  {
    name: "maps, whose keys have owners of their own",
    object: lease({ metadata: { labels: { a: "1" }, annotations: { b: "2" } } }),
    fields: { "f:metadata": { "f:annotations": { ".": {}, "f:b": {} }, "f:labels": { ".": {}, "f:a": {} } } },
  },
  {
    name: "a set, whose values have owners of their own",
    object: lease({ metadata: { finalizers: ["e.com/2", "e.com/1"] } }),
    fields: { "f:metadata": { "f:finalizers": { ".": {}, 'v:"e.com/1"': {}, 'v:"e.com/2"': {} } } },
  },
  {
    name: "a list with keys, whose items are owned whole",
    object: lease({
      metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "1" }] },
    }),
    fields: { "f:metadata": { "f:ownerReferences": { ".": {}, 'k:{"uid":"1"}': {} } } },
  },
  {
    name: "the same item twice",
    object: lease({ metadata: { finalizers: ["e.com/1", "e.com/1"] } }),
    fields: { "f:metadata": { "f:finalizers": { ".": {}, 'v:"e.com/1"': {} } } },
  },
  {
    name: "a generated name's beginning",
    object: lease({ metadata: { name: undefined, generateName: "a-" } }),
    fields: { "f:metadata": { "f:generateName": {} } },
  },
];

for (const { name, object, fields } of creations) {
  test(`creating an object with ${name} makes the writer the owner of ${fields === undefined ? "nothing" : "it"}`, () => {
    assert.deepEqual(
      entriesAfter({ object }),
      fields === undefined ? [] : [entry("one", fields, { time: later })],
    );
  });
}

const stored = (
  entries: readonly ManagedFieldsEntry[],
  fields: { metadata?: object; spec?: object } = {},
): ApiObject =>
  lease({
    metadata: { uid: "u", labels: { a: "1" }, ...fields.metadata, managedFields: entries },
    spec: { holderIdentity: "x", leaseTransitions: 1, ...fields.spec },
  });

const owned: FieldsV1 = {
  "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
  "f:spec": { "f:holderIdentity": {}, "f:leaseTransitions": {} },
};

interface UpdateCase {
  readonly name: string;
  readonly before?: readonly ManagedFieldsEntry[];
  readonly change: { readonly metadata?: object; readonly spec?: object };
  readonly after: readonly ManagedFieldsEntry[];
}

const updates: readonly UpdateCase[] = [
  { name: "a write that changes nothing leaves the entries", change: {}, after: [entry("base", owned)] },
  {
    name: "a changed field changes hands",
    change: { spec: { holderIdentity: "y" } },
    after: [
      entry("base", {
        "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
        "f:spec": { "f:leaseTransitions": {} },
      }),
      entry("one", holder, { time: later }),
    ],
  },
  {
    name: "a removed field is nobody's",
    change: { spec: { holderIdentity: undefined } },
    after: [
      entry("base", {
        "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
        "f:spec": { "f:leaseTransitions": {} },
      }),
    ],
  },
  {
    name: "a removed map is nobody's, with all that was in it",
    change: { metadata: { labels: undefined } },
    after: [entry("base", { "f:spec": { "f:holderIdentity": {}, "f:leaseTransitions": {} } })],
  },
  {
    name: "an added key does not take the map",
    change: { metadata: { labels: { a: "1", b: "2" } } },
    after: [
      entry("base", owned),
      entry("one", { "f:metadata": { "f:labels": { "f:b": {} } } }, { time: later }),
    ],
  },
  {
    name: "who loses everything loses the entry",
    before: [entry("base", holder), entry("one", transitions)],
    change: { spec: { holderIdentity: "y" } },
    after: [
      entry("one", { "f:spec": { "f:holderIdentity": {}, "f:leaseTransitions": {} } }, { time: later }),
    ],
  },
  {
    name: "an applier loses what an update changes, even one of the same name",
    before: [entry("one", owned, { operation: "Apply" })],
    change: { spec: { holderIdentity: "y" } },
    after: [
      entry(
        "one",
        { "f:metadata": { "f:labels": { ".": {}, "f:a": {} } }, "f:spec": { "f:leaseTransitions": {} } },
        { operation: "Apply" },
      ),
      entry("one", holder, { time: later }),
    ],
  },
  {
    name: "a subresource's entry is another than the object's",
    before: [entry("one", holder, { subresource: "status" })],
    change: { spec: { leaseTransitions: 2 } },
    after: [entry("one", holder, { subresource: "status" }), entry("one", transitions, { time: later })],
  },
  {
    name: "entries in versions that the resource does not have are dropped",
    before: [entry("base", owned), entry("other", holder, { apiVersion: "coordination.k8s.io/v1beta1" })],
    change: { spec: { leaseTransitions: 2 } },
    after: [
      entry("base", {
        "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
        "f:spec": { "f:holderIdentity": {} },
      }),
      entry("one", transitions, { time: later }),
    ],
  },
  {
    name: "parts of what is owned whole become the whole",
    before: [
      entry("base", {
        "f:metadata": { "f:ownerReferences": { ".": {}, 'k:{"uid":"1"}': { ".": {}, "f:name": {} } } },
      }),
    ],
    change: { spec: { leaseTransitions: 2 } },
    after: [
      entry("base", { "f:metadata": { "f:ownerReferences": { ".": {}, 'k:{"uid":"1"}': {} } } }),
      entry("one", transitions, { time: later }),
    ],
  },
  {
    name: "an object without entries stays without",
    before: [],
    change: { spec: { leaseTransitions: 2 } },
    after: [],
  },
];

for (const { name, before, change, after } of updates) {
  test(name, () => {
    const entries = before ?? [entry("base", owned)];
    const old = stored(entries);
    const object = stored(entries, change);
    const unsent = { ...object, metadata: { ...object.metadata, managedFields: undefined } };
    assert.deepEqual(entriesAfter({ old, object }), after);
    assert.deepEqual(
      entriesAfter({ old, object: unsent }),
      after,
      "whether or not the entries are sent back",
    );
  });
}

interface SentCase {
  readonly name: string;
  readonly sent: readonly ManagedFieldsEntry[];
  /** What there is beside the writer's own entry. */
  readonly kept: readonly ManagedFieldsEntry[];
  readonly ownEntry?: false;
}

const invalid: readonly (readonly [string, ManagedFieldsEntry])[] = [
  ["an operation that is none", entry("zz", holder, { operation: "update" })],
  ["no version", entry("zz", holder, { apiVersion: undefined })],
  ["no type", entry("zz", holder, { fieldsType: undefined })],
  ["a type that nobody knows", entry("zz", holder, { fieldsType: "FieldsV2" })],
  ["a set that cannot be read", entry("zz", { a: {} })],
];

const base = entry("base", holder);

const sent: readonly SentCase[] = [
  { name: "an empty list resets them", sent: [], kept: [], ownEntry: false },
  { name: "one empty entry resets them", sent: [{}], kept: [], ownEntry: false },
  { name: "two empty entries are ignored", sent: [{}, {}], kept: [base] },
  ...invalid.map(([what, bad]) => ({
    name: `an entry with ${what} makes all ignored`,
    sent: [entry("y", owned), bad],
    kept: [base],
  })),
  {
    name: "valid ones take the place of those stored",
    sent: [entry("zz", owned)],
    kept: [entry("zz", { ...owned, "f:spec": { "f:holderIdentity": {} } })],
  },
  { name: "one without a set owns nothing and goes", sent: [entry("zz", {})], kept: [] },
  {
    name: "one without a manager or a time is kept",
    sent: [entry("", { "f:a": {} }, { manager: undefined, time: undefined })],
    kept: [entry("", { "f:a": {} }, { manager: undefined, time: undefined })],
  },
  {
    name: "of two with the same name the last counts",
    sent: [entry("zz", { "f:a": {} }), entry("zz", { "f:b": {} })],
    kept: [entry("zz", { "f:b": {} })],
  },
  {
    name: "a version that has no form makes all go",
    sent: [entry("zz", holder, { apiVersion: "a/b/c" })],
    kept: [],
    ownEntry: false,
  },
];

for (const { name, sent: entries, kept, ownEntry } of sent) {
  test(`entries that a client sends: ${name}`, () => {
    const old = stored([base]);
    const object = stored(entries, { spec: { leaseTransitions: 2 } });
    const own = ownEntry === false ? [] : [entry("one", transitions, { time: later })];
    assert.deepEqual(
      JSON.parse(JSON.stringify(entriesAfter({ old, object }))),
      JSON.parse(JSON.stringify([...kept, ...own])),
    );
  });
}

test("entries that are sent through a subresource are passed over", () => {
  const old = stored([base]);
  const object = stored([], { spec: { leaseTransitions: 2 } });
  assert.deepEqual(entriesAfter({ old, object, subresource: "status" }), [
    base,
    entry("one", transitions, { time: later, subresource: "status" }),
  ]);
});

test("fields that the registry resets find no owner", () => {
  const object = { ...lease({ spec: { holderIdentity: "x" } }), status: { phase: "Active" } };
  const { metadata } = recordUpdate({
    kind: { ...leaseKind, table: { ...leaseKind.table, fields: [...leaseKind.table.fields, status] } },
    resetFields: ["status"],
    old: undefined,
    object,
    manager: "one",
    subresource: "",
    now: later,
  });
  assert.deepEqual(metadata.managedFields, [entry("one", holder, { time: later })]);
});

const status = {
  name: "status",
  number: 3,
  presence: "value",
  description: "",
  type: {
    name: "Status",
    package: "test",
    description: "",
    fields: [{ name: "phase", number: 1, type: "string", presence: "value", description: "" }],
  },
} as const;

test("a writer without a name is called unknown", () => {
  assert.deepEqual(entriesAfter({ object: lease({ spec: { holderIdentity: "x" } }), manager: "" }), [
    entry("unknown", holder, { time: later }),
  ]);
});

test("the eleventh manager merges the two oldest of a version", () => {
  let object = lease({ metadata: { uid: "u" }, spec: { holderIdentity: "h" } });
  for (let i = 0; i < 12; i++) {
    const labels = { ...object.metadata.labels, [`l${i}`]: "" };
    const next = { ...object, metadata: { ...object.metadata, labels } };
    const now = `2026-01-01T00:00:${String(i).padStart(2, "0")}Z`;
    const old = i === 0 ? undefined : object;
    object = recordUpdate({ kind: leaseKind, old, object: next, manager: `m${i}`, subresource: "", now });
  }
  const entries = object.metadata.managedFields ?? [];
  assert.deepEqual(
    entries.map(({ manager, time }) => `${manager} ${time}`),
    [
      "ancient-changes 2026-01-01T00:00:02Z",
      ...Array.from({ length: 9 }, (_, i) => `m${i + 3} 2026-01-01T00:00:${String(i + 3).padStart(2, "0")}Z`),
    ],
  );
  assert.deepEqual(entries[0]?.fieldsV1, {
    "f:metadata": { "f:labels": { ".": {}, "f:l0": {}, "f:l1": {}, "f:l2": {} } },
    "f:spec": { "f:holderIdentity": {} },
  });
});
