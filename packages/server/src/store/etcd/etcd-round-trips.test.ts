import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { allKinds, leaseKind, namespaceKind, type ApiObject, type Kind } from "@leasehold/api";
import { type Clock, systemClock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { openRegistry } from "../../open-registry.ts";
import { systemRandom } from "../../random.ts";
import { everything } from "../../registry/selection.ts";
import { kindPrefixOf, type ObjectTarget, type Registry } from "../../registry/target.ts";
import { putObject } from "../../registry/testing/memory-registry.ts";
import { get } from "../../verbs/get.ts";
import { list } from "../../verbs/list.ts";
import { update } from "../../verbs/update.ts";
import { startEtcd, withoutEtcd } from "./etcd-process-fixture.ts";
import { openStoreOn } from "./etcd-store-fixture.ts";

const target: ObjectTarget = { kind: leaseKind, namespace: "default", name: "a" };

/** What each request costs etcd, counted by etcd itself. */
test(
  "a renewal is one transaction, a get one read, and what may be old costs nothing",
  {
    skip: withoutEtcd(),
  },
  async (t) => {
    const etcd = await startEtcd();
    t.after(() => etcd.close());
    const registry = await openOn(t, etcd.urls);
    await putObject(registry, namespaceTarget("default"), namespace("default"));
    let lease = await putObject(registry, target, leaseHeldBy("nobody"));
    const counted = async (work: () => Promise<unknown>): Promise<readonly number[]> => {
      const before = await handled(etcd.urls[0] ?? "");
      for (let count = 0; count < 20; count += 1) await work();
      const later = await handled(etcd.urls[0] ?? "");
      return ["Txn", "Range"].map((method) => (later.get(method) ?? 0) - (before.get(method) ?? 0));
    };
    const renew = async (): Promise<void> => {
      const object = { ...leaseHeldBy(systemRandom.uuid()), metadata: lease.metadata };
      ({ object: lease } = await update(registry, { ...plainUpdate, object }));
    };
    assert.deepEqual(await counted(renew), [20, 0]);
    assert.deepEqual(await counted(() => get(registry, { target, resourceVersion: "" })), [0, 20]);
    assert.deepEqual(await counted(() => get(registry, { target, resourceVersion: "0" })), [0, 0]);
    const listing = { target, selection: everything, limit: 0, continueToken: "" } as const;
    const lists = (resourceVersion: string) =>
      list(registry, { ...listing, resourceVersion, resourceVersionMatch: "" });
    assert.deepEqual(await counted(() => lists("")), [0, 20]);
    assert.deepEqual(await counted(() => lists("0")), [0, 0]);
  },
);

const plainUpdate = {
  target,
  subresource: undefined,
  dryRun: false,
  manager: "test",
  admit: () => {},
  authorizeCreate: () => {},
  warn: () => {},
};

async function openOn(t: TestContext, servers: readonly string[]): Promise<Registry> {
  const resources = [...new Set(allKinds.map(kindPrefixOf))];
  const store = await openStoreOn({ servers, prefix: "/registry", resources, clock: quietClock });
  const open = openRegistry({ kinds: allKinds, store, clock: systemClock, random: systemRandom });
  t.after(async () => {
    await open.close();
    await store.close();
  });
  return open.registry;
}

/** What a store asks from time to time by itself is not counted. */
const quietClock: Clock = {
  ...systemClock,
  schedule: (delayMs, run) =>
    delayMs < limits.etcdIdleProgressMs / 2 ? systemClock.schedule(delayMs, run) : { cancel: () => {} },
};

/** How many calls of each method etcd has answered. */
async function handled(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.matchAll(/^grpc_server_handled_total\{.*grpc_method="(\w+)".*\} (\S+)$/gm);
  const counts = new Map<string, number>();
  for (const [, method = "", count] of lines) counts.set(method, (counts.get(method) ?? 0) + Number(count));
  return counts;
}

function namespaceTarget(name: string): ObjectTarget {
  return { kind: anyNamespaceKind, namespace: "", name };
}

function namespace(name: string): ApiObject {
  const plain: ApiObject = { apiVersion: "v1", kind: "Namespace", metadata: { name }, spec: {}, status: {} };
  return anyNamespaceKind.rules.withDefaults(plain);
}

const anyNamespaceKind: Kind = namespaceKind;

function leaseHeldBy(holderIdentity: string): ApiObject {
  const metadata = { name: "a", namespace: "default" };
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: { holderIdentity } };
}
