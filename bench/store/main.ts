import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../packages/server/src/clock.ts";
import { startEtcd } from "../../packages/server/src/store/etcd/etcd-process-fixture.ts";
import { openStoreOn } from "../../packages/server/src/store/etcd/etcd-store-fixture.ts";
import { openMemoryStore } from "../../packages/server/src/store/memory/memory-store.ts";
import { openSqliteStore } from "../../packages/server/src/store/sqlite/sqlite-store.ts";
import type { Store } from "../../packages/server/src/store/store.ts";
import { Feed } from "../../packages/server/src/watch/feed.ts";
import { fill, keyOf, lease, renew, writtenBytes } from "./leases.ts";

/**
 * What the store costs, without anything above it: `node bench/store/main.ts`. Each figure is taken in a process of its own, as heap
 * and optimised code of one would colour the next. Charted, not gated: the figures of one machine are kept in docs/adr/0001.
 */
const measurements: Record<string, () => Promise<void>> = {
  "sqlite 1": () => renewals("sqlite", 1),
  "sqlite 16": () => renewals("sqlite", 16),
  "sqlite 256": () => renewals("sqlite", 256),
  "memory 256": () => renewals("memory", 256),
  "etcd 1": () => renewals("etcd", 1),
  "etcd 16": () => renewals("etcd", 16),
  "etcd 256": () => renewals("etcd", 256),
  reads,
  feed,
  startup,
  footprint,
};

type Kind = "sqlite" | "memory" | "etcd";

const [, , chosen] = process.argv;
const measurement = chosen === undefined ? undefined : measurements[chosen];
if (measurement !== undefined) await measurement();
else
  for (const name of Object.keys(measurements))
    spawnSync(process.execPath, ["--expose-gc", import.meta.filename, name], { stdio: "inherit" });

