import {
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
  zeroVersion,
} from "@leasehold/api";

/** What a candidate says of itself, as far as it matters for who is picked. */
export interface Candidate {
  readonly name: string;
  /** Empty when it gives none. */
  readonly binaryVersion: string;
  readonly emulationVersion: string;
  readonly strategy: string;
  /** `metadata.creationTimestamp`. */
  readonly createdAt: string;
}

export const oldestEmulationVersion = "OldestEmulationVersion";

export type StrategyChoice =
  | { readonly kind: "agreed"; readonly strategy: string }
  /** Candidates of the same binary version want different things. */
  | { readonly kind: "disputed"; readonly names: readonly [string, string] };

/** The wish of the candidates with the newest binary version: they know of the newest strategies. */
export function agreedStrategy(candidates: readonly [Candidate, ...Candidate[]]): StrategyChoice {
  const [first, ...others] = candidates;
  let newest = first;
  for (const candidate of others) {
    const order = compareSemanticVersions(binaryVersionOf(candidate), binaryVersionOf(newest));
    if (order > 0) newest = candidate;
    else if (order === 0 && candidate.strategy !== newest.strategy)
      return { kind: "disputed", names: [newest.name, candidate.name] };
  }
  return { kind: "agreed", strategy: newest.strategy };
}

/**
 * Strategy OldestEmulationVersion: the candidate that emulates the oldest version, of those the one with the oldest binary, of those
 * the one that came first. So that in a rolling upgrade the leader stays what all followers understand.
 */
export function bestCandidate<C extends Candidate>(candidates: readonly C[]): C | undefined {
  let best: C | undefined;
  for (const candidate of candidates) {
    if (!isComparable(candidate)) continue;
    if (best === undefined || isBefore(candidate, best)) best = candidate;
  }
  return best;
}

function isComparable({ emulationVersion, binaryVersion }: Candidate): boolean {
  return (
    parseSemanticVersion(emulationVersion) !== undefined && parseSemanticVersion(binaryVersion) !== undefined
  );
}

function isBefore(one: Candidate, other: Candidate): boolean {
  const emulation = compareSemanticVersions(emulationVersionOf(one), emulationVersionOf(other));
  if (emulation !== 0) return emulation < 0;
  const binary = compareSemanticVersions(binaryVersionOf(one), binaryVersionOf(other));
  if (binary !== 0) return binary < 0;
  return one.createdAt < other.createdAt;
}

function emulationVersionOf({ emulationVersion }: Candidate): SemanticVersion {
  return parseSemanticVersion(emulationVersion) ?? zeroVersion;
}

function binaryVersionOf({ binaryVersion }: Candidate): SemanticVersion {
  return parseSemanticVersion(binaryVersion) ?? zeroVersion;
}
