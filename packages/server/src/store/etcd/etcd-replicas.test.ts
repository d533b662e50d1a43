import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { issue, type KeyPairPem } from "../../certificates/issue.ts";
import { type Clock, systemClock, type Timer } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import {
  bytes,
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
import { type Change, type Store, StoreUnavailableError } from "../store.ts";
import { EtcdCluster } from "./etcd-cluster.ts";
import type { Operation } from "./etcd-messages.ts";
import { type EtcdFixture, startEtcd, withoutEtcd } from "./etcd-process-fixture.ts";
import { rangeRpc, txnRpc } from "./etcd-rpcs.ts";
import { openStoreOn, type EtcdStoreFixtureOptions } from "./etcd-store-fixture.ts";

const resources = ["/r/c/", "/r/d/"];
const noTls = { caFile: undefined, certFile: undefined, keyFile: undefined };

describe("replicas on one etcd", { skip: withoutEtcd() }, () => {
  let etcd: EtcdFixture;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.close());
  let count = 0;

  /** Replicas that share keys with nobody else. */
  async function replicas(
    t: TestContext,
    options: Partial<EtcdStoreFixtureOptions> = {},
  ): Promise<readonly [Store, Store, () => Promise<Store>]> {
    count += 1;
    const prefix = `/replicas-${count}`;
    const open = async (): Promise<Store> => {
      const store = await openStoreOn({ servers: etcd.urls, prefix, resources, ...options });
      t.after(() => store.close());
      return store;
    };
    return [await open(), await open(), open];
  }

  test("what one has acknowledged, the next read on another shows, whatever else is written", async (t) => {
    const [one, other] = await replicas(t);
    let noise: Promise<unknown> = create(one, "/r/d/noise", "0");
    for (let round = 0; round < 100; round += 1) {
      const written = await create(one, `/r/c/${round}`);
      noise = noise.then(async () => replace(other, await found(other, "/r/d/noise"), `${round}`));
      const [read, range] = await Promise.all([
        other.read({ key: written.key }),
        page(other, { prefix: "/r/c/" }),
      ]);
      assert.equal(read.kind, "found");
      assert.equal(range.entries.length, round + 1);
      assert.ok(range.revision >= written.revision);
      const entry = range.entries.find(({ key }) => key === written.key);
      assert.equal(read.kind === "found" && read.entry, entry, "a range and a read give the same object");
    }
    await noise;
  });

  test("a counter that several replicas increment loses nothing", async (t) => {
    const [one, other] = await replicas(t);
    await create(one, "/r/c/counter", "0");
    const increment = async (store: Store): Promise<void> => {
      for (;;) {
        const before = await found(store, "/r/c/counter");
        const value = bytes(`${Number(text(before)) + 1}`);
        const result = await store.write({ key: before.key, value, expect: before.revision });
        if (result.kind === "written") return;
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => increment(index % 2 === 0 ? one : other)));
    assert.equal(text(await found(other, "/r/c/counter")), "20");
  });

  test("a watch that began on one goes on on another, also on one that has just started", async (t) => {
    const [one, other, open] = await replicas(t, { bounds: { pastRevisionsMax: 1000 } });
    const first = await create(one, "/r/c/a", "one");
    await remove(other, await replace(other, first, "two"));
    await create(one, "/r/c/b", "three");
    const expected = ["~/r/c/a=one>two", "-/r/c/a=two", "+/r/c/b=three"];
    for (const store of [one, other, await open()]) {
      const { signal } = new AbortController();
      const changes = await changesOf(store.watch({ prefix: "/r/c/", since: first.revision, signal }), 3);
      assert.deepEqual(changes.map(told), expected);
    }
  });

  test("a resource in which nothing happens shows what happened elsewhere", async (t) => {
    const [one, other] = await replicas(t);
    const last = await create(one, "/r/d/a");
    const { signal } = new AbortController();
    const reached = await other.reach({ prefix: "/r/c/", revision: last.revision, signal });
    assert.deepEqual(reached, { kind: "reached" });
    const { revision } = await page(other, { prefix: "/r/c/", notOlderThan: last.revision });
    assert.ok(revision >= last.revision);
  });

  test("a revision that nobody has written is waited for until the caller loses patience", async (t) => {
    const [one] = await replicas(t);
    const patience = new AbortController();
    const wanted = one.revision + 100;
    const reached = one.reach({ prefix: "/r/c/", revision: wanted, signal: patience.signal });
    patience.abort();
    assert.equal((await reached).kind, "future");
    assert.ok(one.revision < wanted, "waiting does not bring it about");
  });

  test("states that are older than a replica's memory come from etcd, while it has them", async (t) => {
    const [one, , open] = await replicas(t);
    for (const name of ["a", "b", "c"]) await create(one, `/r/c/${name}`);
    const at = one.revision;
    await remove(one, await found(one, "/r/c/b"));
    const late = await open();
    assert.ok(late.horizon > at);
    const first = await page(late, { prefix: "/r/c/", limit: 2, at });
    assert.deepEqual([keysOf(first), first.remaining, first.revision], [["/r/c/a", "/r/c/b"], 1, at]);
    const rest = await page(late, { prefix: "/r/c/", after: "/r/c/b", at });
    assert.deepEqual([keysOf(rest), rest.more], [["/r/c/c"], false]);
    assert.equal((await late.read({ key: "/r/c/b", at })).kind, "found");
    await one.compact(one.revision);
    assert.equal((await late.read({ key: "/r/c/b", at })).kind, "compacted");
    assert.equal((await late.range({ prefix: "/r/c/", at })).kind, "compacted");
  });

  test("changes of one revision come together, however small the batches are", async (t) => {
    const [one, other] = await replicas(t, { bounds: { watchBatchChangesMax: 1 } });
    const { signal } = new AbortController();
    const since = one.revision;
    const put = (name: string): Operation => ({
      kind: "put",
      key: bytes(`/replicas-${count}/c/${name}`),
      value: bytes("x"),
    });
    const cluster = connectedTo(t, etcd);
    const success = ["a", "b", "c"].map(put);
    await cluster.call(txnRpc, { compare: [], success, failure: [] });
    await create(one, "/r/c/single");
    for (const store of [one, other]) {
      const batches: (readonly Change[])[] = [];
      for await (const item of store.watch({ prefix: "/r/c/", since, signal })) {
        if (item.kind !== "changes") assert.fail(item.kind);
        if (item.changes.length > 0) batches.push(item.changes);
        if (batches.length === 2) break;
      }
      assert.deepEqual(
        batches.map((changes) => changes.map(({ key }) => key)),
        [["/r/c/a", "/r/c/b", "/r/c/c"], ["/r/c/single"]],
      );
      assert.equal(new Set(batches[0]?.map(({ revision }) => revision)).size, 1);
    }
  });

  test("a writer is told that the store is busy when too many writes are under way", async (t) => {
    const [one] = await replicas(t, { bounds: { pendingWritesMax: 2 } });
    const writes = ["a", "b", "c"].map((name) =>
      one.write({ key: `/r/c/${name}`, value: bytes(name), expect: "absent" }),
    );
    const kinds = (await Promise.all(writes)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["written", "written", "busy"]);
  });
});

