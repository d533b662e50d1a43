import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { leaseKind, parseLabelSelector, StatusError, type Kind } from "@leasehold/api";
import { everything } from "../registry/selection.ts";
import type { Registry } from "../registry/target.ts";
import { memoryRegistry, objectAt, putObject } from "../registry/testing/memory-registry.ts";
import { deleteCollection, type DeleteCollectionCommand } from "./delete-collection.ts";

const kind: Kind = leaseKind;
const names = ["a", "b", "c", "d"];
const deletion = { preconditions: {}, propagationPolicy: undefined, orphanDependents: undefined };
const list = {
  target: { kind, namespace: "one" },
  selection: everything,
  limit: 0,
  continueToken: "",
  resourceVersion: "",
  resourceVersionMatch: "",
} as const;
const plain: DeleteCollectionCommand = { list, deletion, dryRun: false };

/** Of a to d, of which c is held by a finalizer: which the answer lists, and which are there afterwards. */
const commands: readonly (readonly [
  title: string,
  command: Partial<DeleteCollectionCommand>,
  listed: string,
  left: string,
])[] = [
  ["all that nothing holds", {}, "abcd", "c"],
  ["a selection", { list: { ...list, selection: labelled("name in (a,d)") } }, "ad", "bc"],
  ["a page", { list: { ...list, limit: 2 } }, "ab", "cd"],
  ["nothing when it is only tried", { dryRun: true }, "abcd", "abcd"],
  ["nothing of another namespace", { list: { ...list, target: { kind, namespace: "two" } } }, "", "abcd"],
  [
    "but finalizes what is to orphan its dependents",
    { deletion: { ...deletion, propagationPolicy: "Orphan" } },
    "abcd",
    "abcd",
  ],
];

for (const [title, command, listed, left] of commands) {
  test(`a collection is deleted: ${title}`, async (t) => {
    const registry = await filled(t);
    const { objects } = await deleteCollection(registry, { ...plain, ...command });
    assert.equal(objects.map(({ metadata }) => metadata.name).join(""), listed);
    assert.equal(await leftIn(registry), left);
  });
}

test("an object that a precondition spares ends the deletion, and spares those behind it", async (t) => {
  const registry = await filled(t);
  const target = { kind, namespace: "one", name: "a" };
  const uid = (await objectAt(registry, target))?.metadata.uid;
  const command = { ...plain, deletion: { ...deletion, preconditions: { uid } } };
  await assert.rejects(
    deleteCollection(registry, command),
    (error) =>
      error instanceof StatusError && error.status.code === 409 && error.status.details?.name === "b",
  );
  assert.equal(await leftIn(registry), "bcd");
});

test("a collection of a version is that of exactly this version", async (t) => {
  const registry = await filled(t);
  await registry.store.compact(registry.store.revision);
  await assert.rejects(
    deleteCollection(registry, { ...plain, list: { ...list, resourceVersion: "1" } }),
    (error) => error instanceof StatusError && error.status.code === 410,
  );
  assert.equal(await leftIn(registry), "abcd");
});

function labelled(text: string): DeleteCollectionCommand["list"]["selection"] {
  const selector = parseLabelSelector(text);
  return { ...everything, everything: false, matches: (object) => selector.matches(object) };
}

async function filled(t: TestContext): Promise<Registry> {
  const registry = await memoryRegistry(t, { namespaces: ["one", "two"] });
  for (const name of names) {
    const metadata = {
      name,
      namespace: "one",
      labels: { name },
      finalizers: name === "c" ? ["example.com/hold"] : [],
    };
    const object = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: {} };
    await putObject(registry, { kind, namespace: "one", name }, object);
  }
  return registry;
}

async function leftIn(registry: Registry): Promise<string> {
  const there = await Promise.all(
    names.map(async (name) => ((await objectAt(registry, { kind, namespace: "one", name })) ? name : "")),
  );
  return there.join("");
}
