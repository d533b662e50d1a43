import type { ElectorOptions } from "../election/elector-options.ts";
import type { LeaseAccess } from "../election/object-access.ts";
import { type Random, systemRandom } from "../random.ts";
import type { Lock } from "./lock.ts";
import { type LockAttempt, type LockOptions, Mutex } from "./mutex.ts";

export interface SemaphoreOptions extends Omit<ElectorOptions, "lease" | "coordinated"> {
  /** One lease for each holder that there may be, e.g. `job-0` to `job-4`: the same for all candidates. At least one. */
  readonly slots: readonly LeaseAccess[];
}

/**
 * At most N holders at a time, each of one of N leases. A slot that becomes free is taken at once by whoever waits; which slot one gets is
 * a matter of luck. For a moment a candidate may hold two slots, when two become its own at once; it gives one back.
 */
export class Semaphore {
  readonly #mutexes: readonly Mutex[];
  readonly #random: Random;

  /** Throws a RangeError when there are no slots or the durations are not safe. */
  constructor({ slots, ...options }: SemaphoreOptions) {
    if (slots.length === 0) throw new RangeError("a semaphore needs at least one slot");
    this.#random = options.random ?? systemRandom;
    const identity = options.identity ?? `elector-${this.#random.uuid()}`;
    this.#mutexes = slots.map((lease) => new Mutex({ ...options, identity, lease }));
  }

  /** Waits for a slot. The lock's `lease` says which. Rejects as `Mutex.lock` does. */
  async acquire({ signal }: LockOptions = {}): Promise<Lock> {
    const first = await this.tryAcquire({ ...(signal && { signal }) });
    if (first.kind === "locked") return first.lock;
    const losing = new AbortController();
    const lose = (): void => losing.abort(signal?.reason);
    signal?.addEventListener("abort", lose);
    const attempts = this.#mutexes.map((mutex) => mutex.lock({ signal: losing.signal }));
    try {
      const lock = await Promise.race(attempts);
      losing.abort(new Error("another slot was free earlier"));
      await Promise.all(attempts.map((attempt) => giveBack(attempt, lock)));
      return lock;
    } catch (error) {
      losing.abort(error);
      await Promise.all(attempts.map((attempt) => giveBack(attempt, undefined)));
      throw error;
    } finally {
      signal?.removeEventListener("abort", lose);
    }
  }

  /** Takes a slot if one is free, and otherwise says who holds the last that was looked at. */
  async tryAcquire(options: LockOptions = {}): Promise<LockAttempt> {
    let attempt: LockAttempt = { kind: "held", holder: "" };
    for (const mutex of this.#shuffled()) {
      attempt = await mutex.tryLock(options);
      if (attempt.kind === "locked") return attempt;
    }
    return attempt;
  }

  #shuffled(): readonly Mutex[] {
    return this.#mutexes
      .map((mutex) => ({ mutex, lot: this.#random.fraction() }))
      .toSorted((one, other) => one.lot - other.lot)
      .map(({ mutex }) => mutex);
  }
}

async function giveBack(attempt: Promise<Lock>, kept: Lock | undefined): Promise<void> {
  const [outcome] = await Promise.allSettled([attempt]);
  if (outcome.status === "fulfilled" && outcome.value !== kept) await outcome.value[Symbol.asyncDispose]();
}
