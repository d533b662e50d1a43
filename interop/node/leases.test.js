// The official JavaScript client creates, reads, replaces, patches, lists, watches and deletes leases.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ApiException,
  CoordinationV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  Watch,
  makeInformer,
  setHeaderOptions,
  V1MicroTime,
} from "@kubernetes/client-node";

const config = new KubeConfig();
assert.ok(process.env.KUBECONFIG, "KUBECONFIG must name the kubeconfig of the server under test");
config.loadFromFile(process.env.KUBECONFIG);
const leases = config.makeApiClient(CoordinationV1Api);
const namespaces = config.makeApiClient(CoreV1Api);
const missing = (process.env.INTEROP_WITHOUT ?? "").split(",").map((feature) => feature.trim());
const bounded = { timeout: 60_000 };

test("a lease keeps what was written and tells its moments in six digits", bounded, async (t) => {
  const namespace = await makeNamespace(t);
  const made = await leases.createNamespacedLease({ namespace, body: lease("one", "a") });
  assert.equal(made.spec.holderIdentity, "a");
  assert.equal(made.spec.renewTime, "2026-02-03T04:05:06.123000Z");
  assert.deepEqual(await leases.readNamespacedLease({ namespace, name: "one" }), made);
});

test("an update of an old version is a conflict", bounded, async (t) => {
  const namespace = await makeNamespace(t);
  const body = await leases.createNamespacedLease({ namespace, body: lease("one", "a") });
  body.spec.holderIdentity = "b";
  const replaced = await leases.replaceNamespacedLease({ namespace, name: "one", body });
  assert.equal(replaced.spec.holderIdentity, "b");
  await refused(leases.replaceNamespacedLease({ namespace, name: "one", body }), 409, "Conflict");
  await refused(leases.createNamespacedLease({ namespace, body: lease("one", "c") }), 409, "AlreadyExists");
  await refused(leases.readNamespacedLease({ namespace, name: "two" }), 404, "NotFound");
});

for (const [strategy, body] of [
  [PatchStrategy.JsonPatch, [{ op: "replace", path: "/spec/holderIdentity", value: "b" }]],
  [PatchStrategy.MergePatch, { spec: { holderIdentity: "b" } }],
  [PatchStrategy.StrategicMergePatch, { spec: { holderIdentity: "b" } }],
]) {
  test(`a patch of type ${strategy} changes what it names`, bounded, async (t) => {
    const namespace = await makeNamespace(t);
    await leases.createNamespacedLease({ namespace, body: lease("one", "a") });
    const as = setHeaderOptions("Content-Type", strategy);
    const patched = await leases.patchNamespacedLease({ namespace, name: "one", body }, as);
    assert.deepEqual([patched.spec.holderIdentity, patched.spec.leaseDurationSeconds], ["b", 15]);
  });
}

test("an apply refuses to take the field of another", unless("apply"), async (t) => {
  const namespace = await makeNamespace(t);
  const as = setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply);
  const apply = (holderIdentity, fieldManager, force) => {
    const body = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "one" },
      spec: { holderIdentity },
    };
    return leases.patchNamespacedLease({ namespace, name: "one", body, fieldManager, force }, as);
  };
  await apply("a", "first");
  await refused(apply("b", "second"), 409, "Conflict");
  const forced = await apply("b", "second", true);
  assert.equal(forced.spec.holderIdentity, "b");
});

test("lists are selected and paged, collections deleted", bounded, async (t) => {
  const namespace = await makeNamespace(t);
  for (const name of ["a", "b", "c", "d"]) {
    await leases.createNamespacedLease({
      namespace,
      body: lease(name, "x", { vowel: String(name === "a") }),
    });
  }
  const page = await leases.listNamespacedLease({ namespace, limit: 3 });
  const rest = await leases.listNamespacedLease({ namespace, limit: 3, _continue: page.metadata._continue });
  assert.deepEqual([...names(page), ...names(rest)], ["a", "b", "c", "d"]);
  await leases.deleteCollectionNamespacedLease({ namespace, labelSelector: "vowel!=true" });
  assert.deepEqual(names(await leases.listNamespacedLease({ namespace })), ["a"]);
  await leases.deleteNamespacedLease({ namespace, name: "a" });
  assert.deepEqual(names(await leases.listNamespacedLease({ namespace })), []);
});

