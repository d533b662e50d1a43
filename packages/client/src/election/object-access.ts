import type { Lease, LeaseCandidate } from "@leasehold/api";

/**
 * What an election needs of the world, and all it needs: one object that is read, written under a condition, and watched. Whoever
 * implements it (`leaseAccess(connection, { namespace, name })` does for HTTP, the simulation for a virtual network) keeps nothing
 * between calls, retries nothing, and turns every refusal and every lost answer into an outcome; it throws only for programming errors.
 */
export interface ObjectAccess<T> {
  readonly namespace: string;
  readonly name: string;
  /** As the server has it now: a quorum read (no `resourceVersion` parameter), never from a cache. */
  read(attempt: Attempt): Promise<ReadOutcome<T>>;
  /**
   * Creates the object when its `metadata.resourceVersion` is absent, else replaces exactly that version. The object is sent as it is,
   * so that metadata and fields of others survive. Sent at most once: whether a write whose answer was lost has happened is found
   * out by the election, which knows what it wrote.
   */
  write(object: T, attempt: Attempt): Promise<WriteOutcome<T>>;
  /**
   * What happens to the object after the version `since`, until `signal` aborts or something breaks; an empty `since` means from now,
   * beginning with the object as it is, if it exists (a watch without `resourceVersion`). It ends by returning when the server
   * closed it in the normal way, else with `failed`; in both cases the election reads and watches anew. Bookmarks are not reported.
   */
  watch(since: string, options: { readonly signal: AbortSignal }): AsyncIterable<ObjectNews<T>>;
}

export type LeaseAccess = ObjectAccess<Lease>;
export type CandidateAccess = ObjectAccess<LeaseCandidate>;

/** One try of one request. */
export interface Attempt {
  /** Aborts when the answer is of no use any more. A write that was sent may happen nevertheless. */
  readonly signal: AbortSignal;
  /** From asking for a socket to the last byte of the answer, in milliseconds; after that the outcome is `unavailable`. */
  readonly timeoutMs: number;
}

export type ReadOutcome<T> =
  | { readonly kind: "found"; readonly object: T }
  | { readonly kind: "absent" }
  | Failed;

export type WriteOutcome<T> =
  /** `object` is the server's answer, with its new resourceVersion. */
  | { readonly kind: "written"; readonly object: T }
  /** The version to replace is not the present one (409), what was to be created exists (409), or what was to be replaced is gone (404). */
  | { readonly kind: "conflict" }
  | Failed;

export type ObjectNews<T> =
  | { readonly kind: "seen"; readonly object: T }
  /** `object` is its last state, with the resourceVersion of the deletion. */
  | { readonly kind: "deleted"; readonly object: T }
  | Failed;

export interface Failed {
  readonly kind: "failed";
  readonly failure: AccessFailure;
}

export type AccessFailure =
  /** The user lacks a permission (403): asking again does not help, a role does. */
  | { readonly kind: "forbidden"; readonly verb: string; readonly error: Error }
  /** The request itself is wrong (400, 404 for want of the namespace, 405, 422, …): asking the same again does not help. */
  | { readonly kind: "refused"; readonly error: Error }
  /**
   * Anything that may pass: not reached, no answer in time, aborted, 401, 408, 429, 5xx, an unreadable answer. A write may have happened,
   * or may still happen. `retryAfterMs` is what the server asks for, undefined where it does not.
   */
  | { readonly kind: "unavailable"; readonly retryAfterMs: number | undefined; readonly error: Error };

/** The leases of one namespace, or those of them that a label selection leaves: what `Membership` looks at. */
export interface LeaseCollectionAccess {
  readonly namespace: string;
  /** All of them, at one version, as the server has them now. */
  list(attempt: Attempt): Promise<ListOutcome>;
  /** As `ObjectAccess.watch`; a lease that leaves the selection is `deleted`. */
  watch(since: string, options: { readonly signal: AbortSignal }): AsyncIterable<ObjectNews<Lease>>;
}

export type ListOutcome =
  | { readonly kind: "listed"; readonly leases: readonly Lease[]; readonly resourceVersion: string }
  | Failed;
