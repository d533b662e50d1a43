import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../packages/server/src/clock.ts";
import { openSqliteStore } from "../../packages/server/src/store/sqlite/sqlite-store.ts";
import type { Store } from "../../packages/server/src/store/store.ts";
import { fill, leaseBytes, renew, writtenBytes } from "./leases.ts";

/**
 * The figures of docs/operating.md: `node bench/store/sizing.ts`. Files on the disk of LEASEHOLD_BENCH_DIR (the system's temporary
 * directory unless told); each figure in a process of its own.
 */
const measurements: Record<string, (directory: string) => Promise<void>> = {
  "1 writer": (directory) => renewals(directory, { leases: 10_000, writers: 1, count: 10_000 }),
  "16 writers": (directory) => renewals(directory, { leases: 10_000, writers: 16, count: 100_000 }),
  "256 writers": (directory) => renewals(directory, { leases: 10_000, writers: 256, count: 300_000 }),
  "a million renewals of one lease": (directory) =>
    renewals(directory, { leases: 1, writers: 1, count: 1_000_000 }),
  "10,000 leases": (directory) => fillOnly(directory, 10_000),
  "10,000 leases opened": (directory) => opening(directory),
  "100,000 leases": (directory) => fillOnly(directory, 100_000),
  "100,000 leases opened": (directory) => opening(directory),
  "1,000,000 leases": (directory) => fillOnly(directory, 1_000_000),
  "1,000,000 leases opened": (directory) => opening(directory),
};

const [, , chosen, chosenDirectory = ""] = process.argv;
const measurement = chosen === undefined ? undefined : measurements[chosen];
if (measurement !== undefined) await measurement(chosenDirectory);
else runAll(chosen);

/** All, or those whose name holds a text. Openings follow the fillings whose store they open. */
function runAll(text = ""): void {
  let directory = "";
  for (const name of Object.keys(measurements).filter((candidate) => candidate.includes(text))) {
    if (!name.endsWith("opened")) {
      if (directory !== "") rmSync(directory, { recursive: true });
      directory = mkdtempSync(join(process.env["LEASEHOLD_BENCH_DIR"] ?? tmpdir(), "leasehold-sizing-"));
    }
    const argv = ["--expose-gc", import.meta.filename, name, directory];
    spawnSync(process.execPath, argv, { stdio: "inherit" });
  }
  if (directory !== "") rmSync(directory, { recursive: true });
}

interface Renewals {
  readonly leases: number;
  readonly writers: number;
  readonly count: number;
}

async function renewals(directory: string, { leases, writers, count }: Renewals): Promise<void> {
  const store = await open(directory);
  const entries = await fill(store, leases);
  const commitsMs: number[] = [];
  let [left, filesMax] = [count, 0];
  const before = writtenBytes();
  const beganMs = systemClock.monotonicMs();
  const writer = async (_: unknown, lane: number): Promise<void> => {
    for (let index = lane % leases; left > 0; index = (index + writers) % leases) {
      left -= 1;
      const commitMs = systemClock.monotonicMs();
      entries[index] = await renew(store, entries[index]);
      commitsMs.push(systemClock.monotonicMs() - commitMs);
      if (left % 1000 === 0) filesMax = Math.max(filesMax, bytesOf(directory));
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  const sorted = commitsMs.toSorted((one, other) => one - other);
  const ms = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2);
  const seconds = (systemClock.monotonicMs() - beganMs) / 1000;
  console.log(
    `${leases} leases, ${writers} writers, ${count} renewals: ${Math.round(count / seconds)} a second,`,
    `${Math.round((writtenBytes() - before) / count)} bytes written each, files at most ${mega(filesMax)} MB,`,
    `p50 ${ms(0.5)} p99 ${ms(0.99)} p99.99 ${ms(0.9999)} max ${ms(1)} ms`,
  );
  await store.close();
  console.log(`  closed: ${mega(bytesOf(directory))} MB`);
}

async function fillOnly(directory: string, count: number): Promise<void> {
  const store = await open(directory);
  await fill(store, count);
  await store.close();
  console.log(`${count} leases of ${leaseBytes} bytes: ${mega(bytesOf(directory))} MB on the disk`);
}

async function opening(directory: string): Promise<void> {
  globalThis.gc?.();
  const base = process.memoryUsage().rss;
  const cpu = process.cpuUsage();
  const beganMs = systemClock.monotonicMs();
  const store = await open(directory);
  const openedMs = systemClock.monotonicMs() - beganMs;
  const { user, system } = process.cpuUsage(cpu);
  const peak = process.memoryUsage().rss;
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  console.log(
    `  opened in ${(openedMs / 1000).toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of CPU on two threads),`,
    `${mega(peak - base)} MB more memory, ${mega(rss - base)} after a collection, of it ${mega(heapUsed)} MB heap`,
  );
  await store.close();
}

async function open(directory: string): Promise<Store> {
  const path = join(directory, "leasehold.db");
  const opened = await openSqliteStore({ path, clock: systemClock, onProblem: console.error });
  if (opened.kind === "refused") throw new Error(opened.message);
  return opened.store;
}

/** The log and its write-ahead log. */
function bytesOf(directory: string): number {
  return ["", "-wal"]
    .map((suffix) => statSync(join(directory, `leasehold.db${suffix}`), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((one, other) => one + other);
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
