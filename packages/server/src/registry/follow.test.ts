import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, type Kind } from "@leasehold/api";
import { Feed } from "../watch/feed.ts";
import { follow, type Followed } from "./follow.ts";
import { kindPrefixOf, type Registry } from "./target.ts";
import { memoryRegistry, putObject } from "./testing/memory-registry.ts";

const kind: Kind = leaseKind;

test("a follower is told the state, then every change, until it is stopped", async (t) => {
  const registry = await memoryRegistry(t);
  await put(registry, "a");
  const stop = new AbortController();
  const following = follow(registry, kind, stop.signal);
  assert.deepEqual(told(await next(following)), ["state", "a"]);
  const change = next(following);
  await put(registry, "b");
  assert.deepEqual(told(await change), ["changes", "b"]);
  const end = following.next();
  stop.abort();
  assert.equal((await end).done, true);
});

test("a follower that lags is told the state anew", async (t) => {
  const registry = await memoryRegistry(t);
  const feed = new Feed({
    store: registry.store,
    prefix: kindPrefixOf(kind),
    bounds: { queueChangesMax: 2 },
  });
  t.after(() => feed.close());
  const stop = new AbortController();
  const following = follow({ ...registry, feedOf: () => feed }, kind, stop.signal);
  assert.deepEqual(told(await next(following)), ["state"]);
  const first = next(following);
  await put(registry, "a");
  assert.deepEqual(told(await first), ["changes", "a"]);
  for (const name of ["b", "c", "d", "e"]) await put(registry, name);
  assert.deepEqual(told(await next(following)), ["state", "a", "b", "c", "d", "e"]);
  stop.abort();
  await following.return();
});

async function put(registry: Registry, name: string): Promise<void> {
  const object = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec: {} };
  await putObject(registry, { kind, namespace: "default", name }, object);
}

async function next(following: AsyncGenerator<Followed, void>): Promise<Followed> {
  const { value } = await following.next();
  assert.ok(value);
  return value;
}

function told(item: Followed): readonly string[] {
  const keys =
    item.kind === "state" ? item.entries.map(({ key }) => key) : item.changes.map(({ key }) => key);
  return [item.kind, ...keys.map((key) => key.slice(key.lastIndexOf("/") + 1))];
}
