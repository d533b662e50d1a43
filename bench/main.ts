/**
 * `npm run bench`: what leasehold costs, beside the least that a Node HTTPS server could cost, in one run, so that the ratio
 * holds whatever the machine is doing. Linux only: CPU time and memory are read from /proc.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentialsOf } from "./credentials.ts";
import { connect, type Credentials, leaseOf, leases, renewFor, type Target } from "./load.ts";
import { type MeasuredProcess, startMeasured } from "./measured-process.ts";
import { startLeasehold } from "./start-leasehold.ts";

const rounds = 3;
const load = { connections: 16, seconds: 3 };
const manyLeases = 10_000;

const dataDir = mkdtempSync(join(tmpdir(), "leasehold-bench-"));
try {
  await compareRenewals();
  await weighManyLeases();
  await timeStarts();
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function compareRenewals(): Promise<void> {
  const leasehold = await startLeasehold(dataDir, "sqlite");
  const pki = join(dataDir, "pki");
  const bare = await startMeasured([
    join(import.meta.dirname, "bare-handler.ts"),
    join(pki, "server.crt"),
    join(pki, "server.key"),
  ]);
  const credentials = credentialsOf(dataDir);
  await measure(leasehold, credentials);
  await measure(bare, credentials);
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    results.push({ ours: await measure(leasehold, credentials), bare: await measure(bare, credentials) });
  }
  const ours = results.map((result) => result.ours);
  print("renewals a second", median(ours.map((one) => one.renewals / one.seconds)), "/s");
  print("CPU a renewal", median(ours.map((one) => one.cpuUs)), "µs");
  print("CPU a renewal, bare handler", median(results.map((one) => one.bare.cpuUs)), "µs");
  print(
    "CPU, leasehold to bare handler",
    median(results.map((one) => one.ours.cpuUs / one.bare.cpuUs)),
    "times",
  );
  print("latency p50", median(ours.map((one) => one.p50Ms)), "ms");
  print("latency p99", median(ours.map((one) => one.p99Ms)), "ms");
  await leasehold.stop();
  await bare.stop();
}

async function measure(server: MeasuredProcess, credentials: Credentials) {
  const before = server.cpuMs();
  const result = await renewFor({ url: server.url, credentials }, load);
  return { ...result, cpuUs: ((server.cpuMs() - before) * 1000) / result.renewals };
}

async function weighManyLeases(): Promise<void> {
  const server = await startLeasehold(dataDir, "sqlite");
  const target = { url: server.url, credentials: credentialsOf(dataDir) };
  print("memory, empty", server.residentBytes() / 2 ** 20, "MiB");
  await createMany(target);
  print(`memory, ${manyLeases} leases`, server.residentBytes() / 2 ** 20, "MiB");
  await server.stop();
}

async function createMany(target: Target): Promise<void> {
  const workers = Array.from({ length: 16 }, (_, worker) => createSome(target, worker));
  await Promise.all(workers);
}

async function createSome(target: Target, worker: number): Promise<void> {
  const { ask, close } = connect(target);
  for (let index = worker; index < manyLeases; index += 16) {
    await ask("PUT", `${leases}/many-${index}`, leaseOf({ name: `many-${index}` }));
  }
  close();
}

async function timeStarts(): Promise<void> {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const server = await startLeasehold(dataDir, "sqlite");
    times.push(server.readyAfterMs);
    await server.stop();
  }
  print(`start with ${manyLeases} leases, process to ready`, median(times), "ms");
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(name: string, value: number, unit: string): void {
  console.log(`${name.padEnd(44)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit}`);
}
