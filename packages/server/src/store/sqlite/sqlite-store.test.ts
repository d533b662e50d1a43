import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { type Clock, systemClock } from "../../clock.ts";
import {
  changesOf,
  create,
  found,
  keysOf,
  page,
  remove,
  replace,
  text,
  told,
} from "../conformance/store-case.ts";
import { storeCases } from "../conformance/store-cases.ts";
import { type Store, StoreUnavailableError } from "../store.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";

for (const storeCase of storeCases)
  test(storeCase.name, async (t) => {
    const store = await open(t, { path: newStorePath(t) });
    await storeCase.run({ store });
  });

test("a store that opens again holds what it acknowledged, at the same revisions", async (t) => {
  const path = newStorePath(t);
  const before = await open(t, { path });
  const one = await create(before, "/c/a", "one");
  await replace(before, one, "two");
  await create(before, "/c/empty", "");
  await create(before, "/c/é😀", "unicode");
  await remove(before, await create(before, "/c/b"));
  const expected = await page(before, { prefix: "/c/" });
  await before.close();

  const after = await open(t, { path });
  assert.deepEqual(await page(after, { prefix: "/c/" }), expected);
  assert.equal((await create(after, "/c/new")).revision, expected.revision + 1);
});

test("reads and watches in the past go on after a restart", async (t) => {
  const path = newStorePath(t);
  const before = await open(t, { path });
  const one = await create(before, "/c/a", "one");
  const deletedAt = await remove(before, await replace(before, one, "two"));
  await create(before, "/c/a", "three");
  await before.close();

  const after = await open(t, { path });
  const past = await after.read({ key: "/c/a", at: one.revision });
  assert.equal(past.kind === "found" && text(past.entry), "one");
  assert.equal((await after.read({ key: "/c/a", at: deletedAt })).kind, "absent");
  const watch = after.watch({ prefix: "/c/", since: one.revision, signal: new AbortController().signal });
  const changes = await changesOf(watch, 3);
  assert.deepEqual(changes.map(told), ["~/c/a=one>two", "-/c/a=two", "+/c/a=three"]);
  assert.equal(changes[2]?.after, await found(after, "/c/a"));
});

test("what is older than the history's bounds is not read again after a restart", async (t) => {
  const path = newStorePath(t);
  let nowMs = 1_000_000;
  const clock: Clock = { ...systemClock, nowMs: () => nowMs };
  const before = await open(t, { path, clock });
  const old = await create(before, "/c/old", "one");
  nowMs += 200_000;
  const recent = await create(before, "/c/recent", "one");
  await replace(before, recent, "two");
  await before.close();

  nowMs += 200_000;
  const after = await open(t, { path, clock });
  assert.equal(after.horizon, old.revision);
  assert.equal((await after.read({ key: "/c/recent", at: recent.revision })).kind, "found");
  assert.equal(text(await found(after, "/c/old")), "one");
});

test("a compaction is remembered, and the revision goes on after the last one, though its row is removed", async (t) => {
  const path = newStorePath(t);
  const before = await open(t, { path });
  const last = await remove(before, await create(before, "/c/a"));
  await before.compact(last);
  await before.close();
  assert.equal(rowCount(path), 0);

  const after = await open(t, { path });
  assert.deepEqual([after.revision, after.horizon], [last, last]);
  assert.deepEqual(await after.read({ key: "/c/a", at: 1 }), { kind: "compacted", horizon: last });
  assert.equal((await create(after, "/c/a")).revision, last + 1);
});

test("superseded rows are removed in the background, and what remains is the history and the present", async (t) => {
  const path = newStorePath(t);
  const bounds = { historyChangesMax: 50, purgeAfterRows: 20, purgeRowsMax: 15, checkpointPages: 16 };
  const before = await open(t, { path, bounds });
  const entries = await Promise.all(Array.from({ length: 20 }, (_, index) => create(before, `/c/${index}`)));
  for (let round = 0; round < 20; round += 1)
    await Promise.all(
      entries.map(async (entry, index) => (entries[index] = await replace(before, entry, `${round}`))),
    );
  await before.close();
  const rows = rowCount(path);
  assert.ok(rows >= 20 + 30 && rows < 20 + 50 + 60, `${rows} rows`);

  const after = await open(t, { path, bounds });
  const { entries: now } = await page(after, { prefix: "/c/" });
  assert.equal(now.length, 20);
  assert.ok(now.every((entry) => text(entry) === "19"));
  assert.equal(after.revision, 20 * 21);
  assert.equal(after.horizon, 20 * 21 - 50);
});

