import { type Clock, delay, systemClock } from "../clock.ts";
import { Backoff } from "../backoff.ts";
import { Bell } from "../election/bell.ts";
import { lastingError } from "../election/election-error.ts";
import { electionLimits } from "../election/election-limits.ts";
import type { AccessFailure, LeaseCollectionAccess } from "../election/object-access.ts";
import { type Random, systemRandom } from "../random.ts";
import { Roster, type MembershipEvent } from "./roster.ts";

export interface MembershipOptions {
  /** Which leases count: `leaseCollectionAccess(connection, { namespace, labelSelector })`. */
  readonly leases: LeaseCollectionAccess;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
  /** For a lease that says no duration, or none above 0, in seconds. Default 40. */
  readonly defaultDurationSeconds?: number;
  /** What one request may take, in milliseconds. Default 5,000. */
  readonly attemptTimeoutMs?: number;
  /** Told of failures that are tried again. */
  readonly onFailure?: (failure: AccessFailure) => void;
  /** For tests and simulations. */
  readonly clock?: Clock;
  /** For tests and simulations. */
  readonly random?: Random;
}

/**
 * Who is alive among the holders of some leases, by the observer's clock:
 *
 *     for await (const event of new Membership({ leases })) { … }
 *
 * First everybody whose lease is held `joined`, then `synced` once, then what happens. A member has `left` when its lease is released, deleted or
 * taken by another, and `expired` when its own duration has passed, by the observer's clock, since it was last seen to renew. A lease that was left
 * behind before the observer came is believed at first, and expires after its duration. Nobody expires while the server is away, nor for a
 * duration after that: those who could not renew are given the time to.
 *
 * Throws a `MissingPermissionError` or an `ElectionRefusedError` when going on is of no use.
 */
export class Membership implements AsyncIterable<MembershipEvent> {
  readonly #options: MembershipOptions;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<MembershipEvent, void, undefined> {
    const observer = new Observer(this.#options);
    const observing = observer.run();
    try {
      yield* observer.events();
    } finally {
      observer.stop();
      await observing;
    }
  }
}

class Observer {
  readonly #options: MembershipOptions;
  readonly #clock: Clock;
  readonly #roster: Roster;
  readonly #backoff: Backoff;
  readonly #bell = new Bell();
  readonly #ending = new AbortController();
  readonly #stop = (): void => this.stop();
  #queue: MembershipEvent[] = [];
  #error: Error | undefined;
  #isSynced = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const random = options.random ?? systemRandom;
    this.#roster = new Roster((options.defaultDurationSeconds ?? 40) * 1000);
    this.#backoff = new Backoff(random, { firstMs: electionLimits.firstBackoffMs, mostMs: 5000 });
    options.signal?.addEventListener("abort", this.#stop);
    if (options.signal?.aborted === true) this.stop();
  }

  stop(): void {
    this.#options.signal?.removeEventListener("abort", this.#stop);
    this.#ending.abort();
    this.#bell.ring();
  }

  async *events(): AsyncGenerator<MembershipEvent, void, undefined> {
    for (;;) {
      const queue = this.#queue;
      this.#queue = [];
      yield* queue;
      if (this.#queue.length > 0) continue;
      if (this.#error !== undefined) throw this.#error;
      if (this.#ending.signal.aborted) return;
      await this.#bell.wait(this.#clock, { untilMs: undefined });
    }
  }

  /** Lists, watches until that ends or somebody is due to expire, and lists again: only a fresh list shows that somebody is gone. */
  async run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const since = await this.#list();
      if (since === undefined) continue;
      await this.#watch(since);
    }
  }

  async #list(): Promise<string | undefined> {
    const { signal } = this.#ending;
    const timeoutMs = this.#options.attemptTimeoutMs ?? 5000;
    const askedAtMs = this.#clock.monotonicMs();
    const outcome = await this.#options.leases.list({ signal, timeoutMs });
    if (signal.aborted) return undefined;
    if (outcome.kind === "failed") {
      await this.#pauseAfter(outcome.failure);
      return undefined;
    }
    const nowMs = this.#clock.monotonicMs();
    this.#put(this.#roster.listed(outcome.leases, { askedAtMs, nowMs }));
    if (!this.#isSynced) this.#put([{ kind: "synced" }]);
    this.#isSynced = true;
    return outcome.resourceVersion;
  }

  async #watch(since: string): Promise<void> {
    const watching = new AbortController();
    const end = (): void => watching.abort();
    this.#ending.signal.addEventListener("abort", end);
    // It may be due already, if it could not be told whether somebody is gone; then a moment passes first.
    const dueInMs = Math.max(
      electionLimits.firstBackoffMs,
      this.#roster.nextExpiryMs() - this.#clock.monotonicMs(),
    );
    const timer = Number.isFinite(dueInMs) ? this.#clock.schedule(dueInMs, end) : undefined;
    let failure: AccessFailure | undefined;
    for await (const news of this.#options.leases.watch(since, { signal: watching.signal })) {
      if (watching.signal.aborted) break;
      if (news.kind !== "failed") this.#backoff.reset();
      if (news.kind === "failed") failure = news.failure;
      else
        this.#put(
          this.#roster.seen(news.object, {
            isDeleted: news.kind === "deleted",
            nowMs: this.#clock.monotonicMs(),
          }),
        );
      if (failure !== undefined) break;
    }
    timer?.cancel();
    this.#ending.signal.removeEventListener("abort", end);
    if (watching.signal.aborted) return;
    if (failure !== undefined) return this.#pauseAfter(failure);
    await delay(this.#clock, this.#backoff.next(), this.#ending.signal);
  }

  async #pauseAfter(failure: AccessFailure): Promise<void> {
    this.#options.onFailure?.(failure);
    const error = lastingError(failure);
    if (error !== undefined) {
      this.#error = error;
      return this.stop();
    }
    this.#roster.lostSight();
    await delay(this.#clock, this.#backoff.next(failure), this.#ending.signal);
  }

  #put(events: readonly MembershipEvent[]): void {
    this.#queue.push(...events);
    if (events.length > 0) this.#bell.ring();
  }
}
