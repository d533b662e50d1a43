import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { systemClock } from "../clock.ts";
import { bytes, create, remove, replace, told } from "../store/conformance/store-case.ts";
import { openMemoryStore } from "../store/memory/memory-store.ts";
import type { Change, Entry, Revision, Store } from "../store/store.ts";
import { Feed, type FeedBounds } from "./feed.ts";
import type { Subscription, SubscriptionItem } from "./subscription.ts";

test("a subscription gets the changes after its revision, those from before it was made included", async (t) => {
  const { store, feed } = start(t);
  const one = await create(store, "/r/l/ns/a", "one");
  const two = await replace(store, one, "two");
  await feed.reached(two.revision);
  const subscription = subscribe(feed, { since: one.revision });
  const seen = collect(subscription, 2);
  await remove(store, two);
  assert.deepEqual((await seen).map(told), ["~/r/l/ns/a=one>two", "-/r/l/ns/a=two"]);
});

test("a subscription to a namespace or a key gets what is there alone", async (t) => {
  const { store, feed } = start(t);
  const namespace = collect(subscribe(feed, { keyPrefix: "/r/l/ns/" }), 2);
  const key = collect(subscribe(feed, { keyPrefix: "/r/l/ns/", key: "/r/l/ns/b" }), 1);
  for (const name of ["n/a", "ns/a", "ns-2/b", "ns/b", "b"]) await create(store, `/r/l/${name}`);
  assert.deepEqual((await namespace).map(told), ["+/r/l/ns/a=/r/l/ns/a", "+/r/l/ns/b=/r/l/ns/b"]);
  assert.deepEqual((await key).map(told), ["+/r/l/ns/b=/r/l/ns/b"]);
  await feed.reached(store.revision);
  const past = subscribe(feed, { since: 0, keyPrefix: "/r/l/ns/", key: "/r/l/ns/b" });
  assert.deepEqual((await collect(past, 1)).map(told), ["+/r/l/ns/b=/r/l/ns/b"]);
});

test("what is delivered follows the store also while nothing concerns the reader", async (t) => {
  const { store, feed } = start(t);
  const subscription = subscribe(feed, { keyPrefix: "/r/l/ns/" });
  await create(store, "/r/l/other/a");
  const last = await create(store, "/elsewhere/a");
  assert.equal(await feed.reached(last.revision), "reached");
  assert.equal(subscription.delivered, last.revision);
});

test("what is delivered stops before the first change that the reader has not taken", async (t) => {
  const { store, feed } = start(t, { batchChangesMax: 1 });
  const subscription = subscribe(feed, {});
  const one = await create(store, "/r/l/ns/a", "one");
  const two = await replace(store, one, "two");
  const three = await create(store, "/elsewhere/a");
  await feed.reached(three.revision);
  assert.equal(subscription.delivered, one.revision - 1);
  const reader = subscription[Symbol.asyncIterator]();
  assert.equal(revisionOf(await reader.next()), one.revision);
  assert.equal(subscription.delivered, two.revision - 1);
  assert.equal(
    revisionOf(await reader.next()),
    three.revision,
    "the last batch vouches for all that the feed has seen",
  );
  assert.equal(subscription.delivered, three.revision);
});

test("many readers at their own speed each get every change once and in order", async (t) => {
  const { store, feed } = start(t, { batchChangesMax: 7 });
  const readers = Array.from({ length: 20 }, (_, index) =>
    collect(
      subscribe(feed, index % 2 === 0 ? {} : { keyPrefix: `/r/l/${index % 5}/` }),
      index % 2 === 0 ? 500 : 100,
      index,
    ),
  );
  const writers = Array.from({ length: 5 }, async (_, namespace) => {
    let entry: Entry = await create(store, `/r/l/${namespace}/a`, "0");
    for (let count = 1; count < 100; count += 1) entry = await replace(store, entry, `${count}`);
  });
  await Promise.all(writers);
  for (const changes of await Promise.all(readers)) assertOrderedAndChained(changes);
});

test("a reader that lags by more changes than are kept for it is ended, and the others go on", async (t) => {
  const { store, feed } = start(t, { queueChangesMax: 3 });
  const slow = subscribe(feed, {});
  const quick = collect(subscribe(feed, {}), 6);
  const since = slow.delivered;
  await writeSome(store, 6);
  assert.equal((await quick).length, 6);
  assert.equal(slow.delivered, since, "a bookmark must not vouch for what was dropped");
  assert.deepEqual(await itemsOf(slow), [{ kind: "ended", reason: "lagged" }]);
  assert.equal((await collect(subscribe(feed, { since }), 6)).length, 6, "it resumes where it was");
});

