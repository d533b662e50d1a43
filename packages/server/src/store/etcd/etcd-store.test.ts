import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { create, remove } from "../conformance/store-case.ts";
import { storeCases } from "../conformance/store-cases.ts";
import { type EtcdFixture, startEtcd, withoutEtcd } from "./etcd-process-fixture.ts";
import { openStoreOn } from "./etcd-store-fixture.ts";

describe("a store over etcd", { skip: withoutEtcd() }, () => {
  let etcd: EtcdFixture;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.close());

  for (const [index, storeCase] of storeCases.entries())
    test(storeCase.name, async () => {
      const store = await openStoreOn({ servers: etcd.urls, prefix: `/case-${index}` });
      try {
        await storeCase.run({ store });
      } finally {
        await store.close();
      }
    });

  test("a store knows whether somebody else keeps other things beside it", async (t) => {
    const resources = ["/shared/c/", "/shared/e/"];
    const store = await openStoreOn({ servers: etcd.urls, prefix: "/shared", resources });
    t.after(() => store.close());
    await create(store, "/shared/c/1");
    await create(store, "/shared/e/1");
    assert.equal(await store.isShared(), false);
    const beside = await openStoreOn({ servers: etcd.urls, prefix: "/shared", resources: ["/shared/d/"] });
    t.after(() => beside.close());
    const other = await create(beside, "/shared/d/1");
    assert.equal(await store.isShared(), true);
    await remove(beside, other);
    assert.equal(await store.isShared(), false);
  });
});
