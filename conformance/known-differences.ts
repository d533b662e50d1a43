/** A case that a kube-apiserver by itself does not pass, and rightly so. */
export interface KnownDifference {
  /** The sentence that is the case's name. */
  readonly case: string;
  /** Why it is right that they differ. */
  readonly reason: string;
}

/** Passed over where the server is a kube-apiserver; leasehold passes every case. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    case: "a namespace that is deleted is emptied, and goes with the last of its objects",
    reason:
      "in a cluster that is the work of kube-controller-manager, which a kube-apiserver by itself has not beside it; leasehold has nothing beside it either, and does it itself",
  },
  {
    case: "of two candidates that answer, the one that emulates the older version is elected, or preferred to who was",
    reason:
      "kube-apiserver elects only with the feature gate CoordinatedLeaderElection, which is off by default; leasehold elects unless it is told not to",
  },
];
