import assert from "node:assert/strict";
import { limits } from "../../limits.ts";
import { StoreUnavailableError } from "../store.ts";
import { bytes, create, found, remove, replace, type StoreCase, text, written } from "./store-case.ts";

export const writeCases: readonly StoreCase[] = [
  {
    name: "a created key is read back, byte for byte, with the revision that created it",
    async run({ store }) {
      const value = Uint8Array.of(0, 255, 10, 0x6b, 0x38, 0x73, 0);
      const result = await store.write({ key: "/c/a", value, expect: "absent" });
      assert.equal(result.kind, "written");
      const entry = await found(store, "/c/a");
      assert.deepEqual([...entry.value], [...value]);
      assert.equal(entry.created, entry.revision);
      assert.equal(store.revision, entry.revision);
      assert.equal(
        result.kind === "written" && result.entry,
        entry,
        "the writer gets the entry that readers get",
      );
    },
  },
  {
    name: "an empty value is a value",
    async run({ store }) {
      await create(store, "/c/a", "");
      assert.equal((await found(store, "/c/a")).value.byteLength, 0);
    },
  },
  {
    name: "creating a key that exists is a conflict that shows what is there",
    async run({ store }) {
      await create(store, "/c/a", "first");
      const result = await store.write({ key: "/c/a", value: bytes("second"), expect: "absent" });
      assert.equal(result.kind, "conflict");
      assert.equal(result.kind === "conflict" && result.current, await found(store, "/c/a"));
      assert.equal(text(await found(store, "/c/a")), "first");
    },
  },
  {
    name: "replacing at the revision that was read takes a new revision and keeps the created one",
    async run({ store }) {
      const first = await create(store, "/c/a", "one");
      const second = await replace(store, first, "two");
      assert.ok(second.revision > first.revision);
      assert.equal(second.created, first.created);
      assert.equal(text(await found(store, "/c/a")), "two");
    },
  },
  {
    name: "replacing at an older revision is a conflict, and writes nothing",
    async run({ store }) {
      const first = await create(store, "/c/a", "one");
      const second = await replace(store, first, "two");
      const result = await store.write({ key: "/c/a", value: bytes("three"), expect: first.revision });
      assert.equal(result.kind === "conflict" && result.current?.revision, second.revision);
      assert.equal(text(await found(store, "/c/a")), "two");
      assert.equal(store.revision, second.revision, "a conflict takes no revision");
    },
  },
  {
    name: "replacing or deleting an absent key is a conflict with nothing",
    async run({ store }) {
      for (const value of [bytes("new"), undefined]) {
        const result = await store.write({ key: "/c/a", value, expect: 1 });
        assert.equal(result.kind, "conflict");
        assert.equal(result.kind === "conflict" && result.current, undefined);
      }
    },
  },
  {
    name: "a delete returns the entry that it deleted, and takes a revision of its own",
    async run({ store }) {
      const first = await create(store, "/c/a", "one");
      const result = await store.write({ key: "/c/a", value: undefined, expect: first.revision });
      if (result.kind !== "written") assert.fail(result.kind);
      assert.equal(text(result.entry), "one");
      assert.equal(result.entry.revision, first.revision);
      assert.ok(result.revision > first.revision);
      const gone = await store.read({ key: "/c/a" });
      assert.deepEqual(gone, { kind: "absent", revision: result.revision, isNewest: true });
    },
  },
  {
    name: "a key that is created again has a new created revision, and its old revision is no longer expected",
    async run({ store }) {
      const first = await create(store, "/c/a");
      const deletedAt = await remove(store, first);
      const second = await create(store, "/c/a");
      assert.ok(second.created > deletedAt);
      const stale = await store.write({ key: "/c/a", value: undefined, expect: first.revision });
      assert.equal(stale.kind, "conflict");
    },
  },
  {
    name: "of many who create one key at once, one succeeds and the others see it",
    async run({ store }) {
      const attempts = Array.from({ length: 20 }, (_, index) =>
        store.write({ key: "/c/a", value: bytes(`${index}`), expect: "absent" }),
      );
      const results = await Promise.all(attempts);
      assert.equal(results.filter(({ kind }) => kind === "written").length, 1);
      const winner = await found(store, "/c/a");
      for (const result of results) if (result.kind === "conflict") assert.equal(result.current, winner);
    },
  },
  {
    name: "of many who replace one revision at once, one succeeds",
    async run({ store }) {
      const first = await create(store, "/c/a");
      const attempts = Array.from({ length: 20 }, (_, index) =>
        store.write({ key: "/c/a", value: bytes(`${index}`), expect: first.revision }),
      );
      const kinds = (await Promise.all(attempts)).map(({ kind }) => kind);
      assert.equal(kinds.filter((kind) => kind === "written").length, 1);
      assert.equal(kinds.filter((kind) => kind === "conflict").length, 19);
    },
  },
  {
    name: "many writes at once get different revisions, and each is shown once it is acknowledged",
    async run({ store }) {
      const keys = Array.from({ length: 200 }, (_, index) => `/c/${index}`);
      const entries = await Promise.all(
        keys.map(async (key) => {
          const entry = await create(store, key);
          assert.equal((await found(store, key)).revision, entry.revision);
          return entry;
        }),
      );
      assert.equal(new Set(entries.map(({ revision }) => revision)).size, keys.length);
      assert.equal(store.revision, Math.max(...entries.map(({ revision }) => revision)));
    },
  },
  {
    name: "a counter that many increment by reading and writing again loses nothing",
    async run({ store }) {
      await create(store, "/c/counter", "0");
      const increment = async (): Promise<void> => {
        for (;;) {
          const before = await found(store, "/c/counter");
          const value = bytes(`${Number(text(before)) + 1}`);
          const result = await store.write({ key: before.key, value, expect: before.revision });
          if (result.kind === "written") return;
        }
      };
      await Promise.all(Array.from({ length: 25 }, increment));
      assert.equal(text(await found(store, "/c/counter")), "25");
    },
  },
  {
    name: "values and keys that are too large are refused with the bound",
    async run({ store }) {
      const bytesMax = limits.storeValueBytesMax;
      await written(store, { key: "/c/fits", value: new Uint8Array(bytesMax), expect: "absent" });
      const value = await store.write({ key: "/c/a", value: new Uint8Array(bytesMax + 1), expect: "absent" });
      assert.deepEqual(value, { kind: "too-large", bytesMax });
      const key = await store.write({ key: `/c/${"é".repeat(512)}`, value: bytes(""), expect: "absent" });
      assert.deepEqual(key, { kind: "too-large", bytesMax: 1024 });
    },
  },
  {
    name: "what is not a key is a mistake of the caller",
    async run({ store }) {
      for (const key of ["", "c/a", "/c/\ud800"])
        await assert.rejects(store.write({ key, value: bytes(""), expect: "absent" }), RangeError);
    },
  },
  {
    name: "a closed store takes no writes, says so, and may be closed again",
    async run({ store }) {
      const last = create(store, "/c/a");
      await Promise.all([store.close(), store.close()]);
      await last;
      await assert.rejects(create(store, "/c/b"), StoreUnavailableError);
    },
  },
];
