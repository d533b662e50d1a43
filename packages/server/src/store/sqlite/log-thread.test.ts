import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Worker } from "node:worker_threads";
import { systemClock } from "../../clock.ts";
import { bytes, create, found, replace, text } from "../conformance/store-case.ts";
import { type Entry, type Store, StoreUnavailableError } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

test("a store whose thread fails says so, serves reads, and recovers by itself", async (t) => {
  const { store, threads } = await open(t, newStorePath(t));
  const entry = await create(store, "/c/a", "one");
  // No request: whatever is wrong inside the thread, this is how it ends.
  threads.at(-1)?.postMessage(undefined);
  const failed = await store
    .write({ key: "/c/a", value: bytes("two"), expect: entry.revision })
    .catch((error: unknown) => error);
  assert.ok(failed instanceof StoreUnavailableError);
  assert.match(failed.message, /^the store's thread failed: TypeError/);
  const status = store.status();
  assert.match(status.kind === "failing" ? status.reason : "", /^the store's thread failed: TypeError/);
  assert.equal(text(await found(store, "/c/a")), "one");

  await untilServing(store);
  assert.equal(threads.length, 2);
  await replace(store, entry, "three");
  assert.equal(text(await found(store, "/c/a")), "three");
});

test("a store whose thread dies under load, again and again, keeps what it acknowledged and nothing else", async (t) => {
  const path = newStorePath(t);
  const { store, threads } = await open(t, path);
  const acknowledged = await Promise.all(
    Array.from({ length: 16 }, (_, index) => create(store, `/c/${index}`)),
  );
  for (let round = 0; round < 8; round += 1) {
    const target = store.revision + 20 + round * 37;
    const writers = acknowledged.map((entry) => writeUntilFailure(store, entry));
    while (store.revision < target) await new Promise((resolve) => setImmediate(resolve));
    await threads.at(-1)?.terminate();
    acknowledged.splice(0, 16, ...(await Promise.all(writers)));
    await untilServing(store);
    await assertHolds(store, acknowledged);
  }
  const newest = store.revision;
  await store.close();

  const { store: again } = await open(t, path);
  assert.equal(again.revision, newest);
  await assertHolds(again, acknowledged);
});

test("a store that is closed while its thread is being replaced comes to rest", async (t) => {
  const path = newStorePath(t);
  const { store, threads } = await open(t, path);
  const entry = await create(store, "/c/a", "one");
  await threads.at(-1)?.terminate();
  await assert.rejects(replace(store, entry, "two"), StoreUnavailableError);
  while (threads.length < 2) await new Promise((resolve) => setImmediate(resolve));
  await store.close();
  const { store: again } = await open(t, path);
  assert.equal(text(await found(again, "/c/a")), "one");
});

/** Resolves with the newest version that was acknowledged. */
async function writeUntilFailure(store: Store, first: Entry): Promise<Entry> {
  let entry = first;
  try {
    for (;;) entry = await replace(store, entry, `after ${entry.revision}`);
  } catch (error) {
    assert.ok(error instanceof StoreUnavailableError, String(error));
    return entry;
  }
}

async function assertHolds(store: Store, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) {
    const { revision, value } = await found(store, entry.key);
    assert.deepEqual([revision, value], [entry.revision, entry.value], entry.key);
  }
}

async function untilServing(store: Store): Promise<void> {
  while (store.status().kind === "failing") await new Promise((resolve) => setImmediate(resolve));
}

async function open(
  t: TestContext,
  path: string,
): Promise<{ readonly store: Store; readonly threads: readonly Worker[] }> {
  const threads: Worker[] = [];
  const keep = (worker: Worker): void => void threads.push(worker);
  process.on("worker", keep);
  t.after(() => process.off("worker", keep));
  const opened = await openSqliteStore({
    path,
    clock: systemClock,
    onProblem: assert.fail,
    bounds: {
      probeEveryMs: 10,
      historyChangesMax: 300,
      purgeAfterRows: 40,
      purgeRowsMax: 30,
      checkpointPages: 32,
    },
  });
  if (opened.kind === "refused") assert.fail(opened.message);
  t.after(() => opened.store.close());
  return { store: opened.store, threads };
}

function newStorePath(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "leasehold-thread-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, "store.sqlite");
}
