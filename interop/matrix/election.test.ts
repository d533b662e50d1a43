/**
 * One lease, and a candidate for it from each library. Candidates are killed, told to end, paused and cut off, at random, and nobody
 * claims to lead while another one does.
 *
 * INTEROP_MATRIX_SEED repeats the choices of a run; INTEROP_MATRIX_SECONDS says how long faults go on.
 */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Candidate } from "./candidate-process.ts";
import { Chance } from "./chance.ts";
import { type Blow, faults } from "./faults.ts";
import { breaches, holders, isSeized } from "./history.ts";
import { leaseMs, libraries, libraryOf } from "./libraries.ts";
import { setStage, type Stage } from "./stage.ts";

const seed = Number(process.env["INTEROP_MATRIX_SEED"] ?? randomInt(2 ** 31));
const seconds = Number(process.env["INTEROP_MATRIX_SECONDS"] ?? 75);
const kubeconfig = process.env["KUBECONFIG"];

test(`candidates of ${libraries.length} libraries never lead at once, seed ${seed}`, async (t) => {
  assert.ok(kubeconfig !== undefined, "KUBECONFIG must name the kubeconfig of the server under test");
  const stage = await setStage(kubeconfig);
  const struck: string[] = [];
  let hasPassed = false;
  try {
    await Promise.all(libraries.map((library) => stage.enter(library)));
    const chance = new Chance(seed);
    for (const untilMs = performance.now() + seconds * 1000; performance.now() < untilMs;) {
      struck.push(await strike(stage, chance));
    }
    await stage.leader();
    await stage.end();
    for (const line of judge(stage, struck)) t.diagnostic(line);
    hasPassed = true;
  } finally {
    if (!hasPassed) t.diagnostic(`${struck.join("\n")}\n${stage.witness.lately.join("\n")}`);
    await stage.close(!hasPassed);
  }
});

/** Lets one thing befall somebody, mostly the leader, until somebody leads again and all libraries stand. */
async function strike(stage: Stage, chance: Chance): Promise<string> {
  const leader = await stage.leader();
  // It is struck at any moment between two of its renewals.
  await delay(chance.between(0, 1500));
  const others = [...stage.candidates.values()].filter((candidate) => candidate !== leader);
  const victim = chance.next() < 0.75 ? leader : chance.pick(others);
  const fault = chance.pick(faults.filter(({ not }) => not === undefined || !victim.library.gaps.has(not)));
  await fault.strike({ stage, victim, lasts: lasting(stage, chance, { victim, leader }) });
  // One whose process has died with its connection is replaced as well.
  for (const [library, candidate] of stage.candidates) if (candidate.isGone()) await stage.enter(library);
  await stage.leader();
  return `${victim.identity} ${victim === leader ? "led and was" : "was"} ${fault.name}`;
}

interface Roles {
  readonly victim: Candidate;
  readonly leader: Candidate;
}

function lasting(stage: Stage, chance: Chance, { victim, leader }: Roles): Blow["lasts"] {
  const moment = chance.between(0.2, 1.4) * leaseMs;
  return async () => {
    if (victim !== leader) return delay(moment);
    await stage.witness.until(`somebody leads instead of ${victim.identity}`, () =>
      stage.witness.leaders.some((identity) => identity !== victim.identity),
    );
  };
}

/** Finds nothing wrong but what is known of each library by name, and tells what was seen. */
function judge({ witness, lease }: Stage, struck: readonly string[]): readonly string[] {
  const versions = lease.versions;
  const held = holders(versions);
  const seizures = versions.filter((version, index) => {
    const before = versions[index - 1];
    return before !== undefined && isSeized(before, version);
  });
  const wrongs = breaches(versions);
  assert.deepEqual(
    wrongs.filter(({ forgiven }) => !forgiven).map(({ what }) => what),
    [],
  );

  const overlaps = witness.overlaps.map((overlap) => {
    const isPause = overlap.isAfterPause && libraryOf(overlap.earlier).gaps.has("claims after a pause");
    const isSeizure = seizures.some(({ holder }) => holder === overlap.later || holder === overlap.earlier);
    return {
      ...overlap,
      gap: isPause ? "claims after a pause" : isSeizure ? "takes from who was quicker" : undefined,
    };
  });
  assert.deepEqual(
    overlaps.filter(({ gap }) => gap === undefined),
    [],
  );

  // Whoever claims to lead holds the lease, in the same order; one who could not say so before it was struck does not appear.
  const claimed = witness.terms.filter((identity, index) => identity !== witness.terms[index - 1]);
  assert.ok(
    isWithin(claimed, held),
    `those who led, ${claimed.join(", ")}, are not among those who held: ${held.join(", ")}`,
  );

  const known = overlaps.map(({ earlier, gap }) => `${libraryOf(earlier).name} ${gap}`);
  return [
    `matrix: seed ${seed}, ${struck.length} faults, ${witness.terms.length} terms, ${versions.length} versions of the lease, 0 overlaps but ${known.length} by known gaps`,
    `terms: ${tally(witness.terms.map((identity) => libraryOf(identity).name))}`,
    `faults: ${tally(struck.map((line) => line.replace(/^\S+ (led and )?was /, "")))}`,
    `known gaps: ${known.length === 0 ? "none seen" : tally(known)}`,
  ];
}

function isWithin(few: readonly string[], many: readonly string[]): boolean {
  let found = 0;
  for (const one of many) if (one === few[found]) found += 1;
  return found === few.length;
}

function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => `${name} ${count}`)
    .toSorted()
    .join(", ");
}
