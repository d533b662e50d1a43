import type { Contender } from "./contender.ts";
import type { LeaseServer } from "./lease-server.ts";
import type { Weather } from "./link.ts";
import type { SeededRandom } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";

export interface TroubleParts {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly server: LeaseServer;
  readonly contenders: readonly Contender[];
  readonly trace: Trace;
  readonly leaseName: string;
  /** The scale of things: a trouble lasts from a blink to twice that. */
  readonly leaseDurationMs: number;
  readonly everyMs: number;
  readonly untilMs: number;
}

/** Lets trouble come, one after the other and several at a time, until `untilMs`; then everything is repaired. */
export function startTroubles(parts: TroubleParts): void {
  const { scheduler, random, untilMs } = parts;
  const next = (): void => {
    const inMs = -Math.log(1 - random.fraction()) * parts.everyMs;
    if (scheduler.nowMs + inMs >= untilMs) return void scheduler.at(untilMs, () => repair(parts));
    scheduler.after(inMs, () => {
      const [name, bring] = random.pick(troubles);
      parts.trace.tell("trouble", () => name);
      bring(parts, random.pick(parts.contenders));
      next();
    });
  };
  next();
}

type Trouble = readonly [string, (parts: TroubleParts, contender: Contender) => void];

const troubles: readonly Trouble[] = [
  ["requests of one do not arrive", (parts, { link }) => link.cut("up", lengthMs(parts))],
  ["answers to one do not arrive", (parts, { link }) => link.cut("down", lengthMs(parts))],
  [
    "one is cut off",
    (parts, { link }) => {
      const ms = lengthMs(parts);
      link.cut("up", ms);
      link.cut("down", ms);
    },
  ],
  ["one stands still", pause],
  ["one stands still", pause],
  ["one blocks its event loop", (parts, contender) => pauseFor(contender, parts.random.between(20, 900))],
  ["one is killed", kill],
  ["one is stopped", stop],
  ["one is done with its work", (_, contender) => contender.finishWork()],
  [
    "the wall clock of one steps",
    (parts, { machine }) => machine.stepWallClock(parts.random.between(-1e7, 1e7)),
  ],
  ["the server crashes", crashServer],
  ["the server asks for patience", askForPatience],
  ["a stranger changes a label", ({ server, leaseName }) => server.touch(leaseName)],
  ["the network of one gets worse", worsen],
  ["answers to one get slow, and then it is cut off", congest],
];

function lengthMs({ random, leaseDurationMs }: TroubleParts): number {
  return (
    random.pick([50, leaseDurationMs / 4, leaseDurationMs, 2 * leaseDurationMs]) * random.between(0.3, 1.2)
  );
}

function pause(parts: TroubleParts, contender: Contender): void {
  pauseFor(contender, lengthMs(parts));
}

function pauseFor({ machine, survivesPauses }: Contender, forMs: number): void {
  if (survivesPauses) machine.pause(forMs);
}

function kill(parts: TroubleParts, contender: Contender): void {
  contender.machine.kill();
  startLater(parts, contender);
}

function stop(parts: TroubleParts, contender: Contender): void {
  contender.stop();
  startLater(parts, contender);
}

/** The new process is another one, whatever became of the old: at most one runs on a machine. */
function startLater(parts: TroubleParts, { machine, start }: Contender): void {
  const { life } = machine;
  parts.scheduler.after(parts.random.between(10, 1.5 * parts.leaseDurationMs), () => {
    if (machine.life !== life) return;
    machine.kill();
    start();
  });
}

function crashServer(parts: TroubleParts): void {
  const { server, scheduler } = parts;
  if (!server.isUp) return;
  server.crash();
  scheduler.after(lengthMs(parts), () => (server.isUp = true));
}

function askForPatience(parts: TroubleParts): void {
  const { server, scheduler, random, leaseDurationMs } = parts;
  server.retryAfterMs = random.pick([1000, leaseDurationMs / 3, leaseDurationMs]);
  scheduler.after(lengthMs(parts) / 2, () => (server.retryAfterMs = undefined));
}

function worsen(parts: TroubleParts, { link }: Contender): void {
  const before = link.weather;
  link.weather = { ...storm, lateMs: parts.leaseDurationMs };
  parts.scheduler.after(lengthMs(parts), () => (link.weather = before));
}

/** What congestion looks like before a router gives up. */
function congest(parts: TroubleParts, { link }: Contender): void {
  const { scheduler, random, leaseDurationMs } = parts;
  const before = link.weather;
  link.weather = { ...before, answerDelayMs: leaseDurationMs * random.between(0.02, 0.14) };
  scheduler.after(leaseDurationMs * random.between(0.3, 0.6), () => {
    link.weather = before;
    link.cut("up", leaseDurationMs * random.between(0.5, 2));
  });
}

function repair({ server, contenders, trace }: TroubleParts): void {
  trace.tell("trouble", () => "everything is repaired");
  server.isUp = true;
  server.retryAfterMs = undefined;
  for (const { link } of contenders) {
    link.heal();
    link.weather = calm;
  }
}

export const calm: Weather = { delayMs: 2, answerDelayMs: 0, loss: 0, duplication: 0, late: 0, lateMs: 0 };
export const storm: Weather = {
  delayMs: 30,
  answerDelayMs: 0,
  loss: 0.25,
  duplication: 0.1,
  late: 0.1,
  lateMs: 5000,
};
