import type { Random } from "@leasehold/client";

/** Numbers that follow from a seed alone (the generator is known as mulberry32). */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  }

  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let word = this.#state;
    word = Math.imul(word ^ (word >>> 15), word | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  }

  uuid(): string {
    return [1, 2, 3, 4].map(() => this.#word()).join("-");
  }

  between(from: number, to: number): number {
    return from + this.fraction() * (to - from);
  }

  /** A whole number from 0 to `bound`, which is excluded. */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  isLucky(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new RangeError("nothing to choose from");
    return choice;
  }

  /** Another sequence, so that one part's draws do not move when another part draws more. */
  fork(): SeededRandom {
    return new SeededRandom(this.below(2 ** 32));
  }

  #word(): string {
    return this.below(2 ** 32)
      .toString(16)
      .padStart(8, "0");
  }
}
