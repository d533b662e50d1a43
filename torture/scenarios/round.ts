import { setTimeout as pause } from "node:timers/promises";
import { WatchChecker } from "../checkers/watch.ts";
import { connect } from "../deployments/connection.ts";
import type { Deployment } from "../deployments/deployment.ts";
import type { Draw } from "../draw.ts";
import type { Figures } from "../figures.ts";
import { History } from "../history/history.ts";
import { LeaseClient, type Place } from "../history/lease-client.ts";
import { Watcher } from "../history/watcher.ts";
import { work } from "../history/writer-loop.ts";
import { BreachError, type Run } from "../scenario.ts";
import { changesOf, judge } from "./judge.ts";

/** What strikes, over and over, until the round is over; it has healed when it resolves. */
export type Strike = (draw: Draw, working: Working) => Promise<void>;

/** The clients at work, as whatever strikes them sees them. */
export interface Working {
  readonly isOver: boolean;
  /**
   * Resolves when so many more writes have been acknowledged: moments are chosen by that and not by time, so that a slow machine
   * is not struck all the time. Resolves in some seconds at the latest, and when the round is over.
   */
  acknowledged(count: number): Promise<void>;
}

async function awaitWrites(
  history: History,
  { count, over }: { count: number; over: AbortSignal },
): Promise<void> {
  const target = history.acknowledgedWrites + count;
  const deadlineMs = performance.now() + workMsMax;
  while (history.acknowledgedWrites < target && !over.aborted && performance.now() < deadlineMs)
    await pause(2);
}

const workMsMax = 8000;

/** Rounds of half a minute at most, so that a history stays small enough to look at when something is wrong with it. */
export async function runRounds(run: Run, deployment: Deployment, strike: Strike): Promise<void> {
  const { draw, figures, untilMs } = run;
  for (let round = 0; round === 0 || performance.now() < untilMs - 2000; round += 1) {
    const roundUntilMs = Math.min(untilMs, performance.now() + roundMs);
    const options = { deployment, figures, strike, untilMs: roundUntilMs };
    await runRound({ ...options, draw: draw.fork(`round ${round}`) });
    figures.add("cycles");
  }
}

const roundMs = 30_000;

interface RoundOptions {
  readonly deployment: Deployment;
  readonly draw: Draw;
  readonly figures: Figures;
  /** Clients work and faults strike until then, of `performance.now()`. */
  readonly untilMs: number;
  readonly strike: Strike;
}

/**
 * Many clients and watchers at work on a few leases while faults strike; then everything heals, the watchers catch up, and all that
 * was done and told is checked.
 */
async function runRound({ deployment, draw, figures, untilMs, strike }: RoundOptions): Promise<void> {
  const history = new History();
  const accesses = (): Deployment["accesses"] => deployment.accesses;
  const { leases, firstRevision } = await newNamespace(deployment, draw);
  const place: Place = { history, accesses, leases };
  const over = new AbortController();
  const gaveUp = new AbortController();
  const watchers = startWatchers({ place, draw, firstRevision });
  const watching = Promise.all(watchers.map((watcher) => watcher.run(gaveUp.signal)));
  const clients = Array.from({ length: clientsPerRound }, (_, index) => {
    const draws = draw.fork(`client ${index}`);
    const client = new LeaseClient(place, `c${index}`, draws);
    return work({
      client,
      draw: draws,
      keys,
      newestRevision: () => history.newestRevision,
      signal: over.signal,
    });
  });
  const allClients = Promise.all(clients);
  const working: Working = {
    get isOver() {
      return over.signal.aborted;
    },
    acknowledged: (count) => awaitWrites(history, { count, over: over.signal }),
  };
  const timer = setTimeout(() => over.abort(), Math.max(1000, untilMs - performance.now()));
  const striking = strike(draw.fork("faults"), working);
  try {
    await Promise.all([allClients, striking]);
    const end = await lastWrite(place, draw.fork("end"));
    await allToldUntil(end, { history, watchers, gaveUp: gaveUp.signal, firstRevision });
    judge(history, figures);
  } finally {
    clearTimeout(timer);
    over.abort();
    gaveUp.abort();
    await Promise.allSettled([allClients, striking, watching]);
  }
}