describe("replicas and what etcd allows", { skip: withoutEtcd(), concurrency: 4 }, () => {
  test("etcd is compacted once in five minutes, however many replicas run, to where it was before", async (t) => {
    const etcd = await startedEtcd(t);
    const clock = new CompactionClock();
    const store = await openStoreOn({ servers: etcd.urls, clock });
    t.after(() => store.close());
    const second = await openStoreOn({ servers: etcd.urls, clock });
    t.after(() => second.close());
    const cluster = connectedTo(t, etcd);
    const old = await create(store, "/c/a", "one");
    await replace(store, old, "two");
    for (const period of [1, 2, 3]) {
      await clock.turn();
      const { kvs } = await cluster.call(rangeRpc, { key: bytes("compact_rev_key") });
      assert.equal(kvs[0]?.version, period, "one of the two has written the key");
    }
    await assert.rejects(cluster.call(rangeRpc, { key: bytes("/c/a"), revision: old.revision }), {
      kind: "compacted",
    });
    assert.equal(store.status().kind, "serving");
    const { signal } = new AbortController();
    const watch = store.watch({ prefix: "/c/", since: old.revision, signal });
    assert.equal((await changesOf(watch, 1)).length, 1, "what a replica has in memory is not forgotten");
  });

  test("a full etcd refuses writes with its reason, and reads go on", async (t) => {
    const etcd = await startedEtcd(t, ["--quota-backend-bytes=2000000"]);
    const store = await openStoreOn({ servers: etcd.urls });
    t.after(() => store.close());
    const entry = await create(store, "/c/a", "small");
    const fill = async (): Promise<void> => {
      for (let count = 0; count < 20; count += 1)
        await store.write({ key: `/c/fill/${count}`, value: new Uint8Array(400_000), expect: "absent" });
    };
    await assert.rejects(
      fill,
      (error) => error instanceof StoreUnavailableError && /space exceeded/.test(error.message),
    );
    assert.equal(await found(store, "/c/a").then(text), text(entry));
  });

  test("a value that this etcd does not take is too large, and not a failure", async (t) => {
    const etcd = await startedEtcd(t, ["--max-request-bytes=10000"]);
    const store = await openStoreOn({ servers: etcd.urls });
    t.after(() => store.close());
    const result = await store.write({ key: "/c/a", value: new Uint8Array(20_000), expect: "absent" });
    assert.equal(result.kind, "too-large");
    assert.equal(store.status().kind, "serving");
  });

  test("an etcd that asks for certificates is reached with them, and not without", async (t) => {
    const tls = await certificates(t);
    const etcd = await startEtcd({ tls: { ...tls.server, caFile: tls.caFile } });
    t.after(() => etcd.close());
    const store = await openStoreOn({ servers: etcd.urls, tls: { ...tls.client, caFile: tls.caFile } });
    t.after(() => store.close());
    await create(store, "/c/a");
    const without = openStoreOn({
      servers: etcd.urls,
      tls: { ...noTls, caFile: tls.caFile },
      bounds: { openMsMax: 0 },
    });
    await assert.rejects(without, /cannot use etcd/);
  });

  test("an etcd that starts later is waited for", async (t) => {
    const etcd = await startedEtcd(t);
    const [member] = etcd.members;
    await member?.kill();
    const problem = Promise.withResolvers<string>();
    const opening = openStoreOn({ servers: etcd.urls, onProblem: problem.resolve });
    assert.match(await problem.promise, /^cannot use etcd: .* trying again$/);
    await member?.start();
    const store = await opening;
    t.after(() => store.close());
    await create(store, "/c/a");
  });

  test("an etcd that nobody reaches is told in one line", async () => {
    await assert.rejects(openStoreOn({ servers: ["http://127.0.0.1:1"], bounds: { openMsMax: 0 } }), {
      message:
        "cannot use etcd: etcd at http://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1",
    });
  });
});

