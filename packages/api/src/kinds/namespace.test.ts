import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldError } from "../field-error.ts";
import { namespaceKind, type Namespace } from "./namespace.ts";

const { rules, subresources } = namespaceKind;

test("a new namespace is active, and held by its content", () => {
  const wanted = namespaceWith({
    spec: { finalizers: ["example.com/mine"] },
    status: { phase: "Terminating" },
  });
  const created = rules.prepareForCreate(rules.withDefaults(wanted));
  assert.deepEqual(created.spec.finalizers, ["example.com/mine", "kubernetes"]);
  assert.deepEqual(created.status, { phase: "Active" });
});

test("the label with the name is the server's, from the moment the name is known", () => {
  const label = "kubernetes.io/metadata.name";
  const lying = namespaceWith({ metadata: { name: "a", labels: { [label]: "b", mine: "c" } } });
  assert.deepEqual(rules.withDefaults(lying).metadata.labels, { [label]: "a", mine: "c" });
  const nameless = rules.withDefaults(namespaceWith({ metadata: { generateName: "a-" } }));
  assert.equal(nameless.metadata.labels, undefined);
  const named = { ...nameless, metadata: { ...nameless.metadata, name: "a-12345" } };
  assert.deepEqual(rules.canonicalize(named).metadata.labels, { [label]: "a-12345" });
});

const old = namespaceWith({ spec: { finalizers: ["kubernetes"] } });
const changed = namespaceWith({
  metadata: { ...old.metadata, labels: { a: "b" } },
  spec: { finalizers: ["example.com/mine"] },
  status: { phase: "Terminating" },
});

test("an update changes neither what holds a namespace nor its status", () => {
  const updated = rules.prepareForUpdate(changed, old);
  assert.deepEqual([updated.spec, updated.status], [old.spec, old.status]);
  assert.deepEqual(updated.metadata.labels, { a: "b" });
});

test("what holds a namespace is changed through finalize, its status through status", () => {
  const byStatus = subresource("status").merge(changed, old);
  assert.deepEqual([byStatus.spec, byStatus.status], [old.spec, changed.status]);
  const byFinalize = subresource("finalize").merge(changed, old);
  assert.deepEqual([byFinalize.spec, byFinalize.status], [changed.spec, old.status]);
});

test("a namespace is shown as a Table through its status, and not through finalize", () => {
  assert.deepEqual([subresource("status").hasTables, subresource("finalize").hasTables], [true, false]);
});

test("a finalizer of a namespace has a domain or is one that Kubernetes knows", () => {
  const namespace = namespaceWith({ spec: { finalizers: ["kubernetes", "mine"] } });
  const because =
    'Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified';
  assert.deepEqual(sentencesOf(rules.validate(namespace)), [`spec.finalizers: ${because}`]);
  assert.deepEqual(sentencesOf(subresource("finalize").validateUpdate(namespace, old)), [
    `spec.finalizers[1]: ${because}`,
  ]);
});

test("a namespace is terminating exactly when its deletion was asked for", () => {
  const byStatus = subresource("status");
  const going = { ...old.metadata, deletionTimestamp: "2001-01-01T00:00:00Z" };
  const marked = namespaceWith({ metadata: going });
  assert.deepEqual(sentencesOf(byStatus.validateUpdate(changed, old)), [
    "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty",
  ]);
  assert.deepEqual(sentencesOf(byStatus.validateUpdate(marked, marked)), [
    "status.Phase: Invalid value: \"Active\": may only be 'Terminating' if `deletionTimestamp` is not empty",
  ]);
});

test("a deletion goes in two steps: nothing new comes in, and then the content is gone", () => {
  const { phasedDeletion } = namespaceKind;
  assert.equal(phasedDeletion?.begin(old).status.phase, "Terminating");
  assert.equal(phasedDeletion?.isEmptied(old), false);
  assert.equal(phasedDeletion?.isEmptied(namespaceWith({ spec: {} })), true);
  assert.ok(phasedDeletion?.protectedNames.includes("kube-system"));
});

function subresource(name: string) {
  const found = subresources.find((candidate) => candidate.name === name);
  assert.ok(found);
  return found;
}

function namespaceWith(parts: Partial<Namespace>): Namespace {
  const metadata = { name: "a", resourceVersion: "1" };
  return { apiVersion: "v1", kind: "Namespace", metadata, spec: {}, status: { phase: "Active" }, ...parts };
}

function sentencesOf(errors: readonly FieldError[]): string[] {
  return errors.map(({ field, message }) => `${field}: ${message}`);
}
