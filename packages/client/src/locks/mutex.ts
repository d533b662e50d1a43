import { Campaign } from "../election/campaign.ts";
import { completeOptions, type CompleteOptions } from "../election/complete-options.ts";
import type { ElectorOptions } from "../election/elector-options.ts";
import { Lock } from "./lock.ts";

export type LockAttempt =
  | { readonly kind: "locked"; readonly lock: Lock }
  /** Somebody else holds the lease; `holder` is the identity that it shows. */
  | { readonly kind: "held"; readonly holder: string };

export interface LockOptions {
  /** Ends the waiting, with its reason. A lock that was got stays. */
  readonly signal?: AbortSignal;
}

/** Mutual exclusion across machines, by a lease: at most one lock at a time, as far as docs/elections.md goes. */
export class Mutex {
  readonly #options: CompleteOptions;

  /** Throws a RangeError, in words, when the durations are not safe. The options' own signal ends waiting and held locks alike. */
  constructor(options: ElectorOptions) {
    this.#options = completeOptions(options);
  }

  get identity(): string {
    return this.#options.identity;
  }

  /**
   * Waits until the lease is ours. Rejects with the reason of a signal that aborts, or with a `MissingPermissionError` or an
   * `ElectionRefusedError` when waiting is of no use.
   */
  async lock({ signal }: LockOptions = {}): Promise<Lock> {
    const attempt = await this.#attempt(signal, "patient");
    if (attempt.kind === "held") throw new Error("a patient candidate waits");
    return attempt.lock;
  }

  /** Takes the lease if nobody holds it, and otherwise says who does. Rejects as `lock` does; while the server is away it waits. */
  tryLock({ signal }: LockOptions = {}): Promise<LockAttempt> {
    return this.#attempt(signal, "impatient");
  }

  async #attempt(waiting: AbortSignal | undefined, patience: "patient" | "impatient"): Promise<LockAttempt> {
    waiting?.throwIfAborted();
    this.#options.signal.throwIfAborted();
    const ending = new AbortController();
    const end = (): void =>
      ending.abort(waiting?.aborted === true ? waiting.reason : this.#options.signal.reason);
    waiting?.addEventListener("abort", end);
    this.#options.signal.addEventListener("abort", end);
    const campaign = new Campaign({ ...this.#options, signal: ending.signal });
    const close = async (): Promise<void> => {
      this.#options.signal.removeEventListener("abort", end);
      await campaign.close();
    };
    try {
      const next = await campaign.next(patience);
      if (next.kind === "term") return { kind: "locked", lock: new Lock(next.term, close) };
      await close();
      if (next.kind === "held") return next;
      throw ending.signal.reason;
    } catch (error) {
      await close();
      throw error;
    } finally {
      waiting?.removeEventListener("abort", end);
    }
  }
}
