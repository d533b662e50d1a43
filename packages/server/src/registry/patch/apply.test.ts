import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, type ApiObject, type FieldsV1, type JsonObject, type JsonValue } from "@leasehold/api";
import * as fc from "fast-check";
import { keepTimesWhenUnchanged } from "../managed-fields/keep-times.ts";
import { recordUpdate } from "../managed-fields/record-update.ts";
import { applyPatch, type ApplyOutcome } from "./apply.ts";

const apiVersion = "coordination.k8s.io/v1";

type Content = Readonly<Record<"metadata" | "spec", JsonValue>>;

/** What somebody does to the object. */
type Step =
  | { readonly apply: Partial<Content>; readonly by: string; readonly force?: boolean }
  | { readonly put: { readonly metadata?: object; readonly spec?: object }; readonly by: string };

/** The object after the steps, or what the first one that is refused answers. */
function after(steps: readonly Step[]): ApplyOutcome {
  let live: ApiObject | undefined;
  for (const [i, step] of steps.entries()) {
    const now = `2026-01-01T00:00:${String(i).padStart(2, "0")}Z`;
    const outcome = "put" in step ? put(live, step, now) : apply(live, step, now);
    if (outcome.kind !== "applied") return outcome;
    const { object } = outcome;
    live = { ...object, metadata: { ...object.metadata, uid: "u", resourceVersion: String(i) } };
  }
  return live === undefined
    ? { kind: "internal", message: "nobody did anything" }
    : { kind: "applied", object: live };
}

function apply(
  live: ApiObject | undefined,
  step: Extract<Step, { apply: unknown }>,
  now: string,
): ApplyOutcome {
  const metadata = step.apply.metadata as JsonObject | undefined;
  const patch: JsonObject = {
    apiVersion,
    kind: "Lease",
    ...step.apply,
    metadata: { name: "a", ...metadata },
  };
  return applyPatch({
    kind: leaseKind,
    live,
    patch,
    manager: step.by,
    force: step.force === true,
    now,
    subresource: "",
  });
}

function put(live: ApiObject | undefined, step: Extract<Step, { put: unknown }>, now: string): ApplyOutcome {
  const object = {
    apiVersion,
    kind: "Lease",
    metadata: { name: "a", ...step.put.metadata },
    spec: { ...step.put.spec },
  };
  return {
    kind: "applied",
    object: recordUpdate({ kind: leaseKind, old: live, object, manager: step.by, subresource: "", now }),
  };
}

interface Result {
  readonly metadata?: object;
  readonly spec?: object;
  /** `manager operation second` to the fields; no second where the entry has no time. */
  readonly managers: Readonly<Record<string, FieldsV1>>;
}

function resultOf(outcome: ApplyOutcome): Result | ApplyOutcome {
  if (outcome.kind !== "applied") return outcome;
  const { managedFields, name: _, uid: __, resourceVersion: ___, ...metadata } = outcome.object.metadata;
  const managers = (managedFields ?? []).map(({ manager, operation, time, fieldsV1 }) => {
    const second = time === undefined ? "" : ` ${Number(time.slice(17, 19))}`;
    return [`${manager} ${operation}${second}`, fieldsV1 ?? {}] as const;
  });
  return { metadata, spec: outcome.object.spec as object, managers: Object.fromEntries(managers) };
}

const holder: FieldsV1 = { "f:spec": { "f:holderIdentity": {} } };
const transitions: FieldsV1 = { "f:spec": { "f:leaseTransitions": {} } };
const both: FieldsV1 = { "f:spec": { "f:holderIdentity": {}, "f:leaseTransitions": {} } };
const pod = (uid: string, more: object = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  name: "p",
  uid,
  ...more,
});

