import type { Lease } from "@leasehold/api";
import type { Timer } from "../clock.ts";
import type { CampaignParts } from "./campaign-parts.ts";
import { deadlineOf, decideTenure, judgeSighting } from "./decide-tenure.ts";
import { electionLimits } from "./election-limits.ts";
import { judgedSignal } from "./judged-signal.ts";
import { renewedLease, stampNow, versionOf } from "./lease-claim.ts";
import type { AccessFailure } from "./object-access.ts";
import type { OwnWrite } from "./own-writes.ts";
import { releaseLease } from "./release-lease.ts";
import { type Term, type TermEnd, TermEndedError } from "./term.ts";

/**
 * A term, and the renewals that keep it alive. Every path by which it could still be live after its deadline leads through `#judge`, which
 * looks at the clock: questions by the work, the timer, and the answers to renewals, which do not revive a term that is past its deadline.
 */
export class HeldTerm implements Term {
  readonly identity: string;
  readonly lease: Term["lease"];
  readonly fencingToken: string;
  readonly signal: AbortSignal;
  readonly #parts: CampaignParts;
  readonly #controller = new AbortController();
  /** Reads that are of no use after the term. */
  readonly #reading = new AbortController();
  #provenAtMs: number;
  #nextSendAtMs: number;
  #lastFailure: Error | undefined;
  /** A renewal is on its way. */
  #isWaiting = false;
  #end: TermEnd | undefined;
  #alarm: Timer | undefined;
  readonly #renewing: Promise<void>;
  #disposing: Promise<void> | undefined;

