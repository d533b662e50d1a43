import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { allKinds, leaseKind, roleKind, type ApiObject, type Kind } from "@leasehold/api";
import { silentLog } from "../log.ts";
import { create } from "../verbs/create.ts";
import { deleteObject } from "../verbs/delete.ts";
import { startNamespaceDrain, type NamespaceDrain } from "./namespace-drain.ts";
import type { ObjectTarget, Registry } from "./target.ts";
import { memoryRegistry, namespaceTarget, objectAt, putObject } from "./testing/memory-registry.ts";

const anyLeaseKind: Kind = leaseKind;

test("a namespace goes with all that is in it, and nothing beside it", async (t) => {
  const registry = await memoryRegistry(t, { namespaces: ["going", "staying"] });
  drain(t, registry);
  for (const name of ["a", "b", "c"]) await putObject(registry, lease("going", name), newLease(name));
  const role = { kind: roleKind as Kind, namespace: "going", name: "r" };
  const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }];
  await putObject(registry, role, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: "r" },
    rules,
  });
  await putObject(registry, lease("staying", "a"), newLease("a"));
  await remove(registry, namespaceTarget("going"));
  await until(async () => (await objectAt(registry, namespaceTarget("going"))) === undefined);
  for (const name of ["a", "b", "c"]) assert.equal(await objectAt(registry, lease("going", name)), undefined);
  assert.equal(await objectAt(registry, role), undefined);
  assert.ok(await objectAt(registry, lease("staying", "a")));
  assert.ok(await objectAt(registry, namespaceTarget("staying")));
});

test("what holds a namespace stands in its conditions, and the namespace goes once it is let go", async (t) => {
  const registry = await memoryRegistry(t, { namespaces: ["going"] });
  drain(t, registry);
  await putObject(registry, lease("going", "held"), newLease("held", ["example.com/hold"]));
  await putObject(registry, lease("going", "free"), newLease("free"));
  await remove(registry, namespaceTarget("going"));
  await until(async () => (await conditionsOf(registry)).length > 0);
  assert.deepEqual(await conditionsOf(registry), [
    "NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources successfully discovered",
    "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy kube types successfully parsed",
    "NamespaceDeletionContentFailure False ContentDeleted: All content successfully deleted, may be waiting on finalization",
    "NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: leases.coordination.k8s.io has 1 resource instances",
    "NamespaceFinalizersRemaining True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
  ]);
  assert.equal(await objectAt(registry, lease("going", "free")), undefined);
  await putObject(registry, lease("going", "held"), newLease("held", []));
  await until(async () => (await objectAt(registry, namespaceTarget("going"))) === undefined);
});

test("where a cluster keeps its objects in the same store, the cluster empties its namespaces", async (t) => {
  const registry = await memoryRegistry(t, { namespaces: ["going"] });
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  t.mock.method(registry.store, "isShared", async () => {
    resolve();
    return true;
  });
  const running = drain(t, registry);
  await putObject(registry, lease("going", "a"), newLease("a"));
  await remove(registry, namespaceTarget("going"));
  await asked;
  await running.close();
  assert.ok(await objectAt(registry, lease("going", "a")));
  assert.ok(await objectAt(registry, namespaceTarget("going")));
});

test("a namespace that somebody else holds is emptied and stays", async (t) => {
  const registry = await memoryRegistry(t, { namespaces: ["going"] });
  drain(t, registry);
  const namespace = await objectAt(registry, namespaceTarget("going"));
  assert.ok(namespace);
  const finalizers = ["example.com/hold"];
  await putObject(registry, namespaceTarget("going"), {
    ...namespace,
    metadata: { ...namespace.metadata, finalizers },
  });
  await putObject(registry, lease("going", "a"), newLease("a"));
  await remove(registry, namespaceTarget("going"));
  await until(async () => finalizersOf(await objectAt(registry, namespaceTarget("going"))).length === 0);
  assert.equal(await objectAt(registry, lease("going", "a")), undefined);
  assert.ok((await conditionsOf(registry)).every((text) => text.includes(" False ")));
});

