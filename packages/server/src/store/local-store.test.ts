import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../clock.ts";
import {
  bytes,
  create,
  found,
  itemsOf,
  keysOf,
  page,
  remove,
  replace,
  told,
} from "./conformance/store-case.ts";
import { History } from "./history.ts";
import { LocalStore, type LocalStoreBounds, localStoreBounds } from "./local-store.ts";
import type { Log, LogRecord } from "./log.ts";
import { type Store, StoreUnavailableError } from "./store.ts";

test("a write that is not durable is shown to nobody", async () => {
  const { store, log } = open();
  const pending = create(store, "/c/a");
  await log.begun();
  assert.deepEqual(await store.read({ key: "/c/a" }), { kind: "absent", revision: 0, isNewest: true });
  assert.deepEqual(keysOf(await page(store, { prefix: "/c/" })), []);
  assert.equal(store.revision, 0);
  log.succeed();
  const entry = await pending;
  assert.equal((await found(store, "/c/a")).revision, entry.revision);
});

test("what is written while a commit is under way becomes one commit", async () => {
  const { store, log } = open();
  const writes = ["a", "b", "c", "d"].map((name) => create(store, `/c/${name}`));
  await log.begun();
  log.succeed();
  await log.begun();
  log.succeed();
  await Promise.all(writes);
  assert.deepEqual(
    log.batches.map((batch) => batch.map(({ change }) => told(change))),
    [["+/c/a=/c/a"], ["+/c/b=/c/b", "+/c/c=/c/c", "+/c/d=/c/d"]],
  );
});

test("a commit takes no more rows than its bound", async () => {
  const { store, log } = open({ commitRowsMax: 2 });
  const writes = ["a", "b", "c", "d"].map((name) => create(store, `/c/${name}`));
  for (let commit = 0; commit < 3; commit += 1) {
    await log.begun();
    log.succeed();
  }
  await Promise.all(writes);
  assert.deepEqual(
    log.batches.map((batch) => batch.length),
    [1, 2, 1],
  );
});

test("a write that depends on the fate of another waits for it, and conflicts when that succeeds", async () => {
  const { store, log } = open();
  const first = create(store, "/c/a", "first");
  const second = store.write({ key: "/c/a", value: bytes("second"), expect: "absent" });
  await log.begun();
  log.succeed();
  await first;
  assert.deepEqual(await second, { kind: "conflict", current: await found(store, "/c/a"), revision: 1 });
});

test("a write that depends on the fate of another is written when that fails", async () => {
  const { store, log } = open();
  const first = create(store, "/c/a", "first");
  const second = create(store, "/c/a", "second");
  await log.begun();
  log.fail("disk full");
  await assert.rejects(first, new StoreUnavailableError("disk full"));
  await log.begun();
  log.succeed();
  assert.equal((await second).revision, 2, "the revision of a failed write is not handed out again");
});

test("a conflict with what is shown is told at once, whatever is under way", async () => {
  const { store, log } = open();
  const one = await committed(log, create(store, "/c/a", "one"));
  const pending = replace(store, one, "two");
  const result = await store.write({ key: "/c/a", value: bytes("three"), expect: "absent" });
  assert.equal(result.kind === "conflict" && result.current?.revision, one.revision);
  await committed(log, pending);
});

test("a failed commit fails all that was numbered, shows nothing, and the next write tries again", async () => {
  const { store, log } = open();
  const kept = await committed(log, create(store, "/c/kept", "one"));
  const since = store.revision;
  const writes = [replace(store, kept, "two"), create(store, "/c/a"), create(store, "/c/b")];
  await log.begun();
  log.fail("I/O error");
  for (const write of writes) await assert.rejects(write, new StoreUnavailableError("I/O error"));
  assert.deepEqual(store.status(), { kind: "failing", reason: "I/O error" });
  assert.equal(store.revision, since);
  assert.equal((await found(store, "/c/kept")).revision, kept.revision);
  const again = await committed(log, replace(store, kept, "three"));
  assert.deepEqual(store.status(), { kind: "serving" });
  assert.equal(again.revision, since + writes.length + 1);
  const watch = itemsOf(store.watch({ prefix: "/c/", since, signal: new AbortController().signal }));
  await store.close();
  const changes = (await watch).flatMap((item) => (item.kind === "changes" ? item.changes.map(told) : []));
  assert.deepEqual(changes, ["~/c/kept=one>three"]);
});

