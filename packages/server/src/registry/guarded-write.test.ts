import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { leaseKind, StatusError, statusErrors, type ApiObject, type Kind } from "@leasehold/api";
import type { Entry, ReadQuery, Store } from "../store/store.ts";
import { guardedWrite } from "./guarded-write.ts";
import { keyOf, type ObjectTarget, type Registry } from "./target.ts";
import { memoryRegistry, objectAt, putObject } from "./testing/memory-registry.ts";

const kind: Kind = leaseKind;
const target: ObjectTarget = { kind, namespace: "default", name: "a" };

test("what is in memory will do for a write: nothing is read anew", async (t) => {
  const { registry, reads } = await behind(t, { isLate: false });
  const renewed = await guardedWrite(registry, target, (current) => ({
    kind: "store",
    object: held(current, "b"),
  }));
  assert.equal(holderOf(renewed), "b");
  assert.deepEqual(reads, [0]);
});

test("a write that rests on an old state is decided about again, on the one that it met", async (t) => {
  const { registry, reads } = await behind(t, { isLate: true });
  const seen: unknown[] = [];
  await guardedWrite(registry, target, (current) => {
    seen.push(holderOf(current));
    return { kind: "store", object: held(current, "c") };
  });
  assert.deepEqual(seen, ["a", "b"]);
  assert.deepEqual(reads, [0]);
});

test("a refusal and an answer rest on the newest state", async (t) => {
  for (const isLate of [true, false]) {
    const { registry, reads } = await behind(t, { isLate });
    const newest = isLate ? "b" : "a";
    const answered = await guardedWrite(registry, target, (current) => ({
      kind: "answer",
      object: held(current, holderOf(current)),
    }));
    assert.equal(holderOf(answered), newest);
    const refusal = guardedWrite(registry, target, (current) => {
      throw statusErrors.badRequest(`held by ${holderOf(current)}`);
    });
    await assert.rejects(refusal, new StatusError(statusErrors.badRequest(`held by ${newest}`).status));
    assert.deepEqual(reads, [0, undefined, 0, undefined]);
  }
});

test("an object that equals an old state, and not the newest, is written", async (t) => {
  const { registry } = await behind(t, { isLate: true });
  const written = await guardedWrite(registry, target, (current) => ({
    kind: "store",
    object: held(current, "a"),
  }));
  assert.equal(holderOf(written), "a");
  assert.equal(holderOf(await objectAt(registry, target)), "a");
});

interface Behind {
  readonly registry: Registry;
  /** How fresh each read of the lease had to be. */
  readonly reads: (number | undefined)[];
}

/** A registry over a replica that shows the lease as `a` held it; when it is late, `b` has taken it since. */
async function behind(t: TestContext, { isLate }: { readonly isLate: boolean }): Promise<Behind> {
  const registry = await memoryRegistry(t);
  await putObject(registry, target, held(undefined, "a"));
  const before = await registry.store.read({ key: keyOf(target) });
  if (before.kind !== "found") assert.fail(before.kind);
  if (isLate) await putObject(registry, target, held(undefined, "b"));
  const reads: (number | undefined)[] = [];
  const store = late(registry.store, before.entry, reads);
  return { registry: { ...registry, store }, reads };
}

function late(store: Store, shown: Entry, reads: (number | undefined)[]): Store {
  const read = async (query: ReadQuery): ReturnType<Store["read"]> => {
    if (query.key !== shown.key) return store.read(query);
    reads.push(query.notOlderThan);
    if (query.notOlderThan !== 0) return store.read(query);
    return { kind: "found", entry: shown, revision: shown.revision, isNewest: false };
  };
  return Object.create(store, { read: { value: read }, write: { value: store.write.bind(store) } }) as Store;
}

function held(current: ApiObject | undefined, holderIdentity: string): ApiObject {
  const metadata = current?.metadata ?? { name: "a", namespace: "default" };
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: { holderIdentity } };
}

function holderOf(object: ApiObject | undefined): string {
  const lease = object as { readonly spec?: { readonly holderIdentity?: string } } | undefined;
  return lease?.spec?.holderIdentity ?? "";
}