test("a drain that was stopped half-way is finished by the next start", async (t) => {
  const registry = await memoryRegistry(t, { namespaces: ["going"] });
  await putObject(registry, lease("going", "a"), newLease("a"));
  const first = drain(t, registry);
  await first.close();
  await remove(registry, namespaceTarget("going"));
  drain(t, registry);
  await until(async () => (await objectAt(registry, namespaceTarget("going"))) === undefined);
  assert.equal(await objectAt(registry, lease("going", "a")), undefined);
});

test("a failed deletion is told and tried again", async (t) => {
  const registry = await memoryRegistry(t, { namespaces: ["going"] });
  let failuresLeft = 1;
  drain(t, registry, async (target) => {
    if (target.kind.plural === "leases" && failuresLeft > 0) {
      failuresLeft -= 1;
      throw new Error("the disk is full");
    }
    return deleteInBackground(registry, target);
  });
  await putObject(registry, lease("going", "a"), newLease("a"));
  await remove(registry, namespaceTarget("going"));
  await until(async () => (await conditionsOf(registry)).length > 0);
  assert.ok(
    (await conditionsOf(registry)).includes(
      "NamespaceDeletionContentFailure True ContentDeletionFailed: Failed to delete all resource types, 1 remaining: the disk is full",
    ),
  );
  // The next look comes with the next change, or after a while.
  await putObject(registry, lease("going", "a"), { ...newLease("a"), spec: { holderIdentity: "x" } });
  await until(async () => (await objectAt(registry, namespaceTarget("going"))) === undefined);
});

test("many namespaces at once, under creates that race with their deletion, leave nothing behind", async (t) => {
  const namespaces = Array.from({ length: 20 }, (_, index) => `ns-${index}`);
  const registry = await memoryRegistry(t, { namespaces });
  drain(t, registry);
  const creating = namespaces.flatMap((namespace) =>
    Array.from({ length: 10 }, async (_, index) => {
      for (let turn = 0; turn < index; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const target = { kind: anyLeaseKind, namespace };
      // Some come too late, and are refused.
      await create(registry, {
        target,
        object: newLease(`l-${index}`),
        dryRun: false,
        manager: "t",
        warn: () => {},
        admit: () => {},
      }).catch(() => {});
    }),
  );
  const removing = namespaces.map((name) => remove(registry, namespaceTarget(name)));
  await Promise.all([...creating, ...removing]);
  for (const name of namespaces)
    await until(async () => (await objectAt(registry, namespaceTarget(name))) === undefined);
  const left = await registry.store.range({ prefix: "/registry/leases/" });
  assert.equal(left.kind === "page" && left.entries.length, 0);
});

function drain(
  t: TestContext,
  registry: Registry,
  deleteOne = (target: ObjectTarget): Promise<unknown> => deleteInBackground(registry, target),
): NamespaceDrain {
  const started = startNamespaceDrain({ registry, kinds: allKinds, deleteObject: deleteOne, log: silentLog });
  t.after(() => started.close());
  return started;
}

function deleteInBackground(registry: Registry, target: ObjectTarget): Promise<unknown> {
  const deletion = { preconditions: {}, propagationPolicy: "Background", orphanDependents: undefined };
  return deleteObject(registry, { target, deletion, dryRun: false });
}

async function remove(registry: Registry, target: ObjectTarget): Promise<void> {
  await deleteInBackground(registry, target);
}

function lease(namespace: string, name: string): ObjectTarget {
  return { kind: anyLeaseKind, namespace, name };
}

function newLease(name: string, finalizers?: readonly string[]): ApiObject {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name, finalizers }, spec: {} };
}

interface NamespaceParts {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly conditions?: readonly Readonly<Record<string, string>>[] };
}

function finalizersOf(namespace: ApiObject | undefined): readonly string[] {
  return (namespace as NamespaceParts | undefined)?.spec?.finalizers ?? [];
}

async function conditionsOf(registry: Registry): Promise<readonly string[]> {
  const namespace = (await objectAt(registry, namespaceTarget("going"))) as NamespaceParts | undefined;
  return (namespace?.status?.conditions ?? []).map(
    ({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`,
  );
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}
