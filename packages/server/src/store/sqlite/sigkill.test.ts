import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { systemClock } from "../../clock.ts";
import { bytes, text } from "../conformance/store-case.ts";
import type { Change, Entry, Revision, Store } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

/**
 * A child of this process writes as fast as it can and says what was acknowledged; it is killed, again and again, at a moment that a
 * seeded sequence decides. LEASEHOLD_KILL_CYCLES (5 unless told) and LEASEHOLD_KILL_SEED make it longer and different.
 */
const [, , role, storePath = ""] = process.argv;
if (role === "writer") await writeUntilKilled(storePath);
else
  test(
    "a store whose process is killed under load keeps every acknowledged write, and no revision twice",
    killAndCheck,
  );

async function killAndCheck(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "leasehold-kill-"));
  const path = join(directory, "store.sqlite");
  const cycles = Number(process.env["LEASEHOLD_KILL_CYCLES"] ?? 5);
  const draw = randomSequence(Number(process.env["LEASEHOLD_KILL_SEED"] ?? 1));
  const known = new Known();
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    await killAfter({ acknowledgements: 20 + (draw() % 600), path, known });
    const store = await open(path);
    try {
      await known.check(store);
    } finally {
      await store.close();
    }
  }
  assert.ok(known.count >= cycles * 20);
  rmSync(directory, { recursive: true });
}

interface Kill {
  readonly acknowledgements: number;
  readonly path: string;
  readonly known: Known;
}

async function killAfter({ acknowledgements, path, known }: Kill): Promise<void> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const argv = [...process.execArgv, import.meta.filename, "writer", path];
  const child = spawn(process.execPath, argv, { env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise((resolve) => child.on("exit", (_code, signal) => resolve(signal)));
  let left = acknowledgements;
  // What the child has said before it died is still read: the pipe outlives it.
  for await (const line of createInterface({ input: child.stdout })) {
    known.acknowledge(line);
    left -= 1;
    if (left === 0) child.kill("SIGKILL");
  }
  assert.equal(await exited, "SIGKILL");
}

/** What the writers were told. */
class Known {
  readonly #byRevision = new Map<Revision, string>();
  #newestBefore: Revision = 0;

  get count(): number {
    return this.#byRevision.size;
  }

  /** A line is "revision key value"; "-" stands for the value of a deleted key. */
  acknowledge(line: string): void {
    const [revision = "", ...rest] = line.split(" ");
    // The last line may be torn by the kill; then its writer was told nothing.
    if (!line.endsWith(";")) return;
    assert.ok(Number(revision) > this.#newestBefore, `${line} uses a revision from before the restart`);
    assert.ok(!this.#byRevision.has(Number(revision)), `${line} uses a revision twice`);
    this.#byRevision.set(Number(revision), rest.join(" "));
  }

  async check(store: Store): Promise<void> {
    const newest = new Map<string, Revision>();
    for (const [revision, write] of this.#byRevision) {
      const key = write.split(" ")[0] ?? "";
      newest.set(key, Math.max(revision, newest.get(key) ?? 0));
    }
    const since = store.horizon;
    const changes = await allChanges(store, since);
    for (const [revision, write] of this.#byRevision)
      if (revision > since) assert.equal(written(changes.get(revision)), write, `revision ${revision}`);
    for (const [key, revision] of newest) {
      const now = await store.read({ key });
      // A write that was not acknowledged may have been kept; it is newer.
      if (now.kind === "found" && now.entry.revision !== revision)
        assert.ok(now.entry.revision > revision, key);
      else
        assert.equal(
          writtenEntry(key, now.kind === "found" ? now.entry : undefined),
          this.#writeAt(revision, changes),
        );
    }
    this.#newestBefore = store.revision;
  }

  /** The key may have been deleted since by a write that was not acknowledged. */
  #writeAt(revision: Revision, changes: ReadonlyMap<Revision, Change>): string | undefined {
    const write = this.#byRevision.get(revision);
    const key = write?.split(" ")[0];
    const later = [...changes.values()].findLast(
      (change) => change.key === key && change.revision > revision,
    );
    return later === undefined ? write : written(later);
  }
}

async function allChanges(store: Store, since: Revision): Promise<ReadonlyMap<Revision, Change>> {
  const changes = new Map<Revision, Change>();
  if (since === store.revision) return changes;
  for await (const item of store.watch({ prefix: "/k/", since, signal: new AbortController().signal })) {
    if (item.kind !== "changes") assert.fail(item.kind);
    for (const change of item.changes) changes.set(change.revision, change);
    if (item.revision === store.revision) break;
  }
  return changes;
}

function written(change: Change | undefined): string | undefined {
  return change === undefined ? undefined : writtenEntry(change.key, change.after);
}

function writtenEntry(key: string, entry: Entry | undefined): string {
  return `${key} ${text(entry) ?? "-"};`;
}

async function open(path: string): Promise<Store> {
  // Little history and eager tidying, so that purges and checkpoints are killed too.
  const bounds = { historyChangesMax: 300, purgeAfterRows: 50, purgeRowsMax: 40, checkpointPages: 32 };
  const opened = await openSqliteStore({ path, clock: systemClock, onProblem: assert.fail, bounds });
  if (opened.kind === "refused") assert.fail(opened.message);
  return opened.store;
}

async function writeUntilKilled(path: string): Promise<void> {
  const store = await open(path);
  await Promise.all(Array.from({ length: 16 }, (_, writer) => writeForEver(store, `/k/${writer}`)));
}

async function writeForEver(store: Store, key: string): Promise<void> {
  const current = await store.read({ key });
  let entry = current.kind === "found" ? current.entry : undefined;
  for (let count = 0; ; count += 1) {
    const isDelete = entry !== undefined && count % 10 === 9;
    const value = isDelete ? undefined : `${process.pid}-${count}-${"x".repeat(count % 500)}`;
    const result =
      value === undefined && entry !== undefined
        ? await store.write({ key, value: undefined, expect: entry.revision })
        : await store.write({ key, value: bytes(value ?? ""), expect: entry?.revision ?? "absent" });
    if (result.kind !== "written") throw new Error(`${key}: ${result.kind}`);
    process.stdout.write(`${result.revision} ${key} ${value ?? "-"};\n`);
    entry = isDelete ? undefined : result.entry;
  }
}

/** Park and Miller's: good enough to choose moments, and the same everywhere. */
function randomSequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647);
}
