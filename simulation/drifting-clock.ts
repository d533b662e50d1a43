import type { SeededRandom } from "./random.ts";

/**
 * What a machine's monotonic clock shows at each true moment: its rate changes every few seconds, within a bound. The whole course follows
 * from the seed, so that it can be read in both directions.
 */
export class DriftingClock {
  readonly #random: SeededRandom;
  readonly #rateError: number;
  readonly #pieces: Piece[] = [];

  constructor(random: SeededRandom, rateError: number) {
    this.#random = random;
    this.#rateError = rateError;
    const rate = this.#rate();
    this.#pieces.push({ trueMs: 0, localMs: random.between(0, 1e6), rate });
  }

  localAt(trueMs: number): number {
    while (this.#last.trueMs <= trueMs) this.#extend();
    const piece = this.#pieces.findLast((piece) => piece.trueMs <= trueMs) ?? this.#last;
    return piece.localMs + (trueMs - piece.trueMs) * piece.rate;
  }

  /** The true moment at which the clock shows `localMs`. */
  trueAt(localMs: number): number {
    while (this.#last.localMs <= localMs) this.#extend();
    const piece = this.#pieces.findLast((piece) => piece.localMs <= localMs) ?? this.#last;
    return piece.trueMs + (localMs - piece.localMs) / piece.rate;
  }

  get #last(): Piece {
    return this.#pieces.at(-1) ?? { trueMs: 0, localMs: 0, rate: 1 };
  }

  #extend(): void {
    const { trueMs, localMs, rate } = this.#last;
    const lengthMs = this.#random.between(2000, 40_000);
    this.#pieces.push({
      trueMs: trueMs + lengthMs,
      localMs: localMs + lengthMs * rate,
      rate: this.#rate(),
    });
  }

  /** Often at one of the ends: there the bounds are tried hardest. */
  #rate(): number {
    const extreme = this.#random.pick([-1, 1, this.#random.between(-1, 1)]);
    return 1 + extreme * this.#rateError;
  }
}

interface Piece {
  readonly trueMs: number;
  readonly localMs: number;
  readonly rate: number;
}
