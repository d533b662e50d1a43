import type { Lease } from "@leasehold/api";
import { type Clock, delay, systemClock } from "../clock.ts";
import { type Random, systemRandom } from "../random.ts";
import { Backoff } from "../backoff.ts";
import { electionLimits } from "./election-limits.ts";
import { lastingError } from "./election-error.ts";
import { holderOf, leaseAskedFor, releasedLease, stampNow } from "./lease-claim.ts";
import type { AccessFailure, LeaseAccess } from "./object-access.ts";

/** What an order came to; `holder` is whom it was given to, empty when nobody held the lease. */
export type OrderOutcome =
  | { readonly kind: "ordered"; readonly holder: string }
  /** There is no such lease. */
  | { readonly kind: "absent" };

export interface OrderOptions {
  readonly lease: LeaseAccess;
  /** Ends the attempts; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** What one request may take, in milliseconds; default 5,000. */
  readonly attemptTimeoutMs?: number;
  /** For tests and simulations. */
  readonly clock?: Clock;
  /** For tests and simulations. */
  readonly random?: Random;
}

/**
 * Asks the holder, if it uses this library, to hand the lease to `to`: it ends its term, lets its work settle, and releases the lease, which
 * other candidates then leave to `to` for a moment. Safe at any time. Resolves when the request is written, not when it is followed.
 */
export function requestTransfer(options: OrderOptions, to: string): Promise<OrderOutcome> {
  return order(options, (lease) => leaseAskedFor(lease, to));
}

/**
 * Empties the lease, whoever holds it. An order, and not safe: the holder stops as soon as it hears of it, but somebody else may lead before
 * that. For a holder that is known to be dead.
 */
export function revokeLease(options: OrderOptions): Promise<OrderOutcome> {
  const { clock = systemClock, random = systemRandom } = options;
  return order(options, (lease) => releasedLease(lease, { stamp: stampNow(clock, random), to: "" }));
}

async function order(options: OrderOptions, change: (lease: Lease) => Lease): Promise<OrderOutcome> {
  const { lease, clock = systemClock, random = systemRandom, attemptTimeoutMs: timeoutMs = 5000 } = options;
  const signal = options.signal ?? new AbortController().signal;
  const backoff = new Backoff(random, { firstMs: electionLimits.firstBackoffMs, mostMs: timeoutMs });
  for (;;) {
    signal.throwIfAborted();
    const seen = await lease.read({ signal, timeoutMs });
    if (seen.kind === "absent") return seen;
    if (seen.kind === "found") {
      const outcome = await lease.write(change(seen.object), { signal, timeoutMs });
      if (outcome.kind === "written") return { kind: "ordered", holder: holderOf(seen.object) };
      if (outcome.kind === "conflict") continue;
      await pauseAfter(outcome.failure);
    } else await pauseAfter(seen.failure);
  }

  async function pauseAfter(failure: AccessFailure): Promise<void> {
    const error = lastingError(failure);
    if (error !== undefined) throw error;
    await delay(clock, backoff.next(failure), signal);
  }
}