test("renewing one lease over and over leaves small files, while it goes on and afterwards", async (t) => {
  const path = newStorePath(t);
  const bounds = { historyChangesMax: 500, purgeAfterRows: 100, purgeRowsMax: 100, checkpointPages: 64 };
  const store = await open(t, { path, bounds });
  let entry = await create(store, "/c/a", "x".repeat(500));
  let [bytesMax, writtenBytes] = [0, 0];
  for (let round = 0; round < 2500; round += 1) {
    entry = await replace(store, entry, "x".repeat(500));
    writtenBytes += 500;
    bytesMax = Math.max(bytesMax, statSync(path).size + statSync(`${path}-wal`).size);
  }
  await store.close();
  // 600 rows in pages that are half full at times, and a write-ahead log of four checkpoints.
  assert.ok(bytesMax < 1_100_000 && writtenBytes > 1_200_000, `${bytesMax} bytes`);
  assert.ok(statSync(path).size < 600_000, `${statSync(path).size} bytes`);
});

test("a second store on the same file is refused while the first is open", async (t) => {
  const path = newStorePath(t);
  const first = await open(t, { path });
  const second = await openSqliteStore({ path, clock: systemClock, onProblem: assert.fail });
  assert.deepEqual(second, { kind: "refused", message: `cannot use ${path}: another server uses it` });
  await create(first, "/c/a");
  await first.close();
  assert.deepEqual(keysOf(await page(await open(t, { path }), { prefix: "/c/" })), ["/c/a"]);
});

test("what is not a store of this version or an older one is refused, and left as it is", async (t) => {
  const cases: readonly { readonly make: (path: string) => void; readonly says: RegExp }[] = [
    {
      make: (path) => writeFileSync(path, "not a database, but long enough to be looked at"),
      says: /not a database/,
    },
    { make: (path) => sql(path, "CREATE TABLE log (a)"), says: /it is not a leasehold store/ },
    {
      make: (path) =>
        sql(path, "CREATE TABLE a (a); PRAGMA application_id = 0x6c656173; PRAGMA user_version = 3"),
      says: /written by a newer version \(format 3; this one knows 2\)/,
    },
    { make: (path) => sql(path, "PRAGMA user_version = 7"), says: /it is not a leasehold store/ },
  ];
  for (const { make, says } of cases) {
    const path = newStorePath(t);
    make(path);
    const { mtimeMs } = statSync(path);
    const opened = await openSqliteStore({ path, clock: systemClock, onProblem: assert.fail });
    assert.match(opened.kind === "refused" ? opened.message : "opened", says);
    assert.equal(statSync(path).mtimeMs, mtimeMs);
  }
});

test("a file that cannot be opened is refused with the reason", async () => {
  const opened = await openSqliteStore({
    path: "/nowhere/store.sqlite",
    clock: systemClock,
    onProblem: assert.fail,
  });
  assert.match(opened.kind === "refused" ? opened.message : "opened", /unable to open database file/);
});

test("a full store refuses writes with the reason, serves reads, and recovers when there is room", async (t) => {
  const path = newStorePath(t);
  const bounds = { fileBytesMax: 256 * 1024, historyMsMax: 1000, probeEveryMs: 20, checkpointPages: 4 };
  let nowMs = 0;
  const store = await open(t, { path, bounds, clock: { ...systemClock, nowMs: () => nowMs } });
  let entry = await create(store, "/c/a", "x".repeat(20_000));
  const full = await store
    .write({ key: "/c/b", value: new Uint8Array(300_000), expect: "absent" })
    .catch(String);
  assert.equal(full, "StoreUnavailableError: database or disk is full");
  assert.deepEqual(store.status(), { kind: "failing", reason: "database or disk is full" });
  await assert.rejects(async () => {
    for (;;) entry = await replace(store, entry, "x".repeat(20_000));
  }, StoreUnavailableError);
  assert.equal((await found(store, "/c/a")).revision, entry.revision);

  nowMs += 2000;
  while (store.status().kind === "failing") await new Promise((resolve) => setTimeout(resolve, 10));
  await replace(store, entry, "small");
  await store.close();
  const after = await open(t, { path, bounds });
  assert.equal(text(await found(after, "/c/a")), "small");
  assert.deepEqual(keysOf(await page(after, { prefix: "/c/" })), ["/c/a"]);
});

async function open(
  t: TestContext,
  options: Partial<SqliteStoreOptions> & { readonly path: string },
): Promise<Store> {
  const opened = await openSqliteStore({ clock: systemClock, onProblem: assert.fail, ...options });
  if (opened.kind === "refused") assert.fail(opened.message);
  t.after(() => opened.store.close());
  return opened.store;
}

function rowCount(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const { count } = db.prepare("SELECT count(*) AS count FROM log").get() ?? {};
  db.close();
  return Number(count);
}

function sql(path: string, statements: string): void {
  const db = new DatabaseSync(path);
  db.exec(statements);
  db.close();
}

function newStorePath(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "leasehold-store-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, "store.sqlite");
}
