import type { Lease } from "@leasehold/api";
import type { CampaignParts } from "./campaign-parts.ts";
import { Backoff } from "../backoff.ts";
import { electionLimits } from "./election-limits.ts";
import { holderOf, releasedLease, stampNow, versionOf } from "./lease-claim.ts";

/**
 * Gives the lease back, if one of our writes still stands in it, so that others need not wait for it to expire. Only for when the work has
 * settled and no write of ours is on its way. Resolves when that is done, or has become pointless, or has taken the time of a few attempts.
 */
export async function releaseLease(parts: CampaignParts, to: string): Promise<void> {
  const { view, own, emit, clock, durations, random } = parts;
  const untilMs = clock.monotonicMs() + electionLimits.releaseAttemptsMax * durations.attemptTimeoutMs;
  const backoff = new Backoff(random, {
    firstMs: electionLimits.firstBackoffMs,
    mostMs: durations.retryEveryMs,
  });
  while (clock.monotonicMs() < untilMs) {
    const step = await tryRelease(parts, view.sighting?.lease, to);
    if (step.kind === "released") emit({ kind: "released", to });
    if (step.kind === "given-up") emit({ kind: "abandoned", reason: step.reason });
    if (step.kind !== "again") return own.forget(step.kind === "released" ? step.version : undefined);
    await parts.bell.wait(clock, { untilMs: clock.monotonicMs() + backoff.next() });
  }
  emit({ kind: "abandoned", reason: "the server was not reached; the lease expires by itself" });
}

type ReleaseStep =
  | { readonly kind: "released"; readonly version: string }
  | { readonly kind: "given-up"; readonly reason: string }
  | { readonly kind: "again" };

async function tryRelease(parts: CampaignParts, held: Lease | undefined, to: string): Promise<ReleaseStep> {
  const { lease, own, view, clock, random, durations } = parts;
  if (held === undefined || own.recognise(held) === undefined)
    return { kind: "given-up", reason: "the lease is not ours any more" };
  const wanted = releasedLease(held, { stamp: stampNow(clock, random), to });
  const outcome = await lease.write(wanted, { signal: neverAborted, timeoutMs: durations.attemptTimeoutMs });
  if (outcome.kind === "written") {
    own.forget(versionOf(outcome.object));
    view.see(outcome.object);
    return { kind: "released", version: versionOf(outcome.object) };
  }
  if (outcome.kind === "failed") {
    const { failure } = outcome;
    parts.emit({ kind: "failure", doing: "release", failure });
    return failure.kind === "unavailable"
      ? { kind: "again" }
      : { kind: "given-up", reason: failure.error.message };
  }
  // Our last renewal may have come through without an answer, or our last release.
  await parts.follower.look(neverAborted);
  const present = view.sighting?.lease;
  return present !== undefined && holderOf(present) === ""
    ? { kind: "released", version: versionOf(present) }
    : { kind: "again" };
}

const neverAborted = new AbortController().signal;
