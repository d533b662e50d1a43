import type { Change, Revision } from "./store.ts";

/** One write, as a log keeps it. */
export interface LogRecord {
  readonly change: Change;
  /** When it was written, by the wall clock: the age of the history is measured with it, also after a restart. */
  readonly atMs: number;
}

/** What makes writes durable. A store without one (`memoryLog`) loses everything with its process. */
export interface Log {
  /**
   * Resolves when all records are durable. Rejects when none of them counts: they are never shown, and the next append
   * may come at any time. One batch is under way at a time; revisions only grow, but a failed batch leaves a gap.
   */
  append(batch: readonly LogRecord[]): Promise<void>;
  /** The horizon has moved, and no readable state contains these revisions any more: they may be removed whenever it suits. */
  forget(horizon: Revision, superseded: readonly Revision[]): void;
  /** Resolves when what was forgotten is so after a restart, too. */
  settle(): Promise<void>;
  /** Resolves when a commit goes through again, after one that failed. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
