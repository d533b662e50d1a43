import assert from "node:assert/strict";
import type { Change, WatchItem } from "../store.ts";
import { changesOf, create, found, itemsOf, remove, replace, type StoreCase, told } from "./store-case.ts";

export const watchCases: readonly StoreCase[] = [
  {
    name: "a watch tells every change since its revision in order, with what was before and after",
    async run({ store }) {
      const one = await create(store, "/c/a", "one");
      const two = await replace(store, one, "two");
      await remove(store, two);
      await create(store, "/c/a", "three");
      const watch = store.watch({ prefix: "/c/", since: one.revision, signal: never() });
      const changes = await changesOf(watch, 3);
      assert.deepEqual(changes.map(told), ["~/c/a=one>two", "-/c/a=two", "+/c/a=three"]);
      assert.equal(changes[2]?.after, await found(store, "/c/a"), "watchers get the entry that readers get");
      assert.equal(changes[0]?.after, changes[1]?.before);
    },
  },
  {
    name: "a watch goes on with changes that are written later",
    async run({ store }) {
      const watch = store.watch({ prefix: "/c/", since: store.revision, signal: never() });
      const changes = changesOf(watch, 3);
      const one = await create(store, "/c/a", "one");
      await nextTurn();
      await remove(store, await replace(store, one, "two"));
      assert.deepEqual((await changes).map(told), ["+/c/a=one", "~/c/a=one>two", "-/c/a=two"]);
    },
  },
  {
    name: "a watch tells of its prefix alone, and how far it has come when others change",
    async run({ store }) {
      const since = store.revision;
      await create(store, "/c/a/1");
      await create(store, "/c/ab");
      const last = await create(store, "/c/b/1");
      const controller = new AbortController();
      const seen: string[] = [];
      for await (const item of store.watch({ prefix: "/c/a/", since, signal: controller.signal })) {
        if (item.kind !== "changes") assert.fail(item.kind);
        seen.push(...item.changes.map(told));
        if (item.revision === last.revision) controller.abort();
      }
      assert.deepEqual(seen, ["+/c/a/1=/c/a/1"]);
    },
  },
  {
    name: "watchers beside one another see the same changes, gapless and once, under concurrent writes",
    async run({ store }) {
      const since = store.revision;
      const watchers = [0, 1, 2].map(() =>
        changesOf(store.watch({ prefix: "/c/", since, signal: never() }), 300),
      );
      const writers = Array.from({ length: 10 }, async (_, writer) => {
        let entry = await create(store, `/c/${writer}`, "0");
        for (let count = 1; count < 30; count += 1) entry = await replace(store, entry, `${count}`);
      });
      await Promise.all(writers);
      const [first, ...others] = await Promise.all(watchers);
      assert.equal(first?.length, 300);
      for (const other of others) assert.deepEqual(revisionsOf(other), revisionsOf(first));
      assertChained(first);
    },
  },
  {
    name: "a watch resumes after the last revision that it was told, and misses nothing",
    async run({ store }) {
      let since = store.revision;
      const writing = (async () => {
        let entry = await create(store, "/c/a", "0");
        for (let count = 1; count < 40; count += 1) entry = await replace(store, entry, `${count}`);
      })();
      const changes: Change[] = [];
      while (changes.length < 40) {
        for await (const item of store.watch({ prefix: "/c/", since, signal: never() })) {
          if (item.kind !== "changes") assert.fail(item.kind);
          changes.push(...item.changes);
          since = item.revision;
          break;
        }
      }
      await writing;
      assertChained(changes);
    },
  },
  {
    name: "a watch from before the horizon ends at once and says where the horizon is",
    async run({ store }) {
      const one = await create(store, "/c/a", "one");
      const two = await replace(store, one, "two");
      await store.compact(two.revision);
      const items = await itemsOf(store.watch({ prefix: "/c/", since: one.revision, signal: never() }));
      assert.deepEqual(items, [{ kind: "compacted", horizon: two.revision }]);
    },
  },
  {
    name: "a watch from the horizon misses nothing",
    async run({ store }) {
      const one = await create(store, "/c/a", "one");
      await replace(store, one, "two");
      await store.compact(one.revision);
      const changes = await changesOf(
        store.watch({ prefix: "/c/", since: one.revision, signal: never() }),
        1,
      );
      assert.deepEqual(changes.map(told), ["~/c/a=one>two"]);
    },
  },
  {
    name: "a watcher that is overtaken by a compaction is ended, not skipped",
    async run({ store }) {
      const one = await create(store, "/c/a", "one");
      const two = await replace(store, one, "two");
      const seen: WatchItem[] = [];
      for await (const item of store.watch({ prefix: "/c/", since: one.revision, signal: never() })) {
        seen.push(item);
        if (seen.length > 1) continue;
        await replace(store, await replace(store, two, "three"), "four");
        await store.compact(store.revision);
      }
      assert.equal(seen[0]?.kind === "changes" && seen[0].revision, two.revision);
      assert.deepEqual(seen.slice(1), [{ kind: "compacted", horizon: store.horizon }]);
    },
  },
  {
    name: "a watch from a revision that is not written yet ends at once",
    async run({ store }) {
      const items = await itemsOf(store.watch({ prefix: "/c/", since: store.revision + 1, signal: never() }));
      assert.deepEqual(items, [{ kind: "future", revision: store.revision }]);
    },
  },
  {
    name: "a watch ends without a word when its signal aborts, before or while it waits",
    async run({ store }) {
      const waiting = new AbortController();
      const items = itemsOf(store.watch({ prefix: "/c/", since: store.revision, signal: waiting.signal }));
      await nextTurn();
      waiting.abort();
      assert.deepEqual(await items, []);
      await create(store, "/c/a");
      assert.deepEqual(await itemsOf(store.watch({ prefix: "/c/", since: 0, signal: waiting.signal })), []);
    },
  },
  {
    name: "a store that closes tells what it has written, and then that it closed",
    async run({ store }) {
      const items = itemsOf(store.watch({ prefix: "/c/", since: store.revision, signal: never() }));
      const last = create(store, "/c/a");
      await store.close();
      await last;
      const seen = await items;
      assert.deepEqual(seen.at(-1), { kind: "closed" });
      assert.deepEqual(
        seen.flatMap((item) => (item.kind === "changes" ? item.changes.map(told) : [])),
        ["+/c/a=/c/a"],
      );
    },
  },
];

function never(): AbortSignal {
  return new AbortController().signal;
}

/** Lets everything that is due run. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function revisionsOf(changes: readonly Change[]): readonly number[] {
  return changes.map(({ revision }) => revision);
}

/** Revisions grow, and each change of a key begins where its predecessor ended. */
function assertChained(changes: readonly Change[]): void {
  const last = new Map<string, Change>();
  let revision = 0;
  for (const change of changes) {
    assert.ok(change.revision > revision);
    revision = change.revision;
    assert.equal(change.before, last.get(change.key)?.after);
    last.set(change.key, change);
  }
}