test("a reader that lags by more bytes than are kept for it is ended", async (t) => {
  const { store, feed } = start(t, { queueBytesMax: 1000 });
  const slow = subscribe(feed, {});
  await store.write({ key: "/r/l/ns/a", value: new Uint8Array(600), expect: "absent" });
  await store.write({ key: "/r/l/ns/b", value: new Uint8Array(600), expect: "absent" });
  await feed.reached(store.revision);
  assert.deepEqual(await itemsOf(slow), [{ kind: "ended", reason: "lagged" }]);
});

test("a backlog that is longer than the queue is no lag", async (t) => {
  const { store, feed } = start(t, { queueChangesMax: 3 });
  await writeSome(store, 10);
  await feed.reached(store.revision);
  const subscription = subscribe(feed, { since: 0 });
  await writeSome(store, 2, "later");
  assert.equal((await collect(subscription, 12)).length, 12);
});

test("a revision that the window has dropped is gone, by count and by bytes", async (t) => {
  for (const bounds of [{ windowChangesMax: 2 }, { windowBytesMax: 2 * 1012 }]) {
    const { store, feed } = start(t, bounds);
    let entry: Entry = await create(store, "/r/l/ns/a", "x".repeat(500));
    for (let count = 0; count < 4; count += 1) entry = await replace(store, entry, "x".repeat(500));
    await feed.reached(entry.revision);
    const { signal } = new AbortController();
    const horizon = entry.revision - 2;
    assert.deepEqual(feed.subscribe({ since: horizon - 1, keyPrefix: "/r/l/", signal }), {
      kind: "gone",
      horizon,
    });
    assert.equal((await collect(subscribe(feed, { since: horizon }), 2)).length, 2);
  }
});

test("a feed begins with the oldest revision that the store still tells of", async (t) => {
  const store = openStore(t);
  const one = await create(store, "/r/l/ns/a", "one");
  await store.compact(one.revision);
  await replace(store, one, "two");
  const feed = openFeed(t, { store });
  await feed.reached(store.revision);
  assert.equal(feed.horizon, one.revision);
  assert.deepEqual((await collect(subscribe(feed, { since: one.revision }), 1)).map(told), [
    "~/r/l/ns/a=one>two",
  ]);
});

test("a revision that the feed has not come to is in the future until it is reached", async (t) => {
  const { store, feed } = start(t);
  const { signal } = new AbortController();
  const next = store.revision + 1;
  assert.deepEqual(feed.subscribe({ since: next, keyPrefix: "/r/l/", signal }), {
    kind: "future",
    revision: next - 1,
  });
  const reached = feed.reached(next);
  await create(store, "/elsewhere/a");
  assert.equal(await reached, "reached");
  assert.equal(feed.subscribe({ since: next, keyPrefix: "/r/l/", signal }).kind, "subscribed");
});

test("waiting for a revision ends when nobody waits any more, and when the feed closes", async (t) => {
  const { feed } = start(t);
  const controller = new AbortController();
  const abandoned = feed.reached(10, controller.signal);
  const waiting = feed.reached(10);
  controller.abort();
  assert.equal(await abandoned, "aborted");
  await feed.close();
  assert.equal(await waiting, "closed");
});

test("a subscription whose signal aborts ends without a word, whether it waits or has changes left", async (t) => {
  const { store, feed } = start(t);
  const controller = new AbortController();
  const waiting = itemsOf(subscribe(feed, { signal: controller.signal, keyPrefix: "/r/l/none/" }));
  const full = subscribe(feed, { signal: controller.signal });
  await writeSome(store, 3);
  await feed.reached(store.revision);
  controller.abort();
  assert.deepEqual(await waiting, []);
  assert.deepEqual(await itemsOf(full), []);
});

