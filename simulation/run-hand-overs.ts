import { type Contender, electorContender, type Subject } from "./contender.ts";
import { LeaseServer } from "./lease-server.ts";
import { Link } from "./link.ts";
import { Machine } from "./machine.ts";
import { SeededRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { Trace } from "./trace.ts";
import { calm } from "./troubles.ts";
import { Witness } from "./witness.ts";

export interface HandOverOutcome {
  readonly violations: readonly string[];
  /** From each release to the beginning of the next term, in true milliseconds. */
  readonly tookMs: readonly number[];
}

/** Leaders that finish their work, one after the other, on a network where a message takes 2 ms on average, and every candidate can watch. */
export async function runHandOvers(seed: number, subject: Subject): Promise<HandOverOutcome> {
  const random = new SeededRandom(seed);
  const scheduler = new Scheduler();
  const trace = new Trace(scheduler);
  const witness = new Witness(scheduler, trace);
  const server = new LeaseServer(random.fork());
  const durations = subject.durationsFor({ leaseDurationSeconds: 15 });
  const tookMs: number[] = [];
  let releasedAtMs: number | undefined;
  server.onCommit = (before, after) => {
    witness.committed(before, after);
    if (after?.spec.holderIdentity === "") releasedAtMs = scheduler.nowMs;
  };
  const contenders = ["a", "b", "c", "d"].map((identity): Contender => {
    const machine = new Machine(identity, { scheduler, random: random.fork(), clockRateError: 0.01 });
    const link = new Link(scheduler, random.fork(), calm);
    const common = { machine, link, server, witness, trace, identity, durations };
    return electorContender(subject, {
      ...common,
      random: random.fork(),
      isWatchPermitted: true,
      leaseName: "the-lease",
    });
  });
  for (const contender of contenders) contender.start();
  for (let round = 0; round < 10; round += 1) {
    await scheduler.runUntil(scheduler.nowMs + 5000, () => {
      witness.look();
      if (releasedAtMs === undefined || !witness.isSomebodyLeading) return;
      tookMs.push(scheduler.nowMs - releasedAtMs);
      releasedAtMs = undefined;
    });
    for (const contender of contenders) contender.finishWork();
  }
  return { violations: witness.violations, tookMs };
}