async function renewals(kind: Kind, concurrency: number): Promise<void> {
  const { store, close } = await open(kind);
  const entries = await fill(store, 10_000);
  let left = concurrency === 1 ? 3000 : kind === "etcd" ? 20_000 : 100_000;
  const commitsMs: number[] = [];
  const before = usage();
  const writer = async (_: unknown, lane: number): Promise<void> => {
    for (let index = lane; left > 0; index = (index + concurrency) % entries.length) {
      left -= 1;
      const beganMs = systemClock.monotonicMs();
      entries[index] = await renew(store, entries[index]);
      commitsMs.push(systemClock.monotonicMs() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, writer));
  say(`${kind}, ${concurrency} at once`, { ...perItem(before, commitsMs.length), ...percentiles(commitsMs) });
  await close();
}

async function reads(): Promise<void> {
  const { store, close } = await open("memory");
  await fill(store, 100_000);
  let before = usage();
  for (let count = 0; count < 1_000_000; count += 1) await store.read({ key: keyOf(count % 100_000) });
  say("read", perItem(before, 1_000_000));
  before = usage();
  for (let count = 0; count < 1000; count += 1)
    await store.range({ prefix: `/registry/leases/ns-${count % 50}/`, limit: 500 });
  say("page of 500 of 100,000 keys", perItem(before, 1000));
  const at = store.revision;
  await Promise.all(
    Array.from({ length: 10_000 }, (_, index) =>
      store.write({ key: `${keyOf(index)}-new`, value: lease(), expect: "absent" }),
    ),
  );
  before = usage();
  for (let count = 0; count < 1000; count += 1)
    await store.range({ prefix: `/registry/leases/ns-${count % 50}/`, limit: 500, at });
  say("the same page, 10,000 creations ago", perItem(before, 1000));
  await close();
}

/** What it costs to hand one change to one watcher of a namespace, while 1,000 others watch other namespaces. */
async function feed(): Promise<void> {
  const { store, close } = await open("memory");
  const entries = await fill(store, 1000);
  const follower = new Feed({ store, prefix: "/registry/leases/" });
  await follower.reached(store.revision);
  const controller = new AbortController();
  let seen = 0;
  const readers = Array.from({ length: 1000 }, async (_, index) => {
    const query = {
      since: follower.revision,
      keyPrefix: `/registry/leases/ns-${index}/`,
      signal: controller.signal,
    };
    const result = follower.subscribe(query);
    if (result.kind !== "subscribed") throw new Error(result.kind);
    for await (const item of result.subscription) if (item.kind === "changes") seen += item.changes.length;
  });
  const before = usage();
  for (let count = 0; count < 200_000; count += 1) {
    const index = count % entries.length;
    entries[index] = await renew(store, entries[index]);
  }
  await follower.reached(store.revision);
  say(`write and deliver to one of 1,000 watchers (${seen} delivered)`, perItem(before, 200_000));
  controller.abort();
  await Promise.all(readers);
  await follower.close();
  await close();
}

async function startup(): Promise<void> {
  const first = await open("sqlite");
  await fill(first.store, 100_000);
  await first.store.close();
  const before = usage();
  const { store } = await reopen(first.path);
  say("open with 100,000 keys", perItem(before, 1));
  await store.close();
  await first.close();
}

async function footprint(): Promise<void> {
  globalThis.gc?.();
  const base = process.memoryUsage().rss;
  const { store, close } = await open("sqlite");
  const entries = await fill(store, 10_000);
  globalThis.gc?.();
  const filled = process.memoryUsage().rss;
  for (let round = 0; round < 30; round += 1)
    for (let start = 0; start < entries.length; start += 1000)
      await Promise.all(
        entries
          .slice(start, start + 1000)
          .map(async (entry, index) => (entries[start + index] = await renew(store, entry))),
      );
  globalThis.gc?.();
  const renewed = process.memoryUsage();
  say("memory with 10,000 leases", {
    "MB before": mega(base),
    "MB filled": mega(filled),
    "MB after 300,000 renewals": mega(renewed.rss),
    "of it MB heap": mega(renewed.heapUsed),
    "and MB of values": mega(renewed.arrayBuffers),
    "history changes": store.revision - store.horizon,
  });
  await close();
}

interface Opened {
  readonly store: Store;
  readonly path: string;
  readonly close: () => Promise<void>;
}

async function open(kind: Kind): Promise<Opened> {
  if (kind === "memory") {
    const store = openMemoryStore({ clock: systemClock });
    return { store, path: "", close: () => store.close() };
  }
  if (kind === "etcd") return openOnEtcd();
  const directory = mkdtempSync(join(tmpdir(), "leasehold-bench-"));
  const opened = await reopen(join(directory, "store.sqlite"));
  const close = async (): Promise<void> => {
    await opened.store.close();
    rmSync(directory, { recursive: true });
  };
  return { ...opened, close };
}

/** One member without syncs: what is measured is our side of it. */
async function openOnEtcd(): Promise<Opened> {
  const etcd = await startEtcd();
  const store = await openStoreOn({
    servers: etcd.urls,
    prefix: "/registry",
    resources: ["/registry/leases/"],
  });
  const close = async (): Promise<void> => {
    await store.close();
    await etcd.close();
  };
  return { store, path: "", close };
}

async function reopen(path: string): Promise<{ readonly store: Store; readonly path: string }> {
  const opened = await openSqliteStore({ path, clock: systemClock, onProblem: console.error });
  if (opened.kind === "refused") throw new Error(opened.message);
  return { store: opened.store, path };
}

interface Usage {
  readonly cpu: NodeJS.CpuUsage;
  readonly atMs: number;
  readonly writtenBytes: number;
}

function usage(): Usage {
  return { cpu: process.cpuUsage(), atMs: systemClock.monotonicMs(), writtenBytes: writtenBytes() };
}

function perItem(before: Usage, count: number): Record<string, number> {
  const after = usage();
  const cpu = process.cpuUsage(before.cpu);
  return {
    "a second": Math.round((count / (after.atMs - before.atMs)) * 1000),
    "µs CPU each": rounded((cpu.user + cpu.system) / count),
    "µs each": rounded(((after.atMs - before.atMs) / count) * 1000),
    "KB written each": rounded((after.writtenBytes - before.writtenBytes) / count / 1024),
  };
}

function percentiles(samples: readonly number[]): Record<string, number> {
  const sorted = samples.toSorted((one, other) => one - other);
  const at = (share: number): number => rounded(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return { "p50 ms": at(0.5), "p99 ms": at(0.99), "max ms": at(1) };
}

function rounded(figure: number): number {
  return Math.round(figure * 100) / 100;
}

function mega(size: number): number {
  return Math.round(size / 1e6);
}

function say(what: string, figures: Readonly<Record<string, number>>): void {
  const told = Object.entries(figures).map(([name, figure]) => `${figure} ${name}`);
  console.log(`${what}: ${told.join(", ")}`);
}
