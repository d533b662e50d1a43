import assert from "node:assert/strict";
import { test } from "node:test";
import type { ObjectMeta } from "../meta/object-meta.ts";
import { validateObjectMeta, validateObjectMetaUpdate, type MetadataRules } from "./object-meta.ts";

const namespaced: MetadataRules = { scope: "namespaced", name: "subdomain" };
const good: ObjectMeta = { name: "a", namespace: "n" };

const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "u" };

/** The metadata beside a good name and namespace, and the sentences that refuse it. */
const cases: readonly (readonly [metadata: ObjectMeta, ...sentences: string[]])[] = [
  [{}],
  [{ name: "" }, "metadata.name: Required value: name or generateName is required"],
  [{ namespace: "" }, "metadata.namespace: Required value"],
  [{ namespace: "a.b" }, 'metadata.namespace: Invalid value: "a.b": must not contain dots'],
  [{ generation: -1 }, "metadata.generation: Invalid value: -1: must be greater than or equal to 0"],
  [
    { labels: { k: "v".repeat(64) } },
    `metadata.labels: Invalid value: "${"v".repeat(64)}": must be no more than 63 bytes`,
  ],
  [
    { annotations: { "EXAMPLE.com/A": "any\nthing", k: "v".repeat(262_144) } },
    "metadata.annotations: Too long: may not be more than 262144 bytes",
  ],
  [{ annotations: { k: "é".repeat(131_071) } }],
  [
    { ownerReferences: [{ apiVersion: "g/v/x", kind: "", name: "", uid: "" }] },
    'metadata.ownerReferences.apiVersion: Invalid value: "g/v/x": version must not be empty',
    'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
    'metadata.ownerReferences.name: Invalid value: "": must not be empty',
    'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
  ],
  [
    { ownerReferences: [{ ...owner, kind: "Event" }] },
    'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"p","uid":"u"}: /v1, Kind=Event is disallowed from being an owner',
  ],
  [
    {
      ownerReferences: [
        { ...owner, controller: true },
        { controller: true, uid: "w", name: "<q>", kind: "Pod", apiVersion: "v1" },
      ],
    },
    'metadata.ownerReferences: Invalid value: [{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u","controller":true},{"apiVersion":"v1","kind":"Pod","name":"\\u003cq\\u003e","uid":"w","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for Pod/p and Pod/<q>',
  ],
  [
    { finalizers: ["orphan", "foregroundDeletion"] },
    'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
  ],
  [
    { managedFields: [{ manager: "a\x07é\u00a0", operation: "Apply" }] },
    'metadata.managedFields[0].manager: Invalid value: "a\\aé\\u00a0": invalid character U+0007 (at position 1)',
    'metadata.managedFields[0].manager: Invalid value: "a\\aé\\u00a0": invalid character U+00A0 (at position 4)',
  ],
  [
    {
      managedFields: [
        { manager: "m".repeat(129), operation: "Bogus", fieldsType: "V2", subresource: "s".repeat(257) },
      ],
    },
    'metadata.managedFields[0].operation: Invalid value: "Bogus": must be `Apply` or `Update`',
    'metadata.managedFields[0].fieldsType: Invalid value: "V2": must be `FieldsV1`',
    "metadata.managedFields[0].manager: Too long: may not be more than 128 bytes",
    "metadata.managedFields[0].subresource: Too long: may not be more than 256 bytes",
  ],
];

for (const [metadata, ...sentences] of cases) {
  test(`metadata with ${JSON.stringify(metadata).slice(0, 70)} is ${sentences.length === 0 ? "good" : "refused"}`, () => {
    assert.deepEqual(sentencesOf(validateObjectMeta({ ...good, ...metadata }, namespaced)), sentences);
  });
}

test("an object of cluster scope has no namespace", () => {
  const rules: MetadataRules = { scope: "cluster", name: "label" };
  assert.deepEqual(sentencesOf(validateObjectMeta(good, rules)), [
    "metadata.namespace: Forbidden: not allowed on this type",
  ]);
});

test("where the rule is strict, a finalizer has a domain or is one that Kubernetes knows", () => {
  const rules: MetadataRules = { ...namespaced, finalizers: "standard" };
  const metadata = { ...good, finalizers: ["kubernetes", "mine", "example.com/mine"] };
  assert.deepEqual(sentencesOf(validateObjectMeta(metadata, namespaced)), []);
  assert.deepEqual(sentencesOf(validateObjectMeta(metadata, rules)), [
    'metadata.finalizers[1]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
  ]);
});

const stored: ObjectMeta = {
  ...good,
  resourceVersion: "5",
  uid: "u",
  creationTimestamp: "2001-01-01T00:00:00Z",
};

/** What an update changes, and the sentences that refuse it. */
const updates: readonly (readonly [change: ObjectMeta, old: ObjectMeta, ...sentences: string[]])[] = [
  [{ labels: { a: "b" } }, stored],
  [
    { resourceVersion: "" },
    stored,
    'metadata.resourceVersion: Invalid value: "": must be specified for an update',
  ],
  [{ name: "b" }, stored, 'metadata.name: Invalid value: "b": field is immutable'],
  [{ uid: "<w>" }, stored, 'metadata.uid: Invalid value: "\\u003cw\\u003e": field is immutable'],
  [
    { creationTimestamp: undefined },
    stored,
    "metadata.creationTimestamp: Invalid value: null: field is immutable",
  ],
  [
    { deletionTimestamp: "2001-01-01T00:00:00Z", deletionGracePeriodSeconds: 5 },
    stored,
    'metadata.deletionTimestamp: Invalid value: "2001-01-01T00:00:00Z": field is immutable',
    "metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable",
  ],
  [
    { generation: 1 },
    { ...stored, generation: 2 },
    "metadata.generation: Invalid value: 1: must not be decremented",
  ],
  [
    { finalizers: ["x/b", "x/a", "x/old"] },
    { ...stored, finalizers: ["x/old"], deletionTimestamp: "2001-01-01T00:00:00Z" },
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x/a", "x/b"}',
  ],
];

for (const [change, old, ...sentences] of updates) {
  test(`an update with ${JSON.stringify(change)} is ${sentences.length === 0 ? "good" : "refused"}`, () => {
    assert.deepEqual(sentencesOf(validateObjectMetaUpdate({ ...old, ...change }, old)), sentences);
  });
}

function sentencesOf(errors: readonly { readonly field: string; readonly message: string }[]): string[] {
  return errors.map(({ field, message }) => `${field}: ${message}`);
}