  /** `taken` is the server's answer to the write that took the lease. */
  constructor(parts: CampaignParts, taken: Lease, write: OwnWrite) {
    this.#parts = parts;
    this.identity = parts.identity;
    this.lease = { namespace: parts.lease.namespace, name: parts.lease.name };
    this.fencingToken = versionOf(taken);
    this.signal = judgedSignal(this.#controller, () => this.#judge());
    this.#provenAtMs = write.countsFromMs;
    this.#nextSendAtMs = write.sentAtMs + parts.durations.renewEveryMs;
    this.#setAlarm();
    this.#renewing = this.#keepRenewing();
  }

  isLive(): boolean {
    this.#judge();
    return this.#end === undefined;
  }

  assertLive(): void {
    if (!this.isLive()) throw this.#controller.signal.reason;
  }

  remainingMs(): number {
    if (!this.isLive()) return 0;
    return deadlineOf(this.#provenAtMs, this.#parts.durations) - this.#parts.clock.monotonicMs();
  }

  transfer(identity: string): void {
    if (this.isLive()) this.end({ kind: "transferred", to: identity });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#disposing ??= this.#dispose());
  }

  /** Why it ended; undefined while it is live. */
  get ending(): TermEnd | undefined {
    this.#judge();
    return this.#end;
  }

  /** The first call counts. */
  end(end: TermEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#alarm?.cancel();
    this.#reading.abort();
    this.#controller.abort(new TermEndedError(end));
    this.#parts.emit({ kind: "lost", end });
    this.#parts.bell.ring();
  }

  /** The view of the lease has changed. */
  see(): void {
    this.#judge();
    const { view, own, identity } = this.#parts;
    const { sighting } = view;
    if (this.#end !== undefined || sighting === undefined) return;
    const write = sighting.lease && own.recognise(sighting.lease);
    const sight = judgeSighting(sighting, write, identity);
    if (sight.kind === "ended") this.end(sight.end);
    else this.#prove(sight.write);
  }

  /** Whoever asks late gets the truth: a term past its deadline ends here, whether or not a timer has run. */
  #judge(): void {
    if (this.#end !== undefined) return;
    const step = decideTenure(this.#tenure, this.#parts.durations, this.#parts.clock.monotonicMs());
    if (step.kind !== "expire") return;
    const lastFailure = this.#isWaiting
      ? new Error("the last renewal is still unanswered")
      : this.#lastFailure;
    this.end({ kind: "expired", lastFailure });
  }

  get #tenure(): { readonly provenAtMs: number; readonly nextSendAtMs: number } {
    return { provenAtMs: this.#provenAtMs, nextSendAtMs: this.#nextSendAtMs };
  }

  /** It is known that this write happened. The moment from which it counts moves the deadline, never back. */
  #prove(write: OwnWrite): void {
    this.#parts.own.confirm(write);
    if (write.countsFromMs <= this.#provenAtMs) return;
    this.#provenAtMs = write.countsFromMs;
    this.#lastFailure = undefined;
    this.#setAlarm();
  }

  #setAlarm(): void {
    const { clock, durations } = this.#parts;
    this.#alarm?.cancel();
    const aheadMs = deadlineOf(this.#provenAtMs, durations) - clock.monotonicMs();
    const inMs = Math.min(Math.max(0, aheadMs), electionLimits.alarmEveryMs);
    this.#alarm = clock.schedule(inMs, () => this.#ringAlarm());
  }

  /** A timer may be early by a rounding, and does not run while the machine sleeps: so it looks again and again. */
  #ringAlarm(): void {
    this.#judge();
    if (this.#end === undefined) this.#setAlarm();
  }

  async #keepRenewing(): Promise<void> {
    const { clock, durations, bell } = this.#parts;
    while (this.#end === undefined) {
      const step = decideTenure(this.#tenure, durations, clock.monotonicMs());
      if (step.kind === "expire") this.#judge();
      else if (step.kind === "renew") await this.#renew();
      else await bell.wait(clock, { untilMs: step.untilMs });
    }
  }

  /** One attempt. Only one is ever on its way, and a release waits for it: so that none of our writes overtakes another. */
  async #renew(): Promise<void> {
    const { lease, view, own, clock, durations, emit } = this.#parts;
    const held = view.sighting?.lease;
    // `see` ends the term when the lease is gone, so that this is for the compiler.
    if (held === undefined) return this.end({ kind: "revoked", how: "deleted" });
    const wanted = renewedLease(held, stampNow(clock, this.#parts.random));
    const sentAtMs = clock.monotonicMs();
    const write = own.remember(wanted, sentAtMs);
    const leftMs = deadlineOf(this.#provenAtMs, durations) - sentAtMs;
    const timeoutMs = Math.min(durations.attemptTimeoutMs, leftMs);
    this.#isWaiting = true;
    const outcome = await lease.write(wanted, { signal: neverAborted, timeoutMs });
    this.#judge();
    this.#isWaiting = false;
    this.#nextSendAtMs = sentAtMs + durations.renewEveryMs;
    if (outcome.kind === "written") {
      if (this.#end === undefined) this.#prove(write);
      else own.confirm(write);
      view.see(outcome.object);
      const tookMs = clock.monotonicMs() - sentAtMs;
      return emit({ kind: "renewed", resourceVersion: versionOf(outcome.object), tookMs });
    }
    if (this.#end !== undefined) return;
    if (outcome.kind === "conflict") return this.#lookAfterConflict(versionOf(held));
    emit({ kind: "failure", doing: "renew", failure: outcome.failure });
    this.#retryAfter(outcome.failure);
  }

  /**
   * Somebody else has written, or our own last attempt came through although its answer did not. What stands there tells: `see` judges it,
   * and if the lease is still ours, the next renewal goes out at once.
   */
  async #lookAfterConflict(heldVersion: string): Promise<void> {
    const { view, follower, clock } = this.#parts;
    if (view.sighting?.version === heldVersion) {
      const failure = await follower.look(this.#reading.signal);
      if (failure !== undefined || view.sighting.version === heldVersion) return this.#retryAfter(failure);
    }
    this.#nextSendAtMs = clock.monotonicMs();
  }

  /** A server that asks for more patience than the term has left gets as much as leaves room for two attempts. */
  #retryAfter(failure: AccessFailure | undefined): void {
    const { clock, durations, random } = this.#parts;
    const nowMs = clock.monotonicMs();
    const pauseMs = durations.retryEveryMs * (0.8 + 0.2 * random.fraction());
    const askedMs = failure?.kind === "unavailable" ? (failure.retryAfterMs ?? 0) : 0;
    const leftMs = deadlineOf(this.#provenAtMs, durations) - nowMs - 2 * durations.attemptTimeoutMs;
    this.#lastFailure = failure?.error ?? this.#lastFailure;
    this.#nextSendAtMs = nowMs + Math.max(pauseMs, Math.min(askedMs, leftMs));
  }

  async #dispose(): Promise<void> {
    if (this.isLive()) this.end({ kind: "done" });
    await this.#renewing;
    // A term that expired leaves the lease to the campaign, which takes it back or, when it closes, gives it up.
    if (this.#end === undefined || !isGivenUp(this.#end)) return;
    await releaseLease(this.#parts, this.#end.kind === "transferred" ? this.#end.to : "");
  }
}

/** The lease is still ours, and we are through with it. */
function isGivenUp(end: TermEnd): boolean {
  return end.kind === "done" || end.kind === "stopped" || end.kind === "transferred";
}

/** A renewal that was sent is waited for, up to its timeout: an abandoned one could still happen. */
const neverAborted = new AbortController().signal;
