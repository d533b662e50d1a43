import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, test, type TestContext } from "node:test";
import { bytes, create, found, replace, text } from "../conformance/store-case.ts";
import { type Change, type Entry, type Revision, type Store, StoreUnavailableError } from "../store.ts";
import { type EtcdFixture, type EtcdFixtureOptions, startEtcd, withoutEtcd } from "./etcd-process-fixture.ts";
import { openStoreOn } from "./etcd-store-fixture.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy-fixture.ts";

/** What goes wrong between a replica and its etcd, and comes right by itself. */
describe("a replica that loses etcd", { skip: withoutEtcd(), concurrency: 4 }, () => {
  test("goes on when the only member was killed and starts again, and its watchers miss nothing", async (t) => {
    const { etcd, store } = await start(t);
    const [member] = etcd.members;
    const followers = [new Follower(store), new Follower(store, "/c/0/")];
    const writers = new Writers(store);
    for (let round = 0; round < 3; round += 1) {
      await writers.acknowledge(50);
      await member?.kill();
      await until(() => store.status().kind === "failing");
      await assert.rejects(create(store, `/c/lost/${round}`), StoreUnavailableError);
      const stale = await store.read({ key: "/c/0/0", notOlderThan: 0 });
      assert.equal(stale.kind, "found", "what may be old is still read");
      await member?.start();
      await until(() => store.status().kind === "serving");
    }
    await writers.acknowledge(50);
    await writers.stop();
    for (const follower of followers) await follower.check(store, writers.acknowledged);
  });

  test("is told that a member hangs, and goes on when it comes back", async (t) => {
    const { etcd, store } = await start(t);
    const [member] = etcd.members;
    const follower = new Follower(store);
    const writers = new Writers(store);
    await writers.acknowledge(50);
    member?.pause();
    await until(() => store.status().kind === "failing");
    await assert.rejects(store.read({ key: "/c/0/0" }), StoreUnavailableError);
    member?.resume();
    await until(() => store.status().kind === "serving");
    await writers.acknowledge(50);
    await writers.stop();
    await follower.check(store, writers.acknowledged);
  });

  test("gives up a connection on which nothing comes back, and goes on over a new one", async (t) => {
    const { store, proxy } = await startBehindProxy(t);
    const follower = new Follower(store);
    const writers = new Writers(store);
    await writers.acknowledge(50);
    proxy.blackHole();
    await until(() => store.status().kind === "failing");
    await proxy.heal();
    await until(() => store.status().kind === "serving");
    await writers.acknowledge(50);
    await writers.stop();
    await follower.check(store, writers.acknowledged);
  });

  test("loads anew when what it has missed is compacted, and its watchers are told so", async (t) => {
    const { store, proxy, beside } = await startBehindProxy(t);
    const one = await create(store, "/c/a", "one");
    await create(store, "/c/gone");
    const ended = endOf(store, store.revision);
    proxy.cut();
    await until(() => store.status().kind === "failing");
    const two = await replace(beside, one, "two");
    await beside.write({
      key: "/c/gone",
      value: undefined,
      expect: (await found(beside, "/c/gone")).revision,
    });
    await replace(beside, two, "three");
    await beside.compact(beside.revision);
    await proxy.heal();
    assert.equal(await ended, "compacted");
    await until(() => store.status().kind === "serving");
    const page = await store.range({ prefix: "/c/" });
    assert.deepEqual(page.kind === "page" && page.entries.map((entry) => `${entry.key}=${text(entry)}`), [
      "/c/a=three",
    ]);
    const watch = new Follower(store, "/c/", store.horizon);
    const four = await replace(beside, await found(beside, "/c/a"), "four");
    await watch.sees(four.revision);
  });

  test("goes on through changes of the leader, one member after another being killed", async (t) => {
    const { etcd, store } = await start(t, { members: 3 });
    const follower = new Follower(store);
    const writers = new Writers(store);
    for (const member of etcd.members) {
      await writers.acknowledge(50);
      await member.kill();
      await writers.acknowledge(50);
      await member.start();
    }
    await writers.stop();
    await follower.check(store, writers.acknowledged);
  });

  test("refuses at once while a majority is missing, and goes on with it", async (t) => {
    const { etcd, store } = await start(t, { members: 3 });
    const [first, second] = etcd.members;
    const entry = await create(store, "/c/a", "one");
    const follower = new Follower(store);
    await Promise.all([first?.kill(), second?.kill()]);
    await until(() => store.status().kind === "failing");
    await assert.rejects(replace(store, entry, "lost"), StoreUnavailableError);
    await Promise.all([first?.start(), second?.start()]);
    await until(() => store.status().kind === "serving");
    const last = await replace(store, await found(store, "/c/a"), "two");
    await follower.sees(last.revision);
  });

  test("shows nothing of an etcd that was put back to an older state, and ends its watches", async (t) => {
    const { etcd, store } = await start(t);
    const [member] = etcd.members;
    for (const name of ["a", "b", "c"]) await create(store, `/c/${name}`, "before");
    const ended = endOf(store, store.revision);
    await member?.kill();
    // With the same name and address, the new cluster has the same id: only its revision and its raft term are younger.
    rmSync(member?.dataDir ?? "", { recursive: true });
    await member?.start();
    assert.equal(await ended, "compacted");
    await until(() => store.status().kind === "serving");
    for (const freshness of [{}, { notOlderThan: 0 }]) {
      const page = await store.range({ prefix: "/c/", ...freshness });
      assert.deepEqual(page.kind === "page" && page.entries, []);
      assert.equal((await store.read({ key: "/c/a", ...freshness })).kind, "absent");
    }
    const again = await create(store, "/c/a", "after");
    assert.equal(text(await found(store, "/c/a")), "after");
    assert.equal(store.revision, again.revision);
  });
});

