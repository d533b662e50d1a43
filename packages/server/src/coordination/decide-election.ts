import { limits } from "../limits.ts";
import { agreedStrategy, bestCandidate, oldestEmulationVersion, type Candidate } from "./candidates.ts";

/** A candidate as the election has seen it. Ages are measured with the election's own clock, from when it saw the change. */
export interface SeenCandidate extends Candidate {
  /** Since its last sign of life; undefined when it has given none that was seen. */
  readonly renewedAgoMs: number | undefined;
  /** Since it was last asked for one; undefined when it was never asked. */
  readonly pingedAgoMs: number | undefined;
  /** It was asked and has not answered. */
  readonly isAsked: boolean;
  /** Nothing has been heard of it for too long. */
  readonly isExpired: boolean;
}

/** The lease that they stand for. */
export interface SeenLease {
  /** Empty when nobody holds it. */
  readonly holder: string;
  /** Empty when nobody is preferred. */
  readonly preferredHolder: string;
  readonly strategy: string;
  /** How long it is still valid; 0 when it has expired, or was never renewed. */
  readonly validForMs: number;
}

export type Decision =
  /** Nothing to do; worth another look after `lookAgainMs` at the latest, or only when something changes. */
  | { readonly kind: "wait"; readonly lookAgainMs: number | undefined }
  /** Ask these for a sign of life. */
  | { readonly kind: "ping"; readonly names: readonly string[] }
  /** The lease is to be held under this strategy, by this candidate; by whom is somebody else's business when undefined. */
  | { readonly kind: "elect"; readonly strategy: string; readonly holder: string | undefined }
  /** The candidate whom the holder should make room for is gone, and nobody is better than the holder. */
  | { readonly kind: "keep-holder" }
  | { readonly kind: "impossible"; readonly reason: string };

/**
 * One step of an election. There are no notes between steps: everything follows from the lease, the candidates, and when they were
 * last seen to change.
 *
 *     is an election needed? -> ask whoever has not been heard of in the last seconds -> wait for answers -> pick among those who live
 *
 * Source: kubernetes/pkg/controlplane/controller/leaderelection (KEP-4355). It differs in what follows:
 * - Ages come from sightings, where kube-apiserver compares the clocks of candidates and holders with its own. A candidate answers
 *   by renewing, whatever time it writes.
 * - When the preferred candidate is gone while the holder still holds, the preference goes too. kube-apiserver leaves it, the
 *   holder makes room for nobody, and as it is still the best candidate, nobody is elected again.
 * - A lease that has expired is given to the best candidate also when it was the last holder, for the same reason.
 * - A candidate that was asked and is silent does not count until it is heard of; a lease under somebody else's strategy is not
 *   looked at again; a holder that is to make room is waited for. kube-apiserver asks everybody anew, every few seconds, in all
 *   of these cases.
 */
export function decideElection(all: readonly SeenCandidate[], lease: SeenLease | undefined): Decision {
  const present = all.filter(({ isExpired }) => !isExpired);
  const [first, ...others] = present.filter((candidate) => !isSilent(candidate));
  if (first === undefined) return present.length === 0 ? whenChanged : nobodyAnswers;
  const candidates = [first, ...others] as const;
  return settledBy(candidates, lease) ?? asking(candidates) ?? vote(candidates);
}

const whenChanged: Decision = { kind: "wait", lookAgainMs: undefined };
const nobodyAnswers: Decision = { kind: "impossible", reason: "no candidate answers" };

type Candidates = readonly [SeenCandidate, ...SeenCandidate[]];

/** What to do when no election is needed; undefined when one is. */
function settledBy(candidates: Candidates, lease: SeenLease | undefined): Decision | undefined {
  if (lease === undefined) return undefined;
  const choice = agreedStrategy(candidates);
  const isOurs = choice.kind === "disputed" || choice.strategy === oldestEmulationVersion;
  if (!isOurs && choice.strategy === lease.strategy) return whenChanged;
  if (lease.holder === "" || lease.validForMs === 0 || candidates.some(isOverdue)) return undefined;
  if (choice.kind === "disputed") return disputed(choice.names);
  if (!isOurs) return validLease(lease);
  const best = bestCandidate(candidates);
  if (best === undefined) return validLease(lease);
  const { holder, preferredHolder } = lease;
  // The holder knows whom to make room for, and who that is need not be found out again before it has.
  if (best.name !== holder) return best.name === preferredHolder ? validLease(lease) : undefined;
  const isPreferenceStale =
    preferredHolder !== "" && !candidates.some(({ name }) => name === preferredHolder);
  return isPreferenceStale ? { kind: "keep-holder" } : validLease(lease);
}

/** A candidate that has not been heard of for a long time is asked, so that those that are gone can be told from those that idle. */
function isOverdue({ renewedAgoMs }: SeenCandidate): boolean {
  return renewedAgoMs === undefined || renewedAgoMs > limits.candidateValidMs / 2;
}

function validLease({ validForMs }: SeenLease): Decision {
  return { kind: "wait", lookAgainMs: Math.min(validForMs, limits.electionLookAgainMs) };
}

/** Whom to ask, or how long to wait for answers; undefined when everybody has answered, or has had the time to. */
function asking(candidates: Candidates): Decision | undefined {
  const names = candidates.filter(needsPing).map(({ name }) => name);
  if (names.length > 0) return { kind: "ping", names };
  const waits = candidates
    .filter(({ isAsked }) => isAsked)
    .map(({ pingedAgoMs = 0 }) => limits.electionAnswerMs - pingedAgoMs);
  return waits.length === 0 ? undefined : { kind: "wait", lookAgainMs: Math.max(...waits) };
}

function needsPing(candidate: SeenCandidate): boolean {
  return !isFresh(candidate) && !candidate.isAsked;
}

/** It was asked, and has had the time to answer. */
function isSilent({ isAsked, pingedAgoMs = 0 }: SeenCandidate): boolean {
  return isAsked && pingedAgoMs >= limits.electionAnswerMs;
}

function isFresh({ renewedAgoMs }: SeenCandidate): boolean {
  return renewedAgoMs !== undefined && renewedAgoMs < limits.electionAnswerMs;
}

function vote(candidates: Candidates): Decision {
  const [first, ...others] = candidates.filter((candidate) => isFresh(candidate) && !candidate.isAsked);
  if (first === undefined) return nobodyAnswers;
  const living = [first, ...others] as const;
  const choice = agreedStrategy(living);
  if (choice.kind === "disputed") return disputed(choice.names);
  const { strategy } = choice;
  if (strategy !== oldestEmulationVersion) return { kind: "elect", strategy, holder: undefined };
  const best = bestCandidate(living);
  if (best === undefined)
    return { kind: "impossible", reason: "no candidate has versions that can be compared" };
  return { kind: "elect", strategy, holder: best.name };
}

function disputed([one, other]: readonly [string, string]): Decision {
  const reason = `${one} and ${other} have the same binary version and want different strategies`;
  return { kind: "impossible", reason };
}
