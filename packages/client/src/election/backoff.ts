import type { Random } from "../random.ts";
import type { AccessFailure } from "./object-access.ts";

/** Pauses after failures: each twice as long as the one before, up to a bound, the later half of it at random; more if the server asks. */
export class Backoff {
  readonly #random: Random;
  readonly #firstMs: number;
  readonly #mostMs: number;
  #failures = 0;

  constructor(random: Random, bounds: { readonly firstMs: number; readonly mostMs: number }) {
    this.#random = random;
    this.#firstMs = Math.min(bounds.firstMs, bounds.mostMs);
    this.#mostMs = bounds.mostMs;
  }

  /** The pause in milliseconds after one more failure; a Retry-After makes it longer, never shorter. */
  next(failure?: AccessFailure): number {
    const fullMs = Math.min(this.#mostMs, this.#firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    const askedMs = failure?.kind === "unavailable" ? (failure.retryAfterMs ?? 0) : 0;
    return askedMs + fullMs * (0.5 + this.#random.fraction() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