interface Started {
  readonly etcd: EtcdFixture;
  readonly store: Store;
}

async function start(t: TestContext, options: EtcdFixtureOptions = {}): Promise<Started> {
  const etcd = await startEtcd(options);
  t.after(() => etcd.close());
  const store = await openStoreOn({ servers: etcd.urls });
  t.after(() => store.close());
  return { etcd, store };
}

async function startBehindProxy(
  t: TestContext,
): Promise<Started & { readonly proxy: TcpProxy; readonly beside: Store }> {
  const etcd = await startEtcd();
  t.after(() => etcd.close());
  const proxy = await startTcpProxy(etcd.urls[0] ?? "");
  t.after(() => proxy.close());
  const beside = await openStoreOn({ servers: etcd.urls });
  t.after(() => beside.close());
  const store = await openStoreOn({ servers: [proxy.url] });
  t.after(() => store.close());
  return { etcd, store, proxy, beside };
}

/** Several who write without a pause, each to keys of its own; who is refused reads again what became of its write. */
class Writers {
  /** The values that were acknowledged, by revision. */
  readonly acknowledged = new Map<Revision, string>();
  #isStopped = false;
  readonly #ended: Promise<unknown>;

  constructor(store: Store) {
    const writers = Array.from({ length: 8 }, (_, writer) => this.#run(store, `/c/${writer % 2}/${writer}`));
    this.#ended = Promise.all(writers);
  }

  async acknowledge(more: number): Promise<void> {
    const wanted = this.acknowledged.size + more;
    await until(() => this.acknowledged.size >= wanted);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#ended;
  }

  async #run(store: Store, key: string): Promise<void> {
    for (let count = 0; !this.#isStopped; count += 1) {
      try {
        const before = await store.read({ key });
        const expect = before.kind === "found" ? before.entry.revision : "absent";
        const result = await store.write({ key, value: bytes(`${key}#${count}`), expect });
        if (result.kind === "written") this.acknowledged.set(result.revision, `${key}#${count}`);
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        await turn();
      }
    }
  }
}

/** Keeps what a watch tells. */
class Follower {
  readonly #prefix: string;
  readonly #changes: Change[] = [];
  #revision: Revision;
  #end: string | undefined;

  constructor(store: Store, prefix = "/c/", since = store.revision) {
    this.#prefix = prefix;
    this.#revision = since;
    void this.#follow(store);
  }

  async sees(revision: Revision): Promise<void> {
    await until(() => this.#revision >= revision || this.#end !== undefined);
    assert.equal(this.#end, undefined);
  }

  /** Everything acknowledged was told once and in order, each change beginning where the last of its key ended. */
  async check(store: Store, acknowledged: ReadonlyMap<Revision, string>): Promise<void> {
    await this.sees(Math.max(...acknowledged.keys()));
    const told = new Map(this.#changes.map((change) => [change.revision, text(change.after)]));
    for (const [revision, value] of acknowledged)
      if (value.startsWith(this.#prefix)) assert.equal(told.get(revision), value);
    const last = new Map<string, Entry | undefined>();
    let revision = 0;
    for (const change of this.#changes) {
      assert.ok(change.revision > revision, "in order, and each once");
      revision = change.revision;
      assert.equal(change.before?.revision, last.get(change.key)?.revision, "without a gap");
      last.set(change.key, change.after);
    }
    for (const [key, entry] of last)
      if (entry !== undefined) assert.equal((await found(store, key)).revision, entry.revision);
  }

  async #follow(store: Store): Promise<void> {
    const { signal } = new AbortController();
    for await (const item of store.watch({ prefix: this.#prefix, since: this.#revision, signal })) {
      if (item.kind !== "changes") {
        this.#end = item.kind;
        return;
      }
      this.#changes.push(...item.changes);
      this.#revision = item.revision;
    }
  }
}

async function endOf(store: Store, since: Revision): Promise<string | undefined> {
  const { signal } = new AbortController();
  for await (const item of store.watch({ prefix: "/c/", since, signal }))
    if (item.kind !== "changes") return item.kind;
  return undefined;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