test("a feed that closes, itself or with its store, delivers what it holds and says that it closed", async (t) => {
  for (const close of ["feed", "store"] as const) {
    const { store, feed } = start(t);
    const subscription = subscribe(feed, {});
    await writeSome(store, 2);
    await feed.reached(store.revision);
    await { feed, store }[close].close();
    const items = await itemsOf(subscription);
    assert.equal(items.flatMap((item) => (item.kind === "changes" ? item.changes : [])).length, 2);
    assert.deepEqual(items.at(-1), { kind: "ended", reason: "closed" });
    const { signal } = new AbortController();
    assert.equal(feed.subscribe({ since: 0, keyPrefix: "/r/l/", signal }).kind, "closed");
  }
});

test("a feed whose place the store has forgotten ends its readers and begins again at the horizon", async (t) => {
  const memory = openStore(t);
  const first = await create(memory, "/r/l/ns/a", "one");
  let isCutOff = false;
  const store: Store = {
    ...bound(memory),
    // A replica that is cut off for longer than the history lasts.
    async *watch(query) {
      for await (const item of memory.watch(query)) {
        if (!isCutOff) yield item;
        else if (memory.horizon > query.since) break;
      }
      yield { kind: "compacted", horizon: memory.horizon };
    },
  };
  const feed = openFeed(t, { store });
  await feed.reached(first.revision);
  const lost = itemsOf(subscribe(feed, {}));
  isCutOff = true;
  const two = await replace(memory, first, "two");
  await memory.compact(two.revision);
  const three = await replace(memory, two, "three");
  isCutOff = false;
  await feed.reached(three.revision);
  assert.deepEqual(await lost, [{ kind: "ended", reason: "lost" }]);
  const next = collect(subscribe(feed, { since: two.revision }), 1);
  assert.deepEqual((await next).map(told), ["~/r/l/ns/a=two>three"]);
});

interface Options {
  readonly since?: Revision;
  readonly keyPrefix?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

function start(t: TestContext, bounds?: Partial<FeedBounds>): { readonly store: Store; readonly feed: Feed } {
  const store = openStore(t);
  return { store, feed: openFeed(t, { store, bounds }) };
}

function openStore(t: TestContext): Store {
  const store = openMemoryStore({ clock: systemClock });
  t.after(() => store.close());
  return store;
}

function openFeed(
  t: TestContext,
  options: { readonly store: Store; readonly bounds?: Partial<FeedBounds> | undefined },
): Feed {
  const feed = new Feed({ ...options, prefix: "/r/l/" });
  t.after(() => feed.close());
  return feed;
}

function subscribe(feed: Feed, options: Options): Subscription {
  const { since = feed.revision, keyPrefix = "/r/l/", key, signal = new AbortController().signal } = options;
  const result = feed.subscribe({ since, keyPrefix, key, signal });
  if (result.kind !== "subscribed") assert.fail(`not subscribed: ${result.kind}`);
  return result.subscription;
}

/** Reads until it has this many changes, pausing for some turns after each batch. */
async function collect(subscription: Subscription, count: number, turns = 0): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for await (const item of subscription) {
    if (item.kind !== "changes") assert.fail(`the subscription ended: ${item.reason}`);
    changes.push(...item.changes);
    if (changes.length >= count) break;
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return changes;
}

async function itemsOf(subscription: Subscription): Promise<readonly SubscriptionItem[]> {
  const items: SubscriptionItem[] = [];
  for await (const item of subscription) items.push(item);
  return items;
}

async function writeSome(store: Store, count: number, name = "some"): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await store.write({ key: `/r/l/ns/${name}-${index}`, value: bytes("x"), expect: "absent" });
}

function revisionOf(result: IteratorResult<SubscriptionItem>): Revision | undefined {
  return result.done !== true && result.value.kind === "changes" ? result.value.revision : undefined;
}

function assertOrderedAndChained(changes: readonly Change[]): void {
  const last = new Map<string, Change>();
  let revision = 0;
  for (const change of changes) {
    assert.ok(change.revision > revision);
    revision = change.revision;
    assert.equal(change.before, last.get(change.key)?.after);
    last.set(change.key, change);
  }
}

function bound(store: Store): Store {
  return {
    read: (query) => store.read(query),
    range: (query) => store.range(query),
    write: (write) => store.write(write),
    watch: (query) => store.watch(query),
    reach: (query) => store.reach(query),
    compact: (horizon) => store.compact(horizon),
    isShared: () => store.isShared(),
    status: () => store.status(),
    close: () => store.close(),
    get revision() {
      return store.revision;
    },
    get horizon() {
      return store.horizon;
    },
  };
}
