import { type Clock, delay } from "../clock.ts";
import type { Random } from "../random.ts";
import { Backoff } from "../backoff.ts";
import type { Durations } from "./durations.ts";
import { electionLimits } from "./election-limits.ts";
import type { ElectionObserver } from "./election-event.ts";
import type { LeaseView } from "./lease-view.ts";
import type { AccessFailure, LeaseAccess } from "./object-access.ts";

export interface FollowerParts {
  readonly lease: LeaseAccess;
  readonly view: LeaseView;
  readonly durations: Durations;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: ElectionObserver;
  /** Nothing is seen any more before somebody changes a role or a setting; told each time that it is found so. */
  readonly onLastingFailure: (failure: AccessFailure) => void;
}

/**
 * Keeps a view of the lease up to date: reads it, watches from there, and reads again when the watch ends. Where watching is not permitted
 * it polls. It goes on whatever fails, until it is told to stop.
 */
export class LeaseFollower {
  readonly #parts: FollowerParts;
  readonly #backoff: Backoff;
  #watching: AbortController | undefined;
  #watchAgainAtMs = 0;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    const { firstBackoffMs } = electionLimits;
    this.#backoff = new Backoff(parts.random, {
      firstMs: firstBackoffMs,
      mostMs: parts.durations.pollEveryMs,
    });
  }

  /** Resolves soon after `signal` aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const failure = await this.look(signal);
      if (signal.aborted) return;
      if (failure !== undefined) await this.#pause(this.#backoff.next(failure), signal);
      else if (this.#parts.clock.monotonicMs() >= this.#watchAgainAtMs) await this.#watch(signal);
      else await this.#pause(this.#pollPauseMs(), signal);
    }
  }

  /** Reads the lease once, into the view; what went wrong is returned, and told to whoever listens. */
  async look(signal: AbortSignal): Promise<AccessFailure | undefined> {
    const { lease, view, durations } = this.#parts;
    const see = view.asking();
    const outcome = await lease.read({ signal, timeoutMs: durations.attemptTimeoutMs });
    if (signal.aborted) return undefined;
    if (outcome.kind === "failed") {
      this.#report("read", outcome.failure);
      if (outcome.failure.kind !== "unavailable") this.#parts.onLastingFailure(outcome.failure);
      return outcome.failure;
    }
    see(outcome.kind === "found" ? outcome.object : undefined);
    return undefined;
  }

  /** Ends the present watch and begins with a read: for when the watch has been found not to tell what happens. */
  restart(): void {
    this.#watching?.abort();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { clock, durations } = this.#parts;
    const watching = new AbortController();
    this.#watching = watching;
    const stop = (): void => watching.abort();
    signal.addEventListener("abort", stop);
    const beganAtMs = clock.monotonicMs();
    const failure = await this.#follow(watching.signal);
    signal.removeEventListener("abort", stop);
    if (signal.aborted || watching.signal.aborted) return;
    // A watch that lasted is renewed at once: nothing is wrong with a server that ends them from time to time.
    if (clock.monotonicMs() - beganAtMs > durations.pollEveryMs) this.#backoff.reset();
    if (failure === undefined) return this.#pause(this.#backoff.next(), signal);
    this.#report("watch", failure);
    if (failure.kind === "unavailable") return this.#pause(this.#backoff.next(failure), signal);
    this.#watchAgainAtMs = clock.monotonicMs() + electionLimits.watchAgainMs;
  }

  /** Resolves when the watch ends, with what ended it if that was a failure. */
  async #follow(signal: AbortSignal): Promise<AccessFailure | undefined> {
    const { lease, view } = this.#parts;
    // Nothing there: without a version, the server tells what comes to be there, also if it has come meanwhile.
    const since = view.sighting?.lease === undefined ? "" : view.sighting.version;
    for await (const news of lease.watch(since, { signal })) {
      if (signal.aborted) return undefined;
      if (news.kind === "failed") return news.failure;
      if (news.kind === "seen") view.see(news.object);
      else view.seeDeletion(news.object);
    }
    return undefined;
  }

  #report(doing: "read" | "watch", failure: AccessFailure): void {
    this.#parts.onEvent({ kind: "failure", doing, failure });
  }

  #pause(pauseMs: number, signal: AbortSignal): Promise<void> {
    return delay(this.#parts.clock, pauseMs, signal);
  }

  /** A fifth of jitter keeps a hundred candidates that started together from asking together. */
  #pollPauseMs(): number {
    return this.#parts.durations.pollEveryMs * (0.8 + 0.2 * this.#parts.random.fraction());
  }
}
