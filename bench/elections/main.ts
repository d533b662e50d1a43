/**
 * `npm run bench -- elections [KUBECONFIG]`: elections of this project and of client-go side by side, in one run on the same server:
 * leasehold, started for it, or the one that a kubeconfig names.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startLeasehold } from "../start-leasehold.ts";
import { buildContestants, type Contestant, contestants, type Field, startElectors } from "./contestants.ts";
import { countRequests } from "./request-count.ts";

const idleCandidates = 100;
const idleSeconds = 60;

const dataDir = mkdtempSync(join(tmpdir(), "leasehold-bench-"));
const [, , given] = process.argv;
const server = given === undefined ? await startLeasehold(dataDir, "sqlite") : undefined;
const kubeconfig = given ?? join(dataDir, "admin.kubeconfig");
try {
  buildContestants();
  for (const contestant of contestants) await measure(contestant);
} finally {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure(contestant: Contestant): Promise<void> {
  console.log(contestant.name);
  report("graceful hand-over", await timeHandOvers(contestant, 20));
  report("fail-over of a crash, lease of 5 s", await timeCrashes(contestant, 5));
  report("fail-over of a crash, lease of 15 s", await timeCrashes(contestant, 15));
  const { perSecond, cpu } = await countIdle(contestant);
  console.log(
    `  ${idleCandidates} candidates, one of them leading: ${perSecond.toFixed(2)} requests/s${cpu}`,
  );
}

/** From saying that the work is done to another one's beginning, with two candidates that wait, at the defaults of client-go. */
async function timeHandOvers(contestant: Contestant, rounds: number): Promise<readonly number[]> {
  const leases = 5;
  const electors = startElectors(contestant, field({ leases, candidates: 3 }));
  await Promise.all([electors.lead(), electors.ready()]);
  await delay(5000);
  const times: number[] = [];
  for (let count = 0; count < rounds * leases; count += 1) {
    times.push(await electors.handOver(count % leases));
    // Candidates wait at any moment of their periods, and the others rest meanwhile.
    await delay(200 + Math.random() * 400);
  }
  await electors.kill();
  return times;
}

/** From the death of a process that leads ten leases to each one's next leader, in a process that waits. */
async function timeCrashes(contestant: Contestant, leaseSeconds: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const where = field({ leases: 10, candidates: 1, leaseSeconds });
    const leading = startElectors(contestant, where);
    await leading.lead();
    const waiting = startElectors(contestant, where);
    await waiting.ready();
    await delay((0.5 + Math.random() / 2) * leaseSeconds * 1000);
    const next = waiting.lead();
    const deadMs = await leading.kill();
    for (const atMs of await next) times.push(atMs - deadMs);
    await waiting.kill();
  }
  return times;
}

async function countIdle(
  contestant: Contestant,
): Promise<{ readonly perSecond: number; readonly cpu: string }> {
  const electors = startElectors(contestant, field({ leases: 1, candidates: idleCandidates }));
  await electors.ready();
  // The first requests of all are not those of candidates that wait.
  await delay(10_000);
  const before = { requests: await countRequests(kubeconfig), cpuMs: server?.cpuMs() ?? 0 };
  await delay(idleSeconds * 1000);
  const after = { requests: await countRequests(kubeconfig), cpuMs: server?.cpuMs() ?? 0 };
  await electors.kill();
  const cpuPart = (after.cpuMs - before.cpuMs) / (idleSeconds * 10);
  return {
    perSecond: (after.requests - before.requests) / idleSeconds,
    cpu: server === undefined ? "" : `, ${cpuPart.toFixed(2)}% of a core at the server`,
  };
}

function field(parts: Pick<Field, "leases" | "candidates"> & Partial<Field>): Field {
  return { kubeconfig, prefix: `bench-${randomBytes(4).toString("hex")}`, leaseSeconds: 15, ...parts };
}

function report(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number): string =>
    `${(sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0)} ms`;
  console.log(`  ${name}: p50 ${at(0.5)}, p99 ${at(0.99)}, from ${at(0)} to ${at(1)}, of ${sorted.length}`);
}