test("the generic client finds leases by discovery", bounded, async (t) => {
  const namespace = await makeNamespace(t);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const spec = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "one", namespace } };
  await objects.create({ ...spec, spec: { holderIdentity: "a" } });
  assert.equal((await objects.read(spec)).spec.holderIdentity, "a");
  await objects.delete(spec);
});

test("a watch tells what is there and what becomes of it", bounded, async (t) => {
  const namespace = await makeNamespace(t);
  const body = await leases.createNamespacedLease({ namespace, body: lease("one", "a") });
  const news = newsOf(3);
  const request = await new Watch(config).watch(
    `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`,
    { allowWatchBookmarks: true },
    (type, object) =>
      type !== "BOOKMARK" && news.add(`${type} ${object.metadata.name} ${object.spec.holderIdentity}`),
    () => {},
  );
  body.spec.holderIdentity = "b";
  await leases.replaceNamespacedLease({ namespace, name: "one", body });
  await leases.deleteNamespacedLease({ namespace, name: "one" });
  const told = await news.complete;
  request.abort();
  // The first state and the change to it may come as one.
  assert.deepEqual(told.slice(-2), ["MODIFIED one b", "DELETED one b"]);
});

test("an informer knows what is there and tells what changes", bounded, async (t) => {
  const namespace = await makeNamespace(t);
  const body = await leases.createNamespacedLease({ namespace, body: lease("one", "a") });
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const informer = makeInformer(config, path, () => leases.listNamespacedLease({ namespace }));
  const news = newsOf(4);
  for (const verb of ["add", "update", "delete"]) {
    informer.on(verb, (object) => news.add(`${verb} ${object.metadata.name} ${object.spec.holderIdentity}`));
  }
  await informer.start();
  t.after(() => informer.stop());
  assert.equal(informer.get("one", namespace).spec.holderIdentity, "a");
  body.spec.holderIdentity = "b";
  await leases.replaceNamespacedLease({ namespace, name: "one", body });
  await leases.createNamespacedLease({ namespace, body: lease("two", "c") });
  await leases.deleteNamespacedLease({ namespace, name: "one" });
  assert.deepEqual(await news.complete, ["add one a", "update one b", "add two c", "delete one b"]);
});

function lease(name, holderIdentity, labels) {
  return {
    metadata: { name, labels },
    spec: {
      holderIdentity,
      leaseDurationSeconds: 15,
      renewTime: new V1MicroTime("2026-02-03T04:05:06.123Z"),
    },
  };
}

async function makeNamespace(t) {
  const made = await namespaces.createNamespace({ body: { metadata: { generateName: "interop-node-" } } });
  const name = made.metadata.name;
  t.after(async () => {
    await leases.deleteCollectionNamespacedLease({ namespace: name });
    await namespaces.deleteNamespace({ name });
  });
  return name;
}

async function refused(request, code, reason) {
  await assert.rejects(request, (error) => {
    assert.ok(error instanceof ApiException, String(error));
    assert.equal(error.code, code);
    assert.equal(JSON.parse(error.body).reason, reason);
    return true;
  });
}

/** Options that skip a test of what the server under test is known not to do yet: INTEROP_WITHOUT lists it, comma-separated. */
function unless(feature) {
  return { ...bounded, skip: missing.includes(feature) && `the server under test is without ${feature}` };
}

function names(list) {
  return list.items.map((item) => item.metadata.name);
}

/** Gathers news; `complete` resolves with all of it when there is as much as wanted. */
function newsOf(wanted) {
  const told = [];
  const { promise: complete, resolve } = Promise.withResolvers();
  const add = (news) => {
    told.push(news);
    if (told.length === wanted) resolve(told);
  };
  return { add, complete };
}
