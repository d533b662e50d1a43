import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  clusterRoleBindingKind,
  clusterRoleKind,
  roleBindingKind,
  roleKind,
  type ApiObject,
  type Kind,
} from "@leasehold/api";
import { guardedWrite } from "../registry/guarded-write.ts";
import type { ObjectTarget, Registry } from "../registry/target.ts";
import { memoryRegistry, objectAt } from "../registry/testing/memory-registry.ts";
import { writeAsServer } from "../registry/write-as-server.ts";
import { bootstrapBindings, bootstrapRoles } from "./bootstrap-policy.ts";
import { followPolicy } from "./follow-policy.ts";
import { createRbac } from "./rbac.ts";
import { reconcileBootstrapPolicy } from "./reconcile-policy.ts";

const kinds: Readonly<Record<"roles" | "rolebindings" | "clusterroles" | "clusterrolebindings", Kind>> = {
  roles: roleKind,
  rolebindings: roleBindingKind,
  clusterroles: clusterRoleKind,
  clusterrolebindings: clusterRoleBindingKind,
};

test("a fresh store gets every default role and binding, and a second start writes nothing", async (t) => {
  const registry = await start(t);
  await reconcileBootstrapPolicy(registry, kinds);
  for (const { name, namespace } of bootstrapRoles)
    await read(registry, namespace === "" ? kinds.clusterroles : kinds.roles, { namespace, name });
  for (const { name, namespace } of bootstrapBindings)
    await read(registry, namespace === "" ? kinds.clusterrolebindings : kinds.rolebindings, {
      namespace,
      name,
    });
  const { revision } = registry.store;
  await reconcileBootstrapPolicy(registry, kinds);
  assert.equal(registry.store.revision, revision);
});

test("what was taken from a default role comes back, and what was added stays", async (t) => {
  const registry = await start(t);
  await reconcileBootstrapPolicy(registry, kinds);
  const target = { kind: kinds.clusterroles, namespace: "", name: "system:basic-user" };
  const own = { verbs: ["get"], apiGroups: ["acme.io"], resources: ["widgets"] };
  await change(registry, target, (role) => ({
    ...role,
    rules: [own],
    metadata: { ...role.metadata, labels: undefined },
  }));
  await reconcileBootstrapPolicy(registry, kinds);
  const role = await read(registry, target.kind, target);
  assert.deepEqual(JSON.parse(JSON.stringify(role.rules)), [
    own,
    { verbs: ["create"], apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectaccessreviews"] },
    { verbs: ["create"], apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectrulesreviews"] },
    { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"] },
  ]);
  assert.deepEqual(role.metadata.labels, { "kubernetes.io/bootstrapping": "rbac-defaults" });
});

test("a default role that opted out stays as it is", async (t) => {
  const registry = await start(t);
  await reconcileBootstrapPolicy(registry, kinds);
  const target = { kind: kinds.clusterroles, namespace: "", name: "system:basic-user" };
  const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "false" };
  await change(registry, target, (role) => ({
    ...role,
    rules: [],
    metadata: { ...role.metadata, annotations },
  }));
  await reconcileBootstrapPolicy(registry, kinds);
  assert.equal((await read(registry, target.kind, target)).rules, undefined);
});

test("a default binding that refers to another role is made anew", async (t) => {
  const registry = await start(t);
  await reconcileBootstrapPolicy(registry, kinds);
  const target = { kind: kinds.clusterrolebindings, namespace: "", name: "system:discovery" };
  const before = await read(registry, target.kind, target);
  await guardedWrite(registry, target, () => ({ kind: "remove" }));
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
  const other: ApiObject = {
    apiVersion: before.apiVersion,
    kind: before.kind,
    metadata: { name: "system:discovery" },
    subjects: before.subjects,
    roleRef,
  };
  await writeAsServer(registry, { target, manager: "test", wanted: (current) => current ?? other });
  await reconcileBootstrapPolicy(registry, kinds);
  const after = await read(registry, target.kind, target);
  assert.deepEqual(after.roleRef, { ...roleRef, name: "system:discovery" });
});

test("a subject taken from a default binding comes back", async (t) => {
  const registry = await start(t);
  await reconcileBootstrapPolicy(registry, kinds);
  const target = { kind: kinds.clusterrolebindings, namespace: "", name: "system:discovery" };
  const jane = { kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "jane" };
  await change(registry, target, (binding) => ({ ...binding, subjects: [jane] }));
  await reconcileBootstrapPolicy(registry, kinds);
  const { subjects } = await read(registry, target.kind, target);
  const names = (subjects as readonly { name: string }[]).map(({ name }) => name);
  assert.deepEqual(names, ["jane", "system:authenticated"]);
});

test("the policy that is followed is in force as soon as a write is acknowledged", async (t) => {
  const registry = await start(t);
  await reconcileBootstrapPolicy(registry, kinds);
  const followed = await followPolicy(registry, kinds);
  t.after(() => followed.close());
  const rbac = createRbac(followed.policy);
  const stranger = { name: "system:anonymous", uid: "", groups: ["system:unauthenticated"], extra: {} };
  const jane = { name: "jane", uid: "", groups: ["system:authenticated"], extra: {} };
  const mayRead = (user: typeof jane, path: string): string =>
    rbac.authorize({ kind: "path", user, verb: "get", path }).kind;
  assert.equal(mayRead(stranger, "/version"), "allowed");
  assert.equal(mayRead(stranger, "/apis"), "no-opinion");
  assert.equal(mayRead(jane, "/apis"), "allowed");
  const target = { kind: kinds.clusterrolebindings, namespace: "", name: "system:discovery" };
  await guardedWrite(registry, target, () => ({ kind: "remove" }));
  await nextTurn();
  assert.equal(mayRead(jane, "/apis"), "no-opinion");
  await reconcileBootstrapPolicy(registry, kinds);
  await nextTurn();
  assert.equal(mayRead(jane, "/apis"), "allowed");
});

/** The request that comes after an answer comes in another turn of the event loop. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function change(
  registry: Registry,
  target: ObjectTarget,
  edit: (object: ApiObject) => ApiObject,
): Promise<void> {
  await writeAsServer(registry, { target, manager: "test", wanted: (current) => current && edit(current) });
}

async function read(
  registry: Registry,
  kind: Kind,
  place: { readonly namespace: string; readonly name: string },
): Promise<ApiObject> {
  const object = await objectAt(registry, { ...place, kind });
  assert.ok(object, `${kind.kind} ${place.name}`);
  return object;
}

function start(t: TestContext): Promise<Registry> {
  return memoryRegistry(t, { namespaces: ["kube-system"] });
}
