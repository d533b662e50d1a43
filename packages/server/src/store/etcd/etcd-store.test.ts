import { after, before, describe, test } from "node:test";
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
});
