/** A case that one of the two servers does not pass, on purpose. */
export interface KnownDifference {
  /** The sentence that is the case's name. */
  readonly case: string;
  /** Why it is right that they differ. */
  readonly reason: string;
}

/** Where leasehold and a kube-apiserver answer differently by design: cases that hold for leasehold alone. */
export const knownDifferences: readonly KnownDifference[] = [];
