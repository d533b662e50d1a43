import { delay } from "../clock.ts";
import { Backoff } from "../backoff.ts";
import { Bell } from "./bell.ts";
import type { CampaignParts } from "./campaign-parts.ts";
import { type CandidacyStep, decideCandidacy } from "./decide-candidacy.ts";
import { electionLimits } from "./election-limits.ts";
import { lastingError } from "./election-error.ts";
import type { ElectionEvent } from "./election-event.ts";
import { LeaseFollower } from "./follow-lease.ts";
import { HeldTerm } from "./held-term.ts";
import { holderOf, stampNow, takenLease } from "./lease-claim.ts";
import { LeaseView, type Sighting } from "./lease-view.ts";
import type { AccessFailure } from "./object-access.ts";
import { OwnWrites } from "./own-writes.ts";
import { releaseLease } from "./release-lease.ts";
import type { CompleteOptions } from "./complete-options.ts";
import { standAsCandidate } from "./stand-as-candidate.ts";

/**
 * One candidacy from its beginning to its end: follows the lease, takes it when the decision says so, and hands out terms one after the
 * other. It never asks for a term before the one before it has been disposed of.
 */
export class Campaign {
  readonly #options: CompleteOptions;
  readonly #parts: CampaignParts;
  readonly #backoff: Backoff;
  /** Ends what follows the lease; the candidacy itself ends with the options' signal. */
  readonly #closing = new AbortController();
  readonly #background: Promise<unknown>;
  #term: HeldTerm | undefined;
  /** A refusal that no repetition helps against; forgotten when the lease is seen again, because roles change. */
  #refusal: Error | undefined;
  /** What ended the background work. */
  #failure: Error | undefined;
  #saidReason = "";

