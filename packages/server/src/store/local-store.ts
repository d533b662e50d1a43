import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import type { History } from "./history.ts";
import type { Log } from "./log.ts";
import { Sequencer, type SequencerBounds } from "./sequencer.ts";
import type * as contract from "./store.ts";
import { tail } from "./tail.ts";
import { Wakeup } from "./wakeup.ts";

export interface LocalStoreOptions {
  readonly history: History;
  readonly log: Log;
  readonly clock: Clock;
  /** Calls back when the writes that arrive together have arrived. */
  readonly gather: (commit: () => void, lastCount: number) => void;
  readonly bounds: LocalStoreBounds;
}

export interface LocalStoreBounds extends SequencerBounds {
  readonly watchBatchChangesMax: number;
}

/** A store of one process: everything that can be read is in memory, and a log makes it durable (or does not). */
export class LocalStore implements contract.Store {
  readonly #history: History;
  readonly #log: Log;
  readonly #sequencer: Sequencer;
  readonly #shown = new Wakeup();
  readonly #bounds: LocalStoreBounds;
  #closing: Promise<void> | undefined;
  #isClosed = false;

  constructor({ history, log, clock, gather, bounds }: LocalStoreOptions) {
    this.#history = history;
    this.#log = log;
    this.#bounds = bounds;
    this.#sequencer = new Sequencer({
      history,
      log,
      clock,
      shown: this.#shown,
      bounds: this.#bounds,
      gather,
    });
  }

  get revision(): contract.Revision {
    return this.#history.revision;
  }

  get horizon(): contract.Revision {
    return this.#history.horizon;
  }

  async read({ key, at, notOlderThan }: contract.ReadQuery): Promise<contract.ReadResult> {
    const history = this.#history;
    const unreadable = this.#unreadable({ at, notOlderThan });
    if (unreadable !== undefined) return unreadable;
    const revision = at ?? history.revision;
    const entry = at === undefined ? history.current(key) : history.entryAt(key, at);
    const state = { revision, isNewest: revision === history.revision };
    return entry === undefined ? { kind: "absent", ...state } : { kind: "found", entry, ...state };
  }

  async range(query: contract.RangeQuery): Promise<contract.RangeResult> {
    return this.#unreadable(query) ?? this.#history.range(query, query.at ?? this.#history.revision);
  }

  write(write: contract.Write): Promise<contract.WriteResult> {
    return this.#sequencer.write(write);
  }

  watch(query: contract.WatchQuery): AsyncIterable<contract.WatchItem> {
    const source = {
      history: this.#history,
      shown: this.#shown,
      isClosed: () => this.#isClosed,
      batchChangesMax: this.#bounds.watchBatchChangesMax,
    };
    return tail(source, query);
  }

  async reach({ revision, signal }: contract.ReachQuery): Promise<contract.ReachResult> {
    const history = this.#history;
    signal.addEventListener("abort", this.#shown.wake);
    try {
      while (history.revision < revision && !signal.aborted && !this.#isClosed) await this.#shown.sleep();
    } finally {
      signal.removeEventListener("abort", this.#shown.wake);
    }
    return history.revision >= revision
      ? { kind: "reached" }
      : { kind: "future", revision: history.revision };
  }

  async compact(horizon: contract.Revision): Promise<contract.CompactResult> {
    if (horizon > this.#history.revision) return { kind: "future", revision: this.#history.revision };
    const trimmed = this.#history.compact(horizon);
    this.#log.forget(trimmed.horizon, trimmed.superseded);
    await this.#log.settle();
    return { kind: "compacted", horizon: trimmed.horizon };
  }

  async isShared(): Promise<boolean> {
    return false;
  }

  status(): contract.StoreStatus {
    return this.#sequencer.status;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#sequencer.close();
    try {
      await this.#log.close();
    } finally {
      this.#isClosed = true;
      this.#shown.wake();
    }
  }

  /** The state of a local store is always the newest, so that it is new enough for everyone who knows an older revision. */
  #unreadable({
    at,
    notOlderThan = 0,
  }: contract.Freshness): contract.Compacted | contract.Future | undefined {
    const { revision } = this.#history;
    if (notOlderThan > revision) return { kind: "future", revision };
    return at === undefined ? undefined : this.#history.unreadable(at);
  }
}

/** What the limits table says, unless a test says otherwise. */
export function localStoreBounds(overrides: Partial<LocalStoreBounds> = {}): LocalStoreBounds {
  return { ...boundsFromLimits, ...overrides };
}

const boundsFromLimits: LocalStoreBounds = {
  historyMsMax: limits.storeHistoryMsMax,
  historyBytesMax: limits.storeHistoryBytesMax,
  historyChangesMax: limits.storeHistoryChangesMax,
  pendingWritesMax: limits.storePendingWritesMax,
  pendingBytesMax: limits.storePendingBytesMax,
  commitRowsMax: limits.storeCommitRowsMax,
  valueBytesMax: limits.storeValueBytesMax,
  keyBytesMax: limits.storeKeyBytesMax,
  probeEveryMs: limits.storeProbeEveryMs,
  watchBatchChangesMax: limits.storeWatchBatchChangesMax,
};
