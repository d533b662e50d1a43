import type { Lease, ObjectMeta } from "@leasehold/api";
import { type Clock, delay, systemClock } from "../clock.ts";
import { Backoff } from "../backoff.ts";
import { lastingError } from "../election/election-error.ts";
import { electionLimits } from "../election/election-limits.ts";
import { holderOf, releasedLease, stampNow, versionOf } from "../election/lease-claim.ts";
import type { AccessFailure, LeaseAccess } from "../election/object-access.ts";
import { type Random, systemRandom } from "../random.ts";

export interface HeartbeatOptions {
  /** The lease that only this member writes, e.g. of its own name. */
  readonly lease: LeaseAccess;
  /** Default: the lease's name. */
  readonly identity?: string;
  /** How long others are to wait for the next beat before they count this member as gone. Whole seconds; default 40, as kubelets have. */
  readonly leaseDurationSeconds?: number;
  /** Default: a quarter of the lease duration, as kubelets do it. */
  readonly renewEveryMs?: number;
  /** Put on the lease when it is created, and kept on it: what a `Membership` selects by, and who owns it. */
  readonly metadata?: Pick<ObjectMeta, "labels" | "annotations" | "ownerReferences">;
  /** What one request may take, in milliseconds. Default: half of `renewEveryMs`, at most 5,000. */
  readonly attemptTimeoutMs?: number;
  readonly onEvent?: (event: HeartbeatEvent) => void;
  /** For tests and simulations. */
  readonly clock?: Clock;
  /** For tests and simulations. */
  readonly random?: Random;
}

export type HeartbeatEvent =
  | { readonly kind: "beat"; readonly resourceVersion: string; readonly tookMs: number }
  | { readonly kind: "failure"; readonly failure: AccessFailure }
  /** Somebody else wrote its name into the lease; it is overwritten, as kubelets do, but two programs think that they are this member. */
  | { readonly kind: "contested"; readonly by: string }
  /** The lease was given back on the way out, so that nobody has to wait for it to expire. */
  | { readonly kind: "left" };

/**
 * Tells others that this process lives, by renewing a lease that nobody else wants: what a kubelet does for its node. It excludes nobody.
 *
 *     await using heartbeat = new Heartbeat({ lease: leaseAccess(connection, { namespace, name: "worker-7" }) });
 *
 * Beats begin at once, and are sent every `renewEveryMs` after one another whatever the last one took, so that slow answers do not add up.
 * A failed one is repeated soon. Disposing releases the lease. `failed` settles when going on is of no use.
 */
export class Heartbeat implements AsyncDisposable {
  readonly #options: HeartbeatOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #renewEveryMs: number;
  readonly #timeoutMs: number;
  readonly #ending = new AbortController();
  readonly #beating: Promise<void>;
  /** The lease as it was last known; undefined before the first answer, and when it has to be read anew. */
  #known: Lease | "absent" | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#renewEveryMs = options.renewEveryMs ?? this.#leaseDurationSeconds * 250;
    this.#timeoutMs = options.attemptTimeoutMs ?? Math.min(5000, this.#renewEveryMs / 2);
    if (!(this.#renewEveryMs > 0 && this.#renewEveryMs + this.#timeoutMs < this.#leaseDurationSeconds * 1000))
      throw new RangeError("renewEveryMs and attemptTimeoutMs must together be below the lease duration");
    this.#beating = this.#beat();
    // Whoever does not look at `failed` is not to be ended by it.
    this.#beating.catch(() => {});
  }

  get identity(): string {
    return this.#options.identity ?? this.#options.lease.name;
  }

  /** Rejects with a `MissingPermissionError` or an `ElectionRefusedError` when going on is of no use; resolves after disposal. */
  get failed(): Promise<void> {
    return this.#beating;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    await this.#beating.catch(() => {});
    await this.#leave();
  }

  get #leaseDurationSeconds(): number {
    return this.#options.leaseDurationSeconds ?? 40;
  }