  constructor(options: CompleteOptions) {
    this.#options = options;
    const { clock, random, durations, lease, identity } = options;
    const emit = (event: ElectionEvent): void => this.#emit(event);
    const bell = new Bell();
    const view = new LeaseView({ clock, random, onChange: (sighting) => this.#onSighting(sighting) });
    const onLastingFailure = (failure: AccessFailure): void => this.#refused(lastingError(failure));
    const follower = new LeaseFollower({
      lease,
      view,
      durations,
      clock,
      random,
      onLastingFailure,
      onEvent: emit,
    });
    const own = new OwnWrites();
    this.#parts = { lease, identity, durations, clock, random, view, own, follower, bell, emit };
    this.#backoff = new Backoff(random, {
      firstMs: electionLimits.firstBackoffMs,
      mostMs: durations.pollEveryMs,
    });
    this.#background = Promise.all([
      this.#inBackground(follower.run(this.#closing.signal)),
      this.#inBackground(standAsCandidate(options, { signal: this.#closing.signal, emit })),
    ]);
    options.signal.addEventListener("abort", this.#onStop);
  }

  /**
   * Waits for the next term; the impatient wait for no other holder. Throws a `MissingPermissionError` or an `ElectionRefusedError` when
   * waiting is of no use.
   */
  async next(patience: "patient" | "impatient"): Promise<NextTerm> {
    const { clock, bell } = this.#parts;
    const { signal } = this.#options;
    while (!signal.aborted) {
      const error = this.#failure ?? this.#refusal;
      if (error !== undefined) throw error;
      const step = this.#decide();
      const holder = this.#holder;
      if (patience === "impatient" && step.kind !== "take" && holder !== "") return { kind: "held", holder };
      if (step.kind === "wait") {
        this.#sayWaiting(step);
        await bell.wait(clock, { untilMs: step.untilMs, signal });
        continue;
      }
      if (step.kind === "check") {
        await this.#check();
        continue;
      }
      const term = await this.#take(step);
      if (term !== undefined) return { kind: "term", term };
    }
    return { kind: "stopped" };
  }

  get #holder(): string {
    const lease = this.#parts.view.sighting?.lease;
    return lease === undefined ? "" : holderOf(lease);
  }

  /** Gives up what is still held, and ends everything. Idempotent; after it, `next` is not called. */
  async close(): Promise<void> {
    this.#options.signal.removeEventListener("abort", this.#onStop);
    await this.#term?.[Symbol.asyncDispose]();
    if (!this.#parts.own.isEmpty) await this.#releaseRemains();
    this.#closing.abort();
    await this.#background;
  }

  /** A term that expired, or an acquisition without an answer, may have left the lease in our name. */
  async #releaseRemains(): Promise<void> {
    const { view, own, follower } = this.#parts;
    if (view.sighting?.lease === undefined || own.recognise(view.sighting.lease) === undefined)
      await follower.look(this.#closing.signal);
    const lease = view.sighting?.lease;
    if (lease !== undefined && own.recognise(lease) !== undefined) await releaseLease(this.#parts, "");
  }

  #decide(): CandidacyStep {
    const { view, own, clock, identity, durations } = this.#parts;
    const { sighting } = view;
    const candidacy = {
      identity,
      sighting,
      confirmedAtMs: view.confirmedAtMs,
      durations,
      isOwn: sighting?.lease !== undefined && own.recognise(sighting.lease) !== undefined,
      isOwnRelease: sighting !== undefined && own.isRelease(sighting.version),
      isCoordinated: this.#options.coordinated !== undefined,
      resumesOwnIdentity: this.#options.resumesOwnIdentity,
    };
    return decideCandidacy(candidacy, clock.monotonicMs());
  }

  /** News by a read that the watch should have told means that the watch is dead. */
  async #check(): Promise<void> {
    const { follower, view, clock } = this.#parts;
    const before = view.sighting;
    const failure = await follower.look(this.#options.signal);
    if (failure !== undefined) await delay(clock, this.#backoff.next(failure), this.#options.signal);
    else if (view.sighting !== before) follower.restart();
  }

  /** The answer is waited for also when the candidacy is stopped: an abandoned write could take the lease for nobody. */
  async #take(step: CandidacyStep & { readonly kind: "take" }): Promise<HeldTerm | undefined> {
    const { lease, view, own, clock, random, durations, identity, emit } = this.#parts;
    const wanted = takenLease(view.sighting?.lease, {
      namespace: lease.namespace,
      name: lease.name,
      identity,
      leaseDurationSeconds: durations.leaseDurationSeconds,
      acquireTime: stampNow(clock, random),
      renewTime: stampNow(clock, random),
    });
    const write = own.remember(wanted, clock.monotonicMs());
    const outcome = await lease.write(wanted, {
      signal: neverAborted,
      timeoutMs: durations.attemptTimeoutMs,
    });
    if (outcome.kind === "written") {
      this.#backoff.reset();
      own.confirm(write);
      view.see(outcome.object);
      return this.#begin(new HeldTerm(this.#parts, outcome.object, write), write.sentAtMs);
    }
    if (outcome.kind === "failed") {
      emit({ kind: "failure", doing: "take", failure: outcome.failure });
      const error = lastingError(outcome.failure);
      if (error !== undefined) throw error;
    }
    await this.#lookAgain(step, outcome.kind === "failed" ? outcome.failure : undefined);
    return undefined;
  }

  async #begin(term: HeldTerm, sentAtMs: number): Promise<HeldTerm | undefined> {
    const { emit, clock } = this.#parts;
    this.#term = term;
    this.#saidReason = "";
    emit({ kind: "acquired", fencingToken: term.fencingToken, tookMs: clock.monotonicMs() - sentAtMs });
    // The view may already know better: the answer was overtaken by news of somebody else.
    term.see();
    if (this.#options.signal.aborted) term.end({ kind: "stopped" });
    if (term.isLive()) return term;
    await term[Symbol.asyncDispose]();
    return undefined;
  }

  /**
   * After a lost race, the news of the winner is on its way, or already here; a pause that grows keeps the losers from asking all at once.
   * A conflict about a lease that seemed to have expired means that the watch has gone silent.
   */
  async #lookAgain(
    step: CandidacyStep & { readonly kind: "take" },
    failure: AccessFailure | undefined,
  ): Promise<void> {
    const { follower, view, clock } = this.#parts;
    const { signal } = this.#options;
    const before = view.sighting;
    if (failure !== undefined) await delay(clock, this.#backoff.next(failure), signal);
    if (signal.aborted) return;
    await follower.look(signal);
    if (step.because === "expired") follower.restart();
    if (failure === undefined && view.sighting === before) await delay(clock, this.#backoff.next(), signal);
  }

  #onSighting(sighting: Sighting): void {
    const { lease, version } = sighting;
    this.#refusal = undefined;
    this.#emit({
      kind: "sighting",
      holder: lease === undefined ? "" : holderOf(lease),
      resourceVersion: version,
    });
    this.#term?.see();
    this.#parts.bell.ring();
  }

  readonly #onStop = (): void => {
    this.#term?.end({ kind: "stopped" });
    this.#parts.bell.ring();
  };

  #refused(error: Error | undefined): void {
    if (error === undefined) return;
    this.#refusal = error;
    this.#parts.bell.ring();
  }

  /** What goes wrong there for good is told to whoever waits for a term. */
  async #inBackground(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#parts.bell.ring();
    }
  }

  #sayWaiting({ reason, untilMs }: { readonly reason: string; readonly untilMs: number | undefined }): void {
    if (reason === this.#saidReason) return;
    this.#saidReason = reason;
    this.#emit({ kind: "waiting", reason, untilMs });
  }

  /** An observer that throws is a bug of its own, and stops no election. */
  #emit(event: ElectionEvent): void {
    try {
      this.#options.onEvent(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

export type NextTerm =
  | { readonly kind: "term"; readonly term: HeldTerm }
  /** The options' signal has aborted. */
  | { readonly kind: "stopped" }
  /** Somebody else holds the lease, and the candidate does not wait. */
  | { readonly kind: "held"; readonly holder: string };

const neverAborted = new AbortController().signal;