/** Few, so that clients get into each other's way. */
const keys = ["a", "b", "c", "d", "e"];
const endKey = "end";
const clientsPerRound = 8;

interface Starting {
  readonly place: Place;
  readonly draw: Draw;
  readonly firstRevision: number;
}

function startWatchers({ place, draw, firstRevision }: Starting): readonly Watcher[] {
  const references = place.accesses().map((_, server) => ({
    name: `reference ${server}`,
    key: undefined,
    referenceOf: server,
  }));
  const others = ["all", "all", "all", "a", "b"].map((key, index) => ({
    name: `watcher ${index}`,
    key: key === "all" ? undefined : key,
    referenceOf: undefined,
  }));
  return [...references, ...others].map(
    (plan) => new Watcher({ place, firstRevision, draw: draw.fork(plan.name), ...plan }),
  );
}

/** A namespace that nobody has written to, and the revision of a state in which it is empty. */
async function newNamespace(
  deployment: Deployment,
  draw: Draw,
): Promise<{ readonly leases: string; readonly firstRevision: number }> {
  const name = `round-${draw.below(2 ** 30).toString(36)}`;
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${name}/leases`;
  const access = deployment.accesses.find((access) => access !== undefined);
  if (access === undefined) throw new Error("no server runs at the beginning of a round");
  const connection = connect(access);
  try {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    for (let attempt = 0; attempt < 100; attempt += 1) {
      await connection.ask("POST", "/api/v1/namespaces", namespace);
      const told = await connection.ask("GET", leases);
      const revision = told.kind === "answer" ? Number(told.body.metadata?.resourceVersion) : Number.NaN;
      const isThere = await connection.ask("GET", `/api/v1/namespaces/${name}`);
      if (isThere.kind === "answer" && isThere.status === 200 && revision > 0)
        return { leases, firstRevision: revision };
      await pause(100);
    }
  } finally {
    connection.close();
  }
  throw new BreachError([`no namespace could be created in ten seconds after everything had healed`]);
}

/** A write that is acknowledged, after all others: what watchers are told in the end. */
async function lastWrite(place: Place, draw: Draw): Promise<number> {
  const client = new LeaseClient(place, "end", draw);
  const deadlineMs = performance.now() + healWithinMs;
  try {
    while (performance.now() < deadlineMs) {
      const before = await client.read(endKey);
      if (before === undefined) continue;
      const now = await client.write(endKey, before, false);
      if (now !== undefined && now !== "absent") return now.revision;
    }
  } finally {
    client.close();
  }
  throw new BreachError([`no write was acknowledged within ${healWithinMs} ms after everything had healed`]);
}

const healWithinMs = 60_000;

interface Telling {
  readonly history: History;
  readonly watchers: readonly Watcher[];
  readonly gaveUp: AbortSignal;
  readonly firstRevision: number;
}

async function allToldUntil(
  end: number,
  { history, watchers, gaveUp, firstRevision }: Telling,
): Promise<void> {
  const deadlineMs = performance.now() + healWithinMs;
  const references = watchers.filter(({ isReference }) => isReference);
  const others = watchers.filter(({ isReference }) => !isReference);
  for (const reference of references) reference.finish(end);
  while (references.some(({ isDone }) => !isDone) && performance.now() < deadlineMs && !gaveUp.aborted)
    await pause(20);
  const checker = new WatchChecker(changesOf(history));
  for (const watcher of others)
    watcher.finish(
      watcher.key === undefined ? end : Math.max(firstRevision, checker.lastRevision(watcher.key)),
    );
  while (watchers.some((watcher) => !watcher.isDone) && performance.now() < deadlineMs) await pause(20);
  const late = watchers.filter((watcher) => !watcher.isDone).map(({ name }) => name);
  if (late.length > 0)
    throw new BreachError([`gap: ${late.join(", ")} had not been told all changes after ${healWithinMs} ms`]);
}