  async #beat(): Promise<void> {
    const { signal } = this.#ending;
    const mostMs = this.#renewEveryMs / 4;
    const backoff = new Backoff(this.#random, { firstMs: electionLimits.firstBackoffMs, mostMs });
    while (!signal.aborted) {
      const sentAtMs = this.#clock.monotonicMs();
      const failure = await this.#renew(sentAtMs);
      if (signal.aborted) return;
      if (failure === undefined) {
        backoff.reset();
        // The jitter that kubelets have keeps a thousand members that started together from beating together.
        const nextAtMs = sentAtMs + this.#renewEveryMs * (1 + 0.04 * this.#random.fraction());
        await delay(this.#clock, Math.max(0, nextAtMs - this.#clock.monotonicMs()), signal);
      } else {
        this.#tell({ kind: "failure", failure });
        const error = lastingError(failure);
        if (error !== undefined) throw error;
        await delay(this.#clock, backoff.next(failure), signal);
      }
    }
  }

  /** One beat: writes over what is known, and reads only when that is refused. */
  async #renew(sentAtMs: number): Promise<AccessFailure | undefined> {
    const { lease } = this.#options;
    for (let attempt = 0; attempt < beatAttemptsMax; attempt += 1) {
      const attemptOptions = { signal: neverAborted, timeoutMs: this.#timeoutMs };
      if (this.#known === undefined) {
        const seen = await lease.read(attemptOptions);
        if (seen.kind === "failed") return seen.failure;
        this.#known = seen.kind === "absent" ? "absent" : seen.object;
        this.#tellIfContested();
      }
      const outcome = await lease.write(this.#wanted(this.#known), attemptOptions);
      this.#known = outcome.kind === "written" ? outcome.object : undefined;
      if (outcome.kind === "failed") return outcome.failure;
      if (outcome.kind !== "written") continue;
      const tookMs = this.#clock.monotonicMs() - sentAtMs;
      this.#tell({ kind: "beat", resourceVersion: versionOf(outcome.object), tookMs });
      return undefined;
    }
    return {
      kind: "unavailable",
      retryAfterMs: undefined,
      error: new Error("somebody else keeps writing this lease"),
    };
  }

  #wanted(known: Lease | "absent"): Lease {
    const { lease, metadata = {} } = this.#options;
    const renewTime = stampNow(this.#clock, this.#random);
    const beat = {
      holderIdentity: this.identity,
      leaseDurationSeconds: this.#leaseDurationSeconds,
      renewTime,
    };
    if (known === "absent")
      return {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { ...metadata, namespace: lease.namespace, name: lease.name },
        spec: beat,
      };
    const labels = { ...known.metadata.labels, ...metadata.labels };
    const annotations = { ...known.metadata.annotations, ...metadata.annotations };
    return {
      ...known,
      metadata: { ...known.metadata, labels, annotations },
      spec: { ...known.spec, ...beat },
    };
  }

  #tellIfContested(): void {
    if (this.#known === undefined || this.#known === "absent") return;
    const by = holderOf(this.#known);
    if (by !== "" && by !== this.identity) this.#tell({ kind: "contested", by });
  }

  /** Once, and without insisting: the lease expires by itself. */
  async #leave(): Promise<void> {
    if (this.#known === undefined || this.#known === "absent" || holderOf(this.#known) !== this.identity)
      return;
    const wanted = releasedLease(this.#known, { stamp: stampNow(this.#clock, this.#random), to: "" });
    const outcome = await this.#options.lease.write(wanted, {
      signal: neverAborted,
      timeoutMs: this.#timeoutMs,
    });
    if (outcome.kind === "written") this.#tell({ kind: "left" });
    if (outcome.kind === "failed") this.#tell({ kind: "failure", failure: outcome.failure });
  }

  #tell(event: HeartbeatEvent): void {
    this.#options.onEvent?.(event);
  }
}

/** Reads and writes of one beat that may meet a conflict before it counts as failed: kubelets try five times. */
const beatAttemptsMax = 5;

const neverAborted = new AbortController().signal;
