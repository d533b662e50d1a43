import type { Random } from "../random.ts";
import { limits } from "../limits.ts";

/** How long to wait after failures in a row: doubling, with jitter so that clients that failed together come back apart. */
export class Backoff {
  readonly #random: Random;
  #failures = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Milliseconds until the next attempt, at least what the server asked for; never more than the bound beyond that. */
  nextMs(retryAfterMs = 0): number {
    const wholeMs = Math.min(limits.retryMsMin * 2 ** this.#failures, limits.retryMsMax);
    this.#failures = Math.min(this.#failures + 1, failuresCounted);
    return retryAfterMs + wholeMs * (0.5 + this.#random.fraction() / 2);
  }

  /** Something worked. */
  reset(): void {
    this.#failures = 0;
  }
}

/** More make no difference to the wait, and would overflow it one day. */
const failuresCounted = 30;
