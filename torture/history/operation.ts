/**
 * What clients did and were told. Times are ticks of one counter in the recording process: an operation that returned at a smaller
 * tick than another was called at really was over before.
 */
export interface Interval {
  readonly calledAt: number;
  readonly returnedAt: number;
}

/**
 * Every write carries a text that no other write carries, so that a state once left never comes back, and what is read tells which
 * write it is of. Conditions are told by that text too; the client sent the resourceVersion that it had seen with it.
 */
export type Value = string;

export interface Write extends Interval {
  readonly kind: "write";
  readonly client: string;
  readonly key: string;
  /** What must stand there for the write to happen; undefined: nothing. */
  readonly expect: Value | undefined;
  /** It happens as well when nothing stands there: a PUT of a Lease that is gone creates it, whatever version it names. */
  readonly orAbsent: boolean;
  /** What stands there afterwards; undefined: nothing. */
  readonly value: Value | undefined;
  readonly outcome: WriteOutcome;
}

export type WriteOutcome =
  /** A deletion is not told its revision. */
  | { readonly kind: "done"; readonly revision: number | undefined }
  /** The condition did not hold; nothing happened. */
  | { readonly kind: "refused" }
  /** No answer, or an answer that leaves it open: it may happen at any time after its call, or never. */
  | { readonly kind: "unknown"; readonly because: string };

export interface Read extends Interval {
  readonly kind: "read";
  readonly client: string;
  readonly key: string;
  readonly found: Version | undefined;
}

export interface Version {
  readonly value: Value;
  readonly revision: number;
}

/** A list of all keys, as one snapshot. */
export interface List extends Interval {
  readonly kind: "list";
  readonly client: string;
  readonly freshness: Freshness;
  readonly revision: number;
  readonly items: ReadonlyMap<string, Version>;
}

export type Freshness =
  /** Shows everything that was acknowledged before it was called. */
  | { readonly kind: "newest" }
  | { readonly kind: "not-older-than"; readonly revision: number }
  | { readonly kind: "exactly"; readonly revision: number };

export type Operation = Write | Read | List;

/** What one write did, as the reference watcher was told. */
export interface Change {
  readonly revision: number;
  readonly key: string;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** What stands there now; for a deletion, what stood there. */
  readonly value: Value;
}