const histories: readonly {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly result: Result;
}[] = [
  {
    name: "an apply that creates owns what it names",
    steps: [{ apply: { spec: { holderIdentity: "x" } }, by: "one" }],
    result: { spec: { holderIdentity: "x" }, managers: { "one Apply 0": holder } },
  },
  {
    name: "the same apply again changes nothing",
    steps: [
      { apply: { spec: { holderIdentity: "x" } }, by: "one" },
      { apply: { spec: { holderIdentity: "x" } }, by: "one" },
    ],
    result: { spec: { holderIdentity: "x" }, managers: { "one Apply 0": holder } },
  },
  {
    name: "an applier changes its own fields",
    steps: [
      { apply: { spec: { holderIdentity: "x" } }, by: "one" },
      { apply: { spec: { holderIdentity: "y" } }, by: "one" },
    ],
    result: { spec: { holderIdentity: "y" }, managers: { "one Apply 1": holder } },
  },
  {
    name: "what an applier gives up is removed",
    steps: [
      { apply: { spec: { holderIdentity: "x", leaseTransitions: 1n } }, by: "one" },
      { apply: { spec: { leaseTransitions: 1n } }, by: "one" },
    ],
    result: { spec: { leaseTransitions: 1 }, managers: { "one Apply 1": transitions } },
  },
  {
    name: "what an applier gives up and another owns stays",
    steps: [
      { apply: { spec: { holderIdentity: "x", leaseTransitions: 1n } }, by: "one" },
      { apply: { spec: { holderIdentity: "x" } }, by: "two" },
      { apply: { spec: { leaseTransitions: 1n } }, by: "one" },
    ],
    result: {
      spec: { holderIdentity: "x", leaseTransitions: 1 },
      managers: { "two Apply": holder, "one Apply 0": transitions },
    },
  },
  {
    name: "an applier that owns nothing any more has no entry",
    steps: [
      { apply: { spec: { holderIdentity: "x" } }, by: "one" },
      { apply: {}, by: "one" },
    ],
    result: { spec: {}, managers: {} },
  },
  {
    name: "force takes what others own",
    steps: [
      { put: { spec: { holderIdentity: "x", leaseTransitions: 1 } }, by: "updater" },
      { apply: { spec: { holderIdentity: "y" } }, by: "one", force: true },
    ],
    result: {
      spec: { holderIdentity: "y", leaseTransitions: 1 },
      managers: { "one Apply 1": holder, "updater Update 0": transitions },
    },
  },
  {
    name: "the same value has two owners",
    steps: [
      { put: { spec: { holderIdentity: "x" } }, by: "updater" },
      { apply: { spec: { holderIdentity: "x" } }, by: "one" },
    ],
    result: { spec: { holderIdentity: "x" }, managers: { "one Apply": holder, "updater Update 0": holder } },
  },
  {
    name: "an object that nobody tracked is the first apply's forerunner's",
    steps: [
      { put: {}, by: "updater" },
      { put: { spec: { holderIdentity: "x" } }, by: "updater" },
      { apply: { spec: { leaseTransitions: 1n } }, by: "one" },
    ],
    result: {
      spec: { holderIdentity: "x", leaseTransitions: 1 },
      managers: { "one Apply 2": transitions, "before-first-apply Update 2": holder },
    },
  },
  {
    name: "a set is merged value by value",
    steps: [
      { apply: { metadata: { finalizers: ["e.com/1", "e.com/2"] } }, by: "one" },
      { apply: { metadata: { finalizers: ["e.com/3"] } }, by: "two" },
      { apply: { metadata: { finalizers: ["e.com/2"] } }, by: "one" },
    ],
    result: {
      metadata: { finalizers: ["e.com/2", "e.com/3"] },
      spec: {},
      managers: {
        "two Apply 1": { "f:metadata": { "f:finalizers": { 'v:"e.com/3"': {} } } },
        "one Apply 2": { "f:metadata": { "f:finalizers": { 'v:"e.com/2"': {} } } },
      },
    },
  },
  {
    name: "a list with keys is merged item by item",
    steps: [
      { apply: { metadata: { ownerReferences: [pod("1"), pod("2")] } }, by: "one" },
      { apply: { metadata: { ownerReferences: [pod("2", { controller: true })] } }, by: "two", force: true },
      { apply: { metadata: {} }, by: "one" },
    ],
    result: {
      metadata: { ownerReferences: [pod("2", { controller: true })] },
      spec: {},
      managers: { "two Apply 1": { "f:metadata": { "f:ownerReferences": { 'k:{"uid":"2"}': {} } } } },
    },
  },
  {
    name: "an empty map and a null own themselves",
    steps: [{ apply: { metadata: { labels: {}, annotations: null } }, by: "one" }],
    result: {
      spec: {},
      managers: { "one Apply 0": { "f:metadata": { "f:annotations": {}, "f:labels": {} } } },
    },
  },
  {
    name: "an applier has one entry, whatever it applies, and an update of its name another",
    steps: [
      { put: { spec: { leaseTransitions: 1 } }, by: "one" },
      { apply: { spec: { holderIdentity: "x" } }, by: "one" },
    ],
    result: {
      spec: { holderIdentity: "x", leaseTransitions: 1 },
      managers: { "one Apply 1": holder, "one Update 0": transitions },
    },
  },
  {
    name: "an update's fields that an applier names are both's, and stay when it gives them up",
    steps: [
      { put: { spec: { holderIdentity: "x", leaseTransitions: 1 } }, by: "updater" },
      { apply: { spec: { holderIdentity: "x" } }, by: "one" },
      { apply: {}, by: "one" },
    ],
    result: { spec: { holderIdentity: "x", leaseTransitions: 1 }, managers: { "updater Update 0": both } },
  },
];

for (const { name, steps, result } of histories) {
  test(name, () => {
    assert.deepEqual(resultOf(after(steps)), { metadata: {}, ...result });
  });
}

const annotation = "kubectl.kubernetes.io/last-applied-configuration";
const clientSideApplied = (spec: object): object => ({
  metadata: {
    annotations: {
      [annotation]: JSON.stringify({ apiVersion, kind: "Lease", metadata: { name: "a" }, spec }),
    },
  },
});

