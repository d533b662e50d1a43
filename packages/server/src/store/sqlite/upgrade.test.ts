import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { type Clock, systemClock } from "../../clock.ts";
import { changesOf, create, found, keysOf, page, text, told } from "../conformance/store-case.ts";
import type { Store } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const [, , role, storePath = ""] = process.argv;
if (role === "upgrade")
  await openSqliteStore({ path: storePath, clock: systemClock, onProblem: assert.fail });
else {
  test("a store of version 1 opens with its entries, its history and its revisions", openVersion1);
  test("an upgrade that is killed in the middle is done again", killUpgrade);
}

async function openVersion1(t: TestContext): Promise<void> {
  const path = join(newDirectory(t), "store.sqlite");
  sql(path, readFileSync(join(import.meta.dirname, "testing/version-1.sql"), "utf8"));
  assert.equal(numberIn(path, "PRAGMA user_version"), 1);

  const store = await open(t, path);
  assert.equal(store.revision, 12);
  assert.equal(store.horizon, 5);
  const { entries } = await page(store, { prefix: "/registry/leases/" });
  assert.deepEqual(
    entries.map((entry) => [entry.key, text(entry), entry.revision, entry.created]),
    [
      ["/registry/leases/default/a", "it's the last\nline", 12, 2],
      ["/registry/leases/default/empty", "", 4, 4],
      ["/registry/leases/default/é😀", "k8s\0unicode", 3, 3],
    ],
  );
  const past = await store.read({ key: "/registry/leases/default/gone", at: 6 });
  assert.equal(past.kind === "found" && text(past.entry), "k8s\0soon");
  const watch = store.watch({ prefix: "/", since: 9, signal: new AbortController().signal });
  assert.deepEqual((await changesOf(watch, 3)).map(told), [
    "-/registry/leases/default/past=k8s\0past",
    "~/registry/leases/default/a=k8s\0three>k8s\0four",
    "~/registry/leases/default/a=k8s\0four>it's the last\nline",
  ]);
  assert.equal((await create(store, "/registry/leases/default/new")).revision, 13);
  await store.close();

  assert.equal(numberIn(path, "PRAGMA user_version"), 2);
  const again = await open(t, path);
  assert.equal(text(await found(again, "/registry/leases/default/a")), "it's the last\nline");
  assert.equal(again.revision, 13);
}

/** Large enough that its upgrade outgrows SQLite's cache, so that its transaction is seen in the write-ahead log before it ends. */
async function killUpgrade(t: TestContext): Promise<void> {
  const directory = newDirectory(t);
  const original = join(directory, "version-1.sqlite");
  const schema = readFileSync(join(import.meta.dirname, "testing/version-1.sql"), "utf8");
  sql(original, schema.replaceAll(/^INSERT INTO log .*\n/gm, ""));
  sql(
    original,
    `INSERT INTO log WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < 50000)
     SELECT n, '/k/' || n, zeroblob(1000), n, 0 FROM row`,
  );
  const path = join(directory, "store.sqlite");
  while (!(await isKilledInTheMiddle(original, path))) t.diagnostic("the upgrade was over before the kill");

  const store = await open(t, path);
  const { entries } = await page(store, { prefix: "/k/" });
  assert.equal(entries.length, 50_000);
  assert.deepEqual(keysOf(await page(store, { prefix: "/k/", limit: 2 })), ["/k/1", "/k/10"]);
  assert.equal(store.revision, 50_000);
}

async function isKilledInTheMiddle(original: string, path: string): Promise<boolean> {
  copyFileSync(original, path);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const argv = [...process.execArgv, import.meta.filename, "upgrade", path];
  const child = spawn(process.execPath, argv, { env, stdio: "inherit" });
  const exited = once(child, "exit");
  while (child.exitCode === null && !(existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 1e6))
    await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGKILL");
  await exited;
  return numberIn(path, "PRAGMA user_version") === 1;
}

async function open(t: TestContext, path: string): Promise<Store> {
  // When the last of the rows was written: none is too old to be read.
  const clock: Clock = { ...systemClock, nowMs: () => 1_795_369_164_077 };
  const opened = await openSqliteStore({ path, clock, onProblem: assert.fail });
  if (opened.kind === "refused") assert.fail(opened.message);
  t.after(() => opened.store.close());
  return opened.store;
}

function sql(path: string, statements: string): void {
  const db = new DatabaseSync(path);
  db.exec(statements);
  db.close();
}

function numberIn(path: string, query: string): number {
  const db = new DatabaseSync(path);
  const [value] = Object.values(db.prepare(query).get() ?? {});
  db.close();
  return Number(value);
}

function newDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "leasehold-upgrade-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}