async function startedEtcd(t: TestContext, args: readonly string[] = []): Promise<EtcdFixture> {
  const etcd = await startEtcd({ args });
  t.after(() => etcd.close());
  return etcd;
}

function connectedTo(t: TestContext, { urls }: EtcdFixture): EtcdCluster {
  const surroundings = { clock: systemClock, random: systemRandom, onReplaced: () => {} };
  const cluster = new EtcdCluster({ servers: urls, tls: noTls, ...surroundings });
  t.after(() => cluster.close());
  return cluster;
}

/** Runs the compactions when the test says so, and everything else as time passes. */
class CompactionClock implements Clock {
  readonly nowMs = systemClock.nowMs;
  readonly monotonicMs = systemClock.monotonicMs;
  #waiting: (() => void)[] = [];

  schedule(delayMs: number, run: () => void): Timer {
    if (delayMs < 60_000) return systemClock.schedule(delayMs, run);
    this.#waiting.push(run);
    return { cancel: () => (this.#waiting = this.#waiting.filter((other) => other !== run)) };
  }

  /** Five minutes pass, and all that follows has happened. */
  async turn(): Promise<void> {
    const due = this.#waiting;
    this.#waiting = [];
    for (const run of due) run();
    while (this.#waiting.length < due.length) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

interface Certificates {
  readonly caFile: string;
  readonly server: { readonly certFile: string; readonly keyFile: string };
  readonly client: { readonly certFile: string; readonly keyFile: string };
}

async function certificates(t: TestContext): Promise<Certificates> {
  const directory = mkdtempSync(join(tmpdir(), "leasehold-etcd-tls-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const issuing = { clock: systemClock, random: systemRandom };
  const authority = await issue({ for: "authority" }, issuing);
  const signed = { ...issuing, issuer: authority };
  const names = [{ kind: "ip", text: "127.0.0.1" }] as const;
  const server = await issue({ for: "server", names }, signed);
  const client = await issue({ for: "client", commonName: "leasehold", organization: "test" }, signed);
  const write = (name: string, pem: string): string => {
    writeFileSync(join(directory, name), pem);
    return join(directory, name);
  };
  const pair = (name: string, { certificatePem, privateKeyPem }: KeyPairPem) => ({
    certFile: write(`${name}.crt`, certificatePem),
    keyFile: write(`${name}.key`, privateKeyPem),
  });
  return {
    caFile: write("ca.crt", authority.certificatePem),
    server: pair("server", server),
    client: pair("client", client),
  };
}
