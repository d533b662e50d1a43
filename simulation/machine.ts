import type { Clock } from "@leasehold/client";
import { DriftingClock } from "./drifting-clock.ts";
import type { SeededRandom } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * A machine on which one process at a time runs. What reaches the process (timers, answers) does so as one piece of its event loop, and waits
 * while the process stands still; a process that was killed is reached by nothing any more.
 */
export class Machine {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #drift: DriftingClock;
  #wallOffsetMs: number;
  #pausedUntilMs = 0;
  #backlog: Arrival[] = [];
  /** Counts the processes; what belongs to an earlier one is dropped. */
  #life = 0;
  #turns = 0;

  constructor(name: string, parts: MachineParts) {
    this.name = name;
    this.#scheduler = parts.scheduler;
    this.#random = parts.random;
    this.#drift = new DriftingClock(parts.random.fork(), parts.clockRateError);
    this.#wallOffsetMs = 1.7e12 + parts.random.between(-1e7, 1e7);
  }

  get localMs(): number {
    return this.#drift.localAt(this.#scheduler.nowMs);
  }

  get life(): number {
    return this.#life;
  }

  /** How many pieces of the event loop have run: whoever looks in between can tell whether the process has done anything. */
  get turns(): number {
    return this.#turns;
  }

  get isPaused(): boolean {
    return this.#scheduler.nowMs < this.#pausedUntilMs;
  }

  /** The clock that a process on this machine is given. */
  clock(): Clock {
    const life = this.#life;
    return {
      nowMs: () => this.localMs + this.#wallOffsetMs,
      monotonicMs: () => this.localMs,
      schedule: (delayMs, run) => this.#schedule(Math.max(0, delayMs), { life, run }),
    };
  }

  /** Brings an arrival from outside into the present process. Returns how to bring it, for when it is on its way. */
  inbox(): (run: () => void) => void {
    const life = this.#life;
    return (run) => this.#arrive({ life, kind: "io", run });
  }

  /** SIGSTOP, a long collection or a blocked event loop; the clock runs on. */
  pause(forMs: number): void {
    const untilMs = this.#scheduler.nowMs + forMs;
    if (untilMs <= this.#pausedUntilMs) return;
    this.#pausedUntilMs = untilMs;
    this.#scheduler.at(untilMs, () => this.#wake());
  }

  kill(): void {
    this.#life += 1;
    this.#backlog = [];
  }

  stepWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  #schedule(delayMs: number, { life, run }: { life: number; run: () => void }): { cancel: () => void } {
    let isCancelled = false;
    const dueMs = this.#drift.trueAt(this.localMs + delayMs);
    // Timers are never early, and on a busy machine some milliseconds late.
    const event = this.#scheduler.at(dueMs + this.#random.between(0, 3), () =>
      this.#arrive({ life, kind: "timer", run: () => isCancelled || run() }),
    );
    return {
      cancel: () => {
        isCancelled = true;
        event.cancel();
      },
    };
  }

  #arrive(arrival: Arrival): void {
    if (arrival.life !== this.#life) return;
    if (this.isPaused) return void this.#backlog.push(arrival);
    this.#turns += 1;
    arrival.run();
  }

  /** All that came meanwhile is run piece by piece; whether timers or answers come first is a matter of luck, as in a real event loop. */
  #wake(): void {
    if (this.isPaused) return;
    const first = this.#random.pick(["timer", "io"]);
    const backlog = this.#backlog.toSorted(
      (one, other) => Number(other.kind === first) - Number(one.kind === first),
    );
    this.#backlog = [];
    for (const arrival of backlog) this.#scheduler.after(0, () => this.#arrive(arrival));
  }
}

export interface MachineParts {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly clockRateError: number;
}

interface Arrival {
  readonly life: number;
  readonly kind: "timer" | "io";
  readonly run: () => void;
}