test("kubectl's apply takes over what its client-side apply set and nobody changed", () => {
  const spec = { holderIdentity: "x" };
  const outcome = after([
    { put: { ...clientSideApplied(spec), spec }, by: "kubectl-client-side-apply" },
    { apply: { spec: { holderIdentity: "y" } }, by: "kubectl" },
  ]);
  assert.equal(outcome.kind, "applied");
  if (outcome.kind !== "applied") return;
  const applied = `{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"a"},"spec":{"holderIdentity":"y"}}\n`;
  assert.equal(outcome.object.metadata.annotations?.[annotation], applied);
  assert.deepEqual(outcome.object.spec, { holderIdentity: "y" });
});

interface ConflictCase {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly message: string;
  readonly fields: readonly string[];
}

const conflicts: readonly ConflictCase[] = [
  {
    name: "an applier's field",
    steps: [
      { apply: { spec: { holderIdentity: "x" } }, by: "one" },
      { apply: { spec: { holderIdentity: "y" } }, by: "two" },
    ],
    message: 'Apply failed with 1 conflict: conflict with "one": .spec.holderIdentity',
    fields: [".spec.holderIdentity"],
  },
  {
    name: "an updater's fields",
    steps: [
      { put: { spec: { holderIdentity: "x", leaseTransitions: 1 } }, by: 'up"dater' },
      { apply: { spec: { holderIdentity: "y", leaseTransitions: 2n } }, by: "one" },
    ],
    message:
      'Apply failed with 2 conflicts: conflicts with "up\\"dater" using coordination.k8s.io/v1:\n- .spec.holderIdentity\n- .spec.leaseTransitions',
    fields: [".spec.holderIdentity", ".spec.leaseTransitions"],
  },
  {
    name: "items and keys",
    steps: [
      { apply: { metadata: { labels: { a: "1" }, ownerReferences: [pod("1")] } }, by: "one" },
      { apply: { metadata: { labels: { a: "2" }, ownerReferences: [pod("1", { name: "q" })] } }, by: "two" },
    ],
    message:
      'Apply failed with 2 conflicts: conflicts with "one":\n- .metadata.labels.a\n- .metadata.ownerReferences[uid="1"]',
    fields: [".metadata.labels.a", '.metadata.ownerReferences[uid="1"]'],
  },
  {
    name: "what kubectl's client-side apply set and somebody else changed",
    steps: [
      {
        put: { ...clientSideApplied({ holderIdentity: "x" }), spec: { holderIdentity: "other" } },
        by: "other",
      },
      { apply: { spec: { holderIdentity: "y" } }, by: "kubectl" },
    ],
    message:
      'Apply failed with 1 conflict: conflict with "other" using coordination.k8s.io/v1: .spec.holderIdentity',
    fields: [".spec.holderIdentity"],
  },
];

for (const { name, steps, message, fields } of conflicts) {
  test(`applying over ${name} is a conflict`, () => {
    const outcome = after(steps);
    assert.equal(outcome.kind === "conflict" ? outcome.message : outcome.kind, message);
    if (outcome.kind === "conflict")
      assert.deepEqual(
        outcome.conflicts.map(({ field }) => field),
        fields,
      );
  });
}

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const text = fc.constantFrom("1", "2");
const content: fc.Arbitrary<Partial<Content>> = fc
  .record({
    labels: maybe(fc.dictionary(fc.constantFrom("x", "y"), text, { minKeys: 1 })),
    finalizers: maybe(fc.uniqueArray(fc.constantFrom("e.com/1", "e.com/2", "e.com/3"))),
    owners: maybe(fc.uniqueArray(fc.constantFrom("1", "2"))),
    holderIdentity: maybe(text),
    leaseTransitions: maybe(fc.constantFrom(1n, 2n)),
  })
  .map(({ labels, finalizers, owners, ...spec }) => ({
    metadata: { labels, finalizers, ownerReferences: owners?.map((uid) => pod(uid)) } as JsonObject,
    spec,
  }));
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ apply: content, by: fc.constantFrom("one", "two", "kubectl"), force: fc.constant(true) }),
  { minLength: 1, maxLength: 5 },
);

// Not so with an empty map that somebody else owns as well: it is not stored, and so comes anew each time.
test("an apply that was just done changes nothing when it is done again", () => {
  fc.assert(
    fc.property(steps, (history) => {
      const once = after(history);
      const last = history.at(-1);
      const twice = after(last === undefined ? history : [...history, last]);
      assert.ok(once.kind === "applied" && twice.kind === "applied");
      const { resourceVersion } = once.object.metadata;
      const again = { ...twice.object, metadata: { ...twice.object.metadata, resourceVersion } };
      assert.deepEqual(keepTimesWhenUnchanged(again, once.object), once.object);
    }),
  );
});

test("what an applier names is there, and is its own", () => {
  fc.assert(
    fc.property(steps, (history) => {
      const outcome = after(history);
      const last = history.at(-1);
      assert.ok(outcome.kind === "applied" && last !== undefined && "apply" in last);
      const { holderIdentity } = last.apply.spec as JsonObject;
      if (holderIdentity === undefined) return;
      assert.equal((outcome.object.spec as JsonObject).holderIdentity, holderIdentity);
      const entry = outcome.object.metadata.managedFields?.find(({ manager }) => manager === last.by);
      assert.ok(entry?.fieldsV1?.["f:spec"]?.["f:holderIdentity"] !== undefined);
    }),
  );
});
