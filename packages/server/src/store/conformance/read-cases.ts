import assert from "node:assert/strict";
import { create, found, keysOf, page, remove, replace, type StoreCase, text } from "./store-case.ts";

export const readCases: readonly StoreCase[] = [
  {
    name: "an absent key is absent, as of the newest revision",
    async run({ store }) {
      await create(store, "/c/b");
      const result = await store.read({ key: "/c/a" });
      assert.deepEqual(result, { kind: "absent", revision: store.revision, isNewest: true });
    },
  },
  {
    name: "everyone who reads a version gets the same object",
    async run({ store }) {
      await create(store, "/c/a");
      const entry = await found(store, "/c/a");
      assert.equal(await found(store, "/c/a"), entry);
      assert.equal((await page(store, { prefix: "/c/" })).entries[0], entry);
    },
  },
  {
    name: "a range is ordered by the bytes of the keys, and holds what is below the prefix alone",
    async run({ store }) {
      const below = ["/c/p/!", "/c/p/a", "/c/p/a-b", "/c/p/a/b", "/c/p/aa", "/c/p/é", "/c/p/！", "/c/p/😀"];
      const beside = ["/c/p", "/c/p-q/a", "/c/p.q", "/c/p0", "/c/o/z", "/c/q/a"];
      for (const key of [...below, ...beside].toReversed()) await create(store, key);
      assert.deepEqual(keysOf(await page(store, { prefix: "/c/p/" })), below);
    },
  },
  {
    name: "an empty range is a page without entries",
    async run({ store }) {
      const { entries, more, remaining } = await page(store, { prefix: "/c/none/", limit: 3 });
      assert.deepEqual({ entries, more, remaining }, { entries: [], more: false, remaining: 0 });
    },
  },
  {
    name: "pages follow one another without gap or overlap, and count what remains",
    async run({ store }) {
      const keys = Array.from({ length: 25 }, (_, index) => `/c/${String(index).padStart(2, "0")}`);
      for (const key of keys.toReversed()) await create(store, key);
      const seen: string[] = [];
      const remainders: number[] = [];
      for (let after: string | undefined; ; after = seen.at(-1)) {
        const next = await page(store, { prefix: "/c/", after, limit: 10 });
        seen.push(...keysOf(next));
        remainders.push(next.remaining);
        assert.equal(next.more, next.remaining > 0);
        if (!next.more) break;
      }
      assert.deepEqual(seen, keys);
      assert.deepEqual(remainders, [15, 5, 0]);
    },
  },
  {
    name: "a page goes on after a key that does not exist any more",
    async run({ store }) {
      for (const name of ["a", "b", "c"]) await create(store, `/c/${name}`);
      await remove(store, await found(store, "/c/b"));
      assert.deepEqual(keysOf(await page(store, { prefix: "/c/", after: "/c/b" })), ["/c/c"]);
    },
  },
  {
    name: "a page that ends with the last key says that nothing remains",
    async run({ store }) {
      for (const name of ["a", "b"]) await create(store, `/c/${name}`);
      const { more, remaining } = await page(store, { prefix: "/c/", limit: 2 });
      assert.deepEqual({ more, remaining }, { more: false, remaining: 0 });
    },
  },
  {
    name: "a read in the past shows the key as it was",
    async run({ store }) {
      const one = await create(store, "/c/a", "one");
      const two = await replace(store, one, "two");
      const deletedAt = await remove(store, two);
      const three = await create(store, "/c/a", "three");
      const wanted = [
        [one.revision, "one"],
        [two.revision, "two"],
        [deletedAt, undefined],
        [three.revision, "three"],
      ] as const;
      for (const [at, value] of wanted) {
        const result = await store.read({ key: "/c/a", at });
        assert.equal(result.kind === "found" ? text(result.entry) : undefined, value);
        assert.equal("revision" in result && result.revision, at);
      }
      assert.equal((await store.read({ key: "/c/b", at: one.revision })).kind, "absent");
    },
  },
  {
    name: "pages at one revision are one snapshot, whatever is created, replaced and deleted meanwhile",
    async run({ store }) {
      for (const name of ["a", "c", "e", "g"]) await create(store, `/c/${name}`, "old");
      const first = await page(store, { prefix: "/c/", limit: 1 });
      assert.equal(first.remaining, 3);
      for (const name of ["b", "d", "h"]) await create(store, `/c/${name}`, "new");
      await remove(store, await found(store, "/c/c"));
      await remove(store, await found(store, "/c/g"));
      await create(store, "/c/g", "again");
      await remove(store, await found(store, "/c/d"));
      await replace(store, await found(store, "/c/e"), "new");
      const second = await page(store, { prefix: "/c/", after: "/c/a", limit: 1, at: first.revision });
      assert.deepEqual([keysOf(second), second.remaining, second.revision], [["/c/c"], 2, first.revision]);
      const rest = await page(store, { prefix: "/c/", after: "/c/c", at: first.revision });
      assert.deepEqual(
        rest.entries.map((entry) => `${entry.key}=${text(entry)}`),
        ["/c/e=old", "/c/g=old"],
      );
      const now = await page(store, { prefix: "/c/" });
      assert.deepEqual(
        now.entries.map((entry) => `${entry.key}=${text(entry)}`),
        ["/c/a=old", "/c/b=new", "/c/e=new", "/c/g=again", "/c/h=new"],
      );
    },
  },
  {
    name: "a revision that is not written yet is in the future",
    async run({ store }) {
      await create(store, "/c/a");
      const next = store.revision + 1;
      const future = { kind: "future", revision: store.revision };
      assert.deepEqual(await store.read({ key: "/c/a", at: next }), future);
      assert.deepEqual(await store.read({ key: "/c/a", notOlderThan: next }), future);
      assert.deepEqual(await store.range({ prefix: "/c/", at: next }), future);
      assert.deepEqual(await store.range({ prefix: "/c/", notOlderThan: next }), future);
    },
  },
  {
    name: "a read that is not older than a revision shows at least what that revision wrote",
    async run({ store }) {
      const first = await create(store, "/c/a", "one");
      const result = await store.read({ key: "/c/a", notOlderThan: first.revision });
      assert.equal(result.kind === "found" && text(result.entry), "one");
      const { revision } = await page(store, { prefix: "/c/", notOlderThan: first.revision });
      assert.ok(revision >= first.revision);
    },
  },
  {
    name: "after a compaction the horizon can be read, what was before it cannot, and the present is untouched",
    async run({ store }) {
      const one = await create(store, "/c/a", "one");
      const two = await replace(store, one, "two");
      await remove(store, await create(store, "/c/b"));
      assert.deepEqual(await store.compact(two.revision), { kind: "compacted", horizon: two.revision });
      assert.equal(store.horizon, two.revision);
      const compacted = { kind: "compacted", horizon: two.revision };
      assert.deepEqual(await store.read({ key: "/c/a", at: one.revision }), compacted);
      assert.deepEqual(await store.range({ prefix: "/c/", at: one.revision }), compacted);
      assert.deepEqual(keysOf(await page(store, { prefix: "/c/", at: two.revision })), ["/c/a"]);
      assert.deepEqual(keysOf(await page(store, { prefix: "/c/", at: two.revision + 1 })), ["/c/a", "/c/b"]);
      assert.equal(text(await found(store, "/c/a")), "two");
    },
  },
  {
    name: "a compaction moves the horizon forward only, and not into the future",
    async run({ store }) {
      const one = await create(store, "/c/a", "one");
      const two = await replace(store, one, "two");
      await store.compact(two.revision);
      assert.deepEqual(await store.compact(one.revision), { kind: "compacted", horizon: two.revision });
      assert.deepEqual(await store.compact(two.revision + 1), { kind: "future", revision: two.revision });
    },
  },
  {
    name: "a deleted key is forgotten with its history, and can be created again",
    async run({ store }) {
      await remove(store, await create(store, "/c/a", "one"));
      await store.compact(store.revision);
      assert.equal((await store.read({ key: "/c/a" })).kind, "absent");
      await create(store, "/c/a", "two");
      assert.deepEqual(keysOf(await page(store, { prefix: "/c/" })), ["/c/a"]);
    },
  },
  {
    name: "a store that serves says so",
    async run({ store }) {
      assert.deepEqual(store.status(), { kind: "serving" });
    },
  },
];
