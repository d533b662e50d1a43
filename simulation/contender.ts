import type { DurationGoal, Durations, ElectorOptions, LeaderElector, Term } from "@leasehold/client";
import type { LeaseServer } from "./lease-server.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";
import type { SeededRandom } from "./random.ts";
import type { Trace } from "./trace.ts";
import { virtualAccess } from "./virtual-access.ts";
import { lifeOf, type Reign, type Witness } from "./witness.ts";

/** What is under test, which a mutation may have replaced. */
export interface Subject {
  readonly LeaderElector: new (options: ElectorOptions) => LeaderElector;
  readonly durationsFor: (goal: DurationGoal) => Durations;
}

/** A program on a machine that wants to lead, over and over. */
export interface Contender {
  readonly machine: Machine;
  readonly link: Link;
  /** Whether its term's end is judged by the clock: one that stood still may otherwise work on for a moment. */
  readonly survivesPauses: boolean;
  start(): void;
  /** As SIGTERM: it ends its work, releases the lease, and is gone. */
  stop(): void;
  /** Ends its present work of its own accord. */
  finishWork(): void;
}

export interface ContenderParts {
  readonly machine: Machine;
  readonly link: Link;
  readonly server: LeaseServer;
  readonly witness: Witness;
  readonly trace: Trace;
  readonly random: SeededRandom;
  readonly identity: string;
  readonly durations: Durations;
  readonly isWatchPermitted: boolean;
  readonly leaseName: string;
}

/** The real elector, with work that stops within the grace that it has. */
export function electorContender({ LeaderElector }: Subject, parts: ContenderParts): Contender {
  const { machine, link, trace } = parts;
  let stopping = new AbortController();
  let finish = (): void => {};
  return {
    machine,
    link,
    survivesPauses: true,
    start() {
      stopping = new AbortController();
      const elector = new LeaderElector({
        lease: virtualAccess({ ...parts, name: parts.leaseName }),
        identity: parts.identity,
        durations: parts.durations,
        clock: machine.clock(),
        random: parts.random.fork(),
        signal: stopping.signal,
        onEvent: (event) => trace.tell(machine.name, () => JSON.stringify(event, errorText)),
      });
      void lead(elector, parts, (found) => (finish = found)).catch((error: unknown) =>
        parts.witness.violate(`${machine.name} threw ${String(error)}`),
      );
    },
    stop: () => machine.inbox()(() => stopping.abort()),
    finishWork: () => machine.inbox()(() => finish()),
  };
}

async function lead(
  elector: LeaderElector,
  parts: ContenderParts,
  onWork: (finish: () => void) => void,
): Promise<void> {
  for await (const term of elector) {
    const reign = new ElectorReign(term, parts);
    parts.witness.begins(reign, term.fencingToken);
    await work(term, parts, onWork);
    reign.settle();
  }
}

/** Work that runs until it is told to stop, or is done, and then takes up to the grace to wind down. */
async function work(
  term: Term,
  { machine, random, durations }: ContenderParts,
  onWork: (finish: () => void) => void,
): Promise<void> {
  const clock = machine.clock();
  await new Promise<void>((resolve) => {
    onWork(resolve);
    term.signal.addEventListener("abort", () => resolve());
    if (term.signal.aborted) resolve();
  });
  // Timers may be a few milliseconds late, and the grace is for that, too.
  const windDownMs = random.between(0, Math.max(0, durations.stopGraceMs - 10));
  await new Promise<void>((resolve) => clock.schedule(windDownMs, resolve));
}

class ElectorReign implements Reign {
  readonly who: string;
  readonly #term: Term;
  readonly #machine: Machine;
  readonly #graceMs: number;
  readonly #witness: Witness;
  readonly #isAlive: () => boolean;
  #seenTurns = -1;
  /** By the machine's own clock: until then the work may go on, whatever happens to the process. */
  #activeUntilMs = Number.POSITIVE_INFINITY;
  #isSettled = false;
  #isOver = false;
  /** Some works ask when it is too late, and must be told the truth; others rely on being told. */
  readonly #asksLate: (term: Term) => boolean;

  constructor(term: Term, { machine, durations, witness, random }: ContenderParts) {
    this.#witness = witness;
    this.#asksLate = random.pick(lateQuestions);
    this.who = machine.name;
    this.#term = term;
    this.#machine = machine;
    this.#graceMs = durations.stopGraceMs;
    this.#isAlive = lifeOf(machine);
    this.look();
  }

  settle(): void {
    this.#isSettled = true;
  }

  /**
   * The work asks when its process has run, and believes the answer until it asks again; a process that stands still asks nothing.
   */
  look(): void {
    const { localMs, turns, isPaused } = this.#machine;
    if (this.#isOver || isPaused || turns === this.#seenTurns || !this.#isAlive()) return;
    this.#seenTurns = turns;
    if (localMs >= this.#activeUntilMs - this.#graceMs) {
      this.#isOver = true;
      if (this.#asksLate(this.#term))
        this.#witness.violate(`${this.who} is told that it leads past its deadline`);
      return;
    }
    const remainingMs = this.#term.remainingMs();
    this.#isOver = remainingMs === 0;
    this.#activeUntilMs = localMs + remainingMs + this.#graceMs;
  }

  isActive(): boolean {
    return this.#isAlive() && !this.#isSettled && this.#machine.localMs < this.#activeUntilMs;
  }
}

const lateQuestions: readonly ((term: Term) => boolean)[] = [
  (term) => term.isLive(),
  (term) => !term.signal.aborted,
  () => false,
];

function errorText(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}
