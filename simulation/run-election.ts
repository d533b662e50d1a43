import type { Durations } from "@leasehold/client";
import { clientGoContender, type ClientGoTimes } from "./client-go-contender.ts";
import { type Contender, type ContenderParts, electorContender, type Subject } from "./contender.ts";
import { LeaseServer } from "./lease-server.ts";
import { Link, type Weather } from "./link.ts";
import { Machine } from "./machine.ts";
import { SeededRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { Trace } from "./trace.ts";
import { calm, startTroubles, storm } from "./troubles.ts";
import { Witness } from "./witness.ts";

export interface ElectionRun {
  readonly seed: number;
  readonly subject: Subject;
  /** How many of the contenders are client-go's, with which times; none by default. */
  readonly clientGo?: { readonly count: number; readonly times: ClientGoTimes };
  /** For negative runs: clocks err by so many times what the durations allow for. Default 1. */
  readonly clockErrorFactor?: number;
  /** Default: drawn. */
  readonly leaseDurationSeconds?: number;
  /** What the durations allow for. Default: drawn. */
  readonly clockRateError?: number;
}

export interface ElectionOutcome {
  readonly violations: readonly string[];
  readonly terms: number;
  /** From the end of all trouble to the first moment at which somebody leads; undefined if nobody came to. */
  readonly recoveredMs: number | undefined;
  readonly boundMs: number;
  readonly trace: Trace;
}

const leaseName = "the-lease";

/** One election under trouble, and then in peace, all of which follows from the seed. */
export async function runElection(run: ElectionRun): Promise<ElectionOutcome> {
  const random = new SeededRandom(run.seed);
  const scheduler = new Scheduler();
  const trace = new Trace(scheduler);
  const witness = new Witness(scheduler, trace);
  const server = new LeaseServer(random.fork());
  server.onCommit = (before, after) => witness.committed(before, after);
  const all = drawDurations(run, random);
  const longest = all.reduce((one, other) =>
    one.leaseDurationSeconds > other.leaseDurationSeconds ? one : other,
  );
  const leaseDurationMs = longest.leaseDurationSeconds * 1000;
  const troubledMs = 12 * leaseDurationMs;
  const contenders = contend(run, { random, scheduler, trace, witness, server, all });
  const everyMs = random.pick([0.1, 0.3, 1]) * leaseDurationMs;
  const parts = { scheduler, random: random.fork(), server, contenders, trace, leaseName, leaseDurationMs };
  startTroubles({ ...parts, everyMs, untilMs: troubledMs });
  await scheduler.runUntil(troubledMs, () => witness.look());
  const boundMs = recoveryBoundMs(longest);
  const recoveredMs = await awaitLeader(scheduler, witness, boundMs);
  await scheduler.runUntil(scheduler.nowMs + 2 * leaseDurationMs, () => witness.look());
  if (recoveredMs === undefined) witness.violate(`nobody leads ${boundMs} ms after the end of all trouble`);
  return { violations: witness.violations, terms: witness.terms, recoveredMs, boundMs, trace };
}

/**
 * How soon somebody leads when nothing is wrong any more. The last message of a storm comes a lease duration late, and with it perhaps the
 * claim of somebody who is gone; a pause or a restart may last nearly two lease durations more. From then on: a candidate whose watch is
 * dead looks by itself after half a duration, and waits for a whole one.
 */
function recoveryBoundMs({
  leaseDurationSeconds,
  clockRateError,
  attemptTimeoutMs,
  pollEveryMs,
}: Durations): number {
  const leaseMs = (leaseDurationSeconds * 1000) / (1 - clockRateError) ** 2;
  return Math.ceil((2.5 + 1.5) * leaseMs + 3 * attemptTimeoutMs + 3 * pollEveryMs);
}

async function awaitLeader(
  scheduler: Scheduler,
  witness: Witness,
  boundMs: number,
): Promise<number | undefined> {
  const sinceMs = scheduler.nowMs;
  while (scheduler.nowMs < sinceMs + boundMs) {
    if (witness.isSomebodyLeading) return scheduler.nowMs - sinceMs;
    await scheduler.runUntil(Math.min(scheduler.nowMs + 50, sinceMs + boundMs), () => witness.look());
  }
  return witness.isSomebodyLeading ? boundMs : undefined;
}

/** One for each contender; in some elections they differ, and each has to honour what the others write. */
function drawDurations(run: ElectionRun, random: SeededRandom): readonly [Durations, ...Durations[]] {
  const seconds = run.leaseDurationSeconds ?? random.pick([1, 2, 4, 8, 15]);
  const clockRateError = run.clockRateError ?? random.pick([0.01, 0.05, 0.1]);
  const factors = random.isLucky(0.3) && run.leaseDurationSeconds === undefined ? [1, 2, 4] : [1];
  const draw = (): Durations =>
    run.subject.durationsFor({ leaseDurationSeconds: seconds * random.pick(factors), clockRateError });
  return [draw(), draw(), ...Array.from({ length: random.below(4) }, draw)];
}

type World = Pick<ContenderParts, "trace" | "witness" | "server"> & {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly all: readonly Durations[];
};

function contend(run: ElectionRun, world: World): readonly Contender[] {
  const { random, scheduler, all } = world;
  // Some operator gives all of them the same name.
  const areTwins = random.isLucky(0.15) && run.clientGo === undefined;
  const weather: Weather = random.pick([calm, calm, { ...storm, loss: 0.05, late: 0.02 }]);
  return all.map((durations, index) => {
    const isClientGo = index < (run.clientGo?.count ?? 0);
    const name = `${isClientGo ? "client-go" : "elector"}-${index}`;
    const clockRateError = durations.clockRateError * (run.clockErrorFactor ?? 1);
    const machine = new Machine(name, { scheduler, random: random.fork(), clockRateError });
    const parts: ContenderParts = {
      ...world,
      durations,
      machine,
      leaseName,
      link: new Link(scheduler, random.fork(), weather),
      random: random.fork(),
      identity: areTwins ? "twin" : name,
      isWatchPermitted: random.isLucky(0.85),
    };
    const contender =
      isClientGo && run.clientGo !== undefined
        ? clientGoContender(run.clientGo.times, parts)
        : electorContender(run.subject, parts);
    scheduler.at(random.between(0, 2000), () => contender.start());
    return contender;
  });
}
