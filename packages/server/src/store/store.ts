/**
 * The contract of a store: keys, values of bytes, and one ever-growing revision.
 *
 * Kubernetes needs a single write, "replace this key if it is still at the revision that I read": create, update and delete are
 * that write. What is expected comes back as a union that keeps its reason; what nobody expects (a full disk, an I/O error, a store
 * that was closed) throws a StoreUnavailableError. Every store passes the cases of `conformance/`.
 *
 * Keys are well-formed text that starts with "/", ordered by their UTF-8 bytes (`/registry/leases/<namespace>/<name>`); prefixes
 * start and end with "/". Nothing that is not durable is ever shown, be it by a read, a watch or a conflict.
 */
export interface Store {
  /** One key; at one point in the past with `at`. */
  read(query: ReadQuery): Promise<ReadResult>;
  /** The keys below a prefix, in order, as one consistent snapshot. */
  range(query: RangeQuery): Promise<RangeResult>;
  /** Creates, replaces or deletes one key, if it is still as expected. Resolves once the write is durable and shown. */
  write(write: Write): Promise<WriteResult>;
  /**
   * Every change below a prefix with a revision greater than `since`: in order, each once, without a gap, or it ends. The last item
   * says why it ended; when `signal` aborts, or the reader stops, it ends without one.
   */
  watch(query: WatchQuery): AsyncIterable<WatchItem>;
  /** Waits until what is shown below a prefix has come to a revision; tells how far it is when `signal` aborts before. */
  reach(query: ReachQuery): Promise<ReachResult>;
  /** Forgets what was superseded at or before a revision: it becomes the horizon, the oldest revision that can be read. */
  compact(horizon: Revision): Promise<CompactResult>;

  /** The newest revision that this store knows of. What it shows below a prefix may be behind it: `reach` waits for that. */
  readonly revision: Revision;
  /** From here on every state can be read and every change be watched, everywhere. */
  readonly horizon: Revision;
  /**
   * Whether there are keys beside those that this store was opened for: objects of kinds that only somebody else knows, such as a
   * cluster's own servers on the same etcd.
   */
  isShared(): Promise<boolean>;
  /** Whether writes are durable at the moment. A failing store still serves reads, and recovers by itself. */
  status(): StoreStatus;
  /** Finishes the writes under way, ends the watches, lets go of files and locks. Idempotent. */
  close(): Promise<void>;
}

/**
 * A safe integer, handed out in order, one for each write that changed something; 0 is the empty store. What others write to a store
 * that is shared may change several keys in one revision, and use up revisions that change nothing here.
 */
export type Revision = number;

/**
 * One version of one key. Its identity is stable: all readers and watchers get the same object, so that decoded and encoded forms
 * can be kept in a WeakMap beside it. Nobody changes the bytes of `value`, the writer who handed them in included.
 */
export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
  /** The revision that wrote this version. */
  readonly revision: Revision;
  /** The revision that created the key, since it was last absent. */
  readonly created: Revision;
}

/** What one write did. A selector needs both sides to tell "left the selection" from "was never in it". */
export interface Change {
  readonly key: string;
  readonly revision: Revision;
  /** The version that was replaced; undefined when the key was created. */
  readonly before: Entry | undefined;
  /** The version that stands now; undefined when the key was deleted. */
  readonly after: Entry | undefined;
}

/**
 * Which state a read sees. With neither: the newest, linearizable (it shows every write acknowledged before the read began).
 * `at`: the state at exactly that revision. `notOlderThan`: any state at or after that revision, which a replica may answer from
 * its own memory.
 */
export interface Freshness {
  readonly at?: Revision | undefined;
  readonly notOlderThan?: Revision | undefined;
}

export interface ReadQuery extends Freshness {
  readonly key: string;
}

/**
 * `revision` is the revision of the state that was read. `isNewest`: no write had been acknowledged that it does not show, though it
 * may not have been asked for that.
 */
export type ReadResult =
  | {
      readonly kind: "found";
      readonly entry: Entry;
      readonly revision: Revision;
      readonly isNewest: boolean;
    }
  | { readonly kind: "absent"; readonly revision: Revision; readonly isNewest: boolean }
  | Compacted
  | Future;

export interface RangeQuery extends Freshness {
  readonly prefix: string;
  /** Only keys after this one (which need not exist any more). */
  readonly after?: string | undefined;
  /** At most this many entries, one or more; all of them when undefined. */
  readonly limit?: number | undefined;
}

export type RangeResult =
  | {
      readonly kind: "page";
      readonly entries: readonly Entry[];
      /** Whether keys follow the last entry, and how many, in the same state. */
      readonly more: boolean;
      readonly remaining: number;
      readonly revision: Revision;
    }
  | Compacted
  | Future;

export type Write =
  | { readonly key: string; readonly value: Uint8Array; readonly expect: Revision | "absent" }
  /** A delete: there must be something to delete. */
  | { readonly key: string; readonly value: undefined; readonly expect: Revision };

export type WriteResult =
  /** `entry` is the version written; for a delete, the version that was deleted. `revision` is the revision of this write. */
  | { readonly kind: "written"; readonly entry: Entry; readonly revision: Revision }
  /** The key is not as expected, but so; undefined when it is absent. */
  | { readonly kind: "conflict"; readonly current: Entry | undefined; readonly revision: Revision }
  /** Too many writes wait already. Nothing was written; the same write may be tried again in a moment. */
  | { readonly kind: "busy" }
  /** The key or the value is longer than a store takes. */
  | { readonly kind: "too-large"; readonly bytesMax: number };

export interface WatchQuery {
  readonly prefix: string;
  readonly since: Revision;
  readonly signal: AbortSignal;
}

export interface ReachQuery {
  readonly prefix: string;
  readonly revision: Revision;
  readonly signal: AbortSignal;
}

export type ReachResult = { readonly kind: "reached" } | Future;

export type WatchItem =
  /** Every change up to `revision` has now been told; `changes` is empty when only other prefixes changed. */
  | { readonly kind: "changes"; readonly changes: readonly Change[]; readonly revision: Revision }
  /** What follows the last item (or `since`) is forgotten, or not yet written, or the store was closed. */
  | Compacted
  | Future
  | { readonly kind: "closed" };

export type CompactResult = Compacted | Future;

/** Revisions before `horizon` cannot be read any more. */
export interface Compacted {
  readonly kind: "compacted";
  readonly horizon: Revision;
}

/** The revision asked for has not been handed out: the store is at `revision`. */
export interface Future {
  readonly kind: "future";
  readonly revision: Revision;
}

export type StoreStatus =
  | { readonly kind: "serving" }
  | { readonly kind: "failing"; readonly reason: string };

/**
 * The store could not do what was asked, through no fault of the asker. A write that ends so was not shown to anybody, and most
 * likely not kept: whoever needs to know reads the key again.
 */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}
