import type { Random } from "./random.ts";

/** What came before a pause; a server may have asked to be left alone for a while. */
export interface PausedAfter {
  readonly kind: string;
  readonly retryAfterMs?: number | undefined;
}

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
  next(failure?: PausedAfter): number {
    const fullMs = Math.min(this.#mostMs, this.#firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, failuresCounted);
    return (failure?.retryAfterMs ?? 0) + fullMs * (0.5 + this.#random.fraction() / 2);
  }

  /** Something worked. */
  reset(): void {
    this.#failures = 0;
  }
}

/** More make no difference to the pause, and would overflow it one day. */
const failuresCounted = 30;
