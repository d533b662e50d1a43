import type { SeededRandom } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** How bad a network is. */
export interface Weather {
  /** Mean of the usual delay in one direction. */
  readonly delayMs: number;
  /** What answers take on top of that. */
  readonly answerDelayMs: number;
  /** What part of messages is lost, in each direction. */
  readonly loss: number;
  /** What part of requests arrives twice. */
  readonly duplication: number;
  /** What part of messages takes very long, up to `lateMs`. */
  readonly late: number;
  readonly lateMs: number;
}

/** The way from one machine to the server and back. Each direction can be cut on its own. */
export class Link {
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  weather: Weather;
  #cutUntilMs = { up: 0, down: 0 };

  constructor(scheduler: Scheduler, random: SeededRandom, weather: Weather) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.weather = weather;
  }

  cut(direction: Direction, forMs: number): void {
    this.#cutUntilMs[direction] = Math.max(this.#cutUntilMs[direction], this.#scheduler.nowMs + forMs);
  }

  heal(): void {
    this.#cutUntilMs = { up: 0, down: 0 };
  }

  isCut(direction: Direction): boolean {
    return this.#scheduler.nowMs < this.#cutUntilMs[direction];
  }

  /** A message on its own: late, lost, twice, and overtaken by others. */
  send(direction: Direction, arrive: () => void): void {
    const { loss, duplication } = this.weather;
    const copies = direction === "up" && this.#random.isLucky(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const isLost = this.#random.isLucky(loss) || this.isCut(direction);
      const delayMs = this.#delayMs() + (direction === "down" ? this.weather.answerDelayMs : 0);
      if (!isLost) this.#scheduler.after(delayMs, arrive);
    }
  }

  /** Messages of one connection: in order, and once one is lost, nothing comes any more, and nobody is told. */
  stream(): (arrive: () => void) => void {
    let [lastMs, isDead] = [0, false];
    return (arrive) => {
      // A short cut delays what TCP sends again; a long one, or a NAT that forgets, kills the connection.
      isDead ||=
        this.#random.isLucky(this.weather.loss / 4) || (this.isCut("down") && this.#random.isLucky(0.5));
      if (isDead) return;
      const healedMs = Math.max(this.#scheduler.nowMs, this.#cutUntilMs.down);
      lastMs = Math.max(lastMs, healedMs + this.#delayMs());
      this.#scheduler.at(lastMs, arrive);
    };
  }

  #delayMs(): number {
    const { delayMs, late, lateMs } = this.weather;
    if (this.#random.isLucky(late)) return this.#random.between(0, lateMs);
    return -Math.log(1 - this.#random.fraction()) * delayMs;
  }
}

export type Direction = "up" | "down";
