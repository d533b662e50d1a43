import type { Durations } from "./durations.ts";
import { holderOf, preferredOf } from "./lease-claim.ts";
import type { Sighting } from "./lease-view.ts";
import type { OwnWrite } from "./own-writes.ts";
import type { TermEnd } from "./term.ts";

/** How a term stands, on the monotonic clock. */
export interface Tenure {
  /** From when the last write counts of which it is known that it happened. */
  readonly provenAtMs: number;
  /** When the next renewal is due. */
  readonly nextSendAtMs: number;
}

export type TenureStep =
  | { readonly kind: "renew" }
  | { readonly kind: "wait"; readonly untilMs: number }
  /** Too long without a renewal that is known to have happened. */
  | { readonly kind: "expire" };

/** What a holder does next. Pure. The deadline counts from when a renewal was sent: nobody can have seen it before that. */
export function decideTenure(tenure: Tenure, durations: Durations, nowMs: number): TenureStep {
  const deadlineMs = deadlineOf(tenure.provenAtMs, durations);
  if (nowMs >= deadlineMs) return { kind: "expire" };
  if (nowMs >= tenure.nextSendAtMs) return { kind: "renew" };
  return { kind: "wait", untilMs: Math.min(deadlineMs, tenure.nextSendAtMs) };
}

/** The end of a term that is not renewed any more. */
export function deadlineOf(provenAtMs: number, { renewDeadlineMs }: Durations): number {
  return provenAtMs + renewDeadlineMs;
}

export type TenureSight =
  /** The lease is as this elector wrote it; `write` says from when that counts. */
  { readonly kind: "ours"; readonly write: OwnWrite } | { readonly kind: "ended"; readonly end: TermEnd };

/** What a holder makes of the lease as it is. `write`: which of its own writes left it so, undefined when none did. */
export function judgeSighting(
  { lease }: Sighting,
  write: OwnWrite | undefined,
  identity: string,
): TenureSight {
  if (lease === undefined) return { kind: "ended", end: { kind: "revoked", how: "deleted" } };
  if (write === undefined) {
    const by = holderOf(lease);
    return { kind: "ended", end: by === "" ? { kind: "revoked", how: "emptied" } : { kind: "taken", by } };
  }
  const to = preferredOf(lease);
  if (to !== "" && to !== identity) return { kind: "ended", end: { kind: "transferred", to } };
  return { kind: "ours", write };
}
