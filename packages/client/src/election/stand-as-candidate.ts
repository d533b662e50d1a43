import { type LeaseCandidate, parseTime, timeText } from "@leasehold/api";
import { delay } from "../clock.ts";
import { Backoff } from "../backoff.ts";
import type { CompleteOptions } from "./complete-options.ts";
import { lastingError } from "./election-error.ts";
import { electionLimits } from "./election-limits.ts";
import type { ElectionObserver } from "./election-event.ts";
import { stampNow } from "./lease-claim.ts";
import type { AccessFailure, CandidateAccess } from "./object-access.ts";

/**
 * Keeps the LeaseCandidate of a coordinated election (KEP-4355) as long as the candidacy lasts: creates it, answers when the election asks
 * for a sign of life, and creates it again if it was removed. Resolves when `signal` aborts, and at once without coordination; throws what
 * `lastingError` makes of a refusal.
 */
export async function standAsCandidate(options: CompleteOptions, parts: StandingParts): Promise<void> {
  const { coordinated } = options;
  if (coordinated === undefined) return;
  const standing = new Standing(options, coordinated.candidate, parts);
  while (!parts.signal.aborted) await standing.round();
}

export interface StandingParts {
  readonly signal: AbortSignal;
  readonly emit: ElectionObserver;
}

class Standing {
  readonly #options: CompleteOptions;
  readonly #access: CandidateAccess;
  readonly #parts: StandingParts;
  readonly #backoff: Backoff;
  #answeredPing: string | undefined;

  constructor(options: CompleteOptions, access: CandidateAccess, parts: StandingParts) {
    this.#options = options;
    this.#access = access;
    this.#parts = parts;
    const mostMs = options.durations.pollEveryMs;
    this.#backoff = new Backoff(options.random, { firstMs: electionLimits.firstBackoffMs, mostMs });
  }

  /** Says that it stands, and answers questions until the watch ends. */
  async round(): Promise<void> {
    const { signal } = this.#parts;
    const announced = await this.#announce();
    if (announced === undefined || signal.aborted) return this.#pause();
    this.#backoff.reset();
    for await (const news of this.#access.watch(announced.metadata.resourceVersion ?? "", { signal })) {
      if (signal.aborted || news.kind === "deleted") return;
      if (news.kind === "failed") return this.#pauseAfter(news.failure);
      if (this.#isAsked(news.object) && (await this.#write(this.#renewed(news.object))) === undefined) return;
    }
    return this.#pause();
  }

  async #announce(): Promise<LeaseCandidate | undefined> {
    const { signal } = this.#parts;
    const timeoutMs = this.#options.durations.attemptTimeoutMs;
    const seen = await this.#access.read({ signal, timeoutMs });
    if (signal.aborted) return undefined;
    if (seen.kind === "failed") {
      await this.#pauseAfter(seen.failure);
      return undefined;
    }
    return this.#write(seen.kind === "absent" ? this.#created() : this.#renewed(seen.object));
  }

  /** A question is a pingTime that was not there when we last wrote, whatever our own clock says. */
  #isAsked({ spec }: LeaseCandidate): boolean {
    const { pingTime, renewTime = "" } = spec;
    return pingTime !== undefined && (pingTime !== this.#answeredPing || pingTime > renewTime);
  }

  /** Undefined when it has to be read again. */
  async #write(wanted: LeaseCandidate): Promise<LeaseCandidate | undefined> {
    const { signal } = this.#parts;
    const timeoutMs = this.#options.durations.attemptTimeoutMs;
    const outcome = await this.#access.write(wanted, { signal, timeoutMs });
    if (outcome.kind === "written") return outcome.object;
    if (outcome.kind === "failed" && !signal.aborted) await this.#pauseAfter(outcome.failure);
    return undefined;
  }

  #created(): LeaseCandidate {
    const { namespace, name } = this.#access;
    return {
      apiVersion: "coordination.k8s.io/v1beta1",
      kind: "LeaseCandidate",
      metadata: { namespace, name },
      spec: this.#spec({ renewTime: stampNow(this.#options.clock, this.#options.random) }),
    };
  }

  #renewed(seen: LeaseCandidate): LeaseCandidate {
    const now = stampNow(this.#options.clock, this.#options.random);
    const { pingTime } = seen.spec;
    this.#answeredPing = pingTime;
    return { ...seen, spec: this.#spec({ pingTime, renewTime: laterThan(pingTime, now) }) };
  }

  #spec(times: Pick<LeaseCandidate["spec"], "pingTime" | "renewTime">): LeaseCandidate["spec"] {
    const { coordinated, lease } = this.#options;
    const binaryVersion = coordinated?.binaryVersion ?? "";
    return {
      leaseName: lease.name,
      ...times,
      binaryVersion,
      emulationVersion: coordinated?.emulationVersion ?? binaryVersion,
      strategy: coordinated?.strategy ?? "OldestEmulationVersion",
    };
  }

  async #pauseAfter(failure: AccessFailure): Promise<void> {
    this.#parts.emit({ kind: "failure", doing: "announce", failure });
    const error = lastingError(failure);
    if (error !== undefined) throw error;
    await delay(this.#options.clock, this.#backoff.next(failure), this.#parts.signal);
  }

  #pause(): Promise<void> {
    return delay(this.#options.clock, this.#backoff.next(), this.#parts.signal);
  }
}

/**
 * Now, unless our clock is behind that of whoever asked: then just after the question, because kube-apiserver counts a renewal as an
 * answer when its time is the later one.
 */
function laterThan(pingTime: string | undefined, now: string): string {
  if (pingTime === undefined || now > pingTime) return now;
  const asked = parseTime("microTime", pingTime);
  if (asked.kind === "refused") return now;
  const { seconds, nanos } = asked.moment;
  const micros = Math.floor(nanos / 1000) + 1;
  return timeText("microTime", { seconds: seconds + Math.floor(micros / 1e6), nanos: (micros % 1e6) * 1000 });
}