test("a store that fails finds out by itself when its log works again", async () => {
  const { store, log, clock } = open({ probeEveryMs: 100 });
  const write = create(store, "/c/a");
  await log.begun();
  log.fail("disk full");
  await assert.rejects(write);
  log.probeFails = true;
  await clock.advance(100);
  assert.equal(store.status().kind, "failing");
  log.probeFails = false;
  await clock.advance(100);
  assert.deepEqual(store.status(), { kind: "serving" });
  assert.equal(clock.pendingTimers, 0);
});

test("a writer is told that the store is busy when too many writes wait, by count and by bytes", async () => {
  for (const bounds of [{ pendingWritesMax: 2 }, { pendingBytesMax: 25 }]) {
    const { store, log } = open(bounds);
    const value = new Uint8Array(10);
    const writes = ["a", "b", "c", "d"].map((name) =>
      store.write({ key: `/c/${name}`, value, expect: "absent" }),
    );
    await log.begun();
    log.succeed();
    await log.begun();
    log.succeed();
    const kinds = (await Promise.all(writes)).map(({ kind }) => kind);
    assert.equal(kinds.at(-1), "busy");
    const later = await committed(log, store.write({ key: "/c/e", value, expect: "absent" }));
    assert.equal(later.kind, "written");
  }
});

test("the history is bounded by its age, its bytes and its changes, and the log is told what is superseded", async () => {
  const cases = [
    { historyMsMax: 2500, wanted: 3 },
    { historyChangesMax: 3, wanted: 3 },
    { historyBytesMax: 3 * 1012, wanted: 3 },
  ];
  for (const { wanted, ...bounds } of cases) {
    const { store, log, clock } = open(bounds);
    let entry = await committed(log, create(store, "/c/a", "x".repeat(500)));
    for (let count = 0; count < 9; count += 1) {
      await clock.advance(1000);
      entry = await committed(log, replace(store, entry, "x".repeat(500)));
    }
    assert.deepEqual([store.revision, store.horizon], [10, 10 - wanted], JSON.stringify(bounds));
    assert.equal((await store.read({ key: "/c/a", at: store.horizon })).kind, "found");
    assert.equal((await store.read({ key: "/c/a", at: store.horizon - 1 })).kind, "compacted");
    assert.deepEqual(log.forgotten, [1, 2, 3, 4, 5, 6, 7, 8, 9].slice(0, store.horizon - 1));
  }
});

test("a deleted key leaves no trace once its history is forgotten", async () => {
  const { store, log } = open({ historyChangesMax: 1 });
  await committed(log, remove(store, await committed(log, create(store, "/c/a"))));
  await committed(log, create(store, "/c/b"));
  assert.deepEqual(log.forgotten, [1, 2]);
});

interface Opened {
  readonly store: Store;
  readonly log: ManualLog;
  readonly clock: ManualClock;
}

function open(bounds: Partial<LocalStoreBounds> = {}): Opened {
  const log = new ManualLog();
  const clock = new ManualClock();
  const history = new History();
  const store = new LocalStore({
    history,
    log,
    clock,
    bounds: localStoreBounds(bounds),
    gather: (commit) => commit(),
  });
  return { store, log, clock };
}

/** Lets the commit of a write succeed, and tells what became of the write. */
async function committed<Result>(log: ManualLog, write: Promise<Result>): Promise<Result> {
  await log.begun();
  log.succeed();
  return write;
}

/** A log whose commits succeed and fail when the test says so. */
class ManualLog implements Log {
  readonly batches: (readonly LogRecord[])[] = [];
  readonly forgotten: number[] = [];
  probeFails = false;
  #commit: PromiseWithResolvers<void> | undefined;

  append(batch: readonly LogRecord[]): Promise<void> {
    assert.equal(this.#commit, undefined, "one commit at a time");
    this.batches.push(batch);
    this.#commit = Promise.withResolvers();
    return this.#commit.promise;
  }

  async begun(): Promise<void> {
    while (this.#commit === undefined) await new Promise((resolve) => setImmediate(resolve));
  }

  succeed(): void {
    this.#commit?.resolve();
    this.#commit = undefined;
  }

  fail(reason: string): void {
    this.#commit?.reject(new Error(reason));
    this.#commit = undefined;
  }

  forget(_horizon: number, superseded: readonly number[]): void {
    this.forgotten.push(...superseded);
  }

  async probe(): Promise<void> {
    if (this.probeFails) throw new Error("still full");
  }

  async settle(): Promise<void> {}

  async close(): Promise<void> {}
}

class ManualClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  schedule(delayMs: number, run: () => void): { cancel(): void } {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** Moves on, runs what has become due, and lets its consequences happen. */
  async advance(ms: number): Promise<void> {
    this.#nowMs += ms;
    for (const timer of this.#timers) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.run();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
