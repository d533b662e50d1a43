import type { Clock, Timer } from "../clock.ts";
import { messageOf } from "../error-message.ts";
import { assertKey } from "./assert-key.ts";
import type { History, HistoryBounds } from "./history.ts";
import type { Log, LogRecord } from "./log.ts";
import { type Change, type Entry, type Revision, StoreUnavailableError } from "./store.ts";
import type { StoreStatus, Write, WriteResult } from "./store.ts";
import type { Wakeup } from "./wakeup.ts";

export interface SequencerBounds extends HistoryBounds {
  readonly pendingWritesMax: number;
  readonly pendingBytesMax: number;
  readonly commitRowsMax: number;
  readonly valueBytesMax: number;
  readonly keyBytesMax: number;
  readonly probeEveryMs: number;
}

export interface SequencerOptions {
  readonly history: History;
  readonly log: Log;
  readonly clock: Clock;
  /** Woken whenever the history shows something new. */
  readonly shown: Wakeup;
  readonly bounds: SequencerBounds;
  /**
   * Calls back when the writes that arrive together have arrived: they become one commit. `lastCount` writes were in the last one, which
   * tells whether anybody else is likely to come.
   */
  readonly gather: (commit: () => void, lastCount: number) => void;
}

/**
 * Puts writes in order. Each is checked against the head (what is shown, overlaid with what is on its way), given the next revision,
 * and queued; while one batch is being made durable the next one gathers. Durable batches are shown in the history, and only
 * then acknowledged.
 *
 *     write -> check, number -> queue -> append to the log -> show -> acknowledge
 *                  |                          |
 *              conflict                fails: all that were numbered fail, the head is what is shown
 *
 * Revisions given to failed writes are not used again: a gap is harmless, and a revision that means two things would not be.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  /** The newest write of each key that is on its way. */
  readonly #underWay = new Map<string, PendingWrite>();
  #queue: PendingWrite[] = [];
  #committing: readonly PendingWrite[] = [];
  #queuedBytes = 0;
  #gathering = false;
  #lastCount = 0;
  #numbered: Revision;
  #status: StoreStatus = { kind: "serving" };
  #probe: Timer | undefined;
  #closed = false;
  readonly #idle: (() => void)[] = [];

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#numbered = options.history.revision;
  }

  get status(): StoreStatus {
    return this.#status;
  }

  async write(write: Write): Promise<WriteResult> {
    const tooLarge = this.#tooLarge(write);
    if (tooLarge !== undefined) return tooLarge;
    for (;;) {
      if (this.#closed) throw new StoreUnavailableError("the store is closed");
      const { history } = this.#options;
      const pending = this.#underWay.get(write.key);
      const shown = history.current(write.key);
      const head = pending === undefined ? shown : pending.record.change.after;
      if (isAsExpected(head, write)) return this.#accept(write, head);
      if (pending === undefined || !isAsExpected(shown, write))
        return { kind: "conflict", current: shown, revision: history.revision };
      // What is shown is as expected, what is on its way is not: only its fate tells which of the two holds.
      await pending.settled;
    }
  }

  /** Resolves when nothing is on its way; no write is accepted any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#probe?.cancel();
    if (this.#underWay.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #tooLarge({ key, value }: Write): WriteResult | undefined {
    const { keyBytesMax, valueBytesMax } = this.#options.bounds;
    assertKey(key);
    if (key.length * 3 > keyBytesMax && Buffer.byteLength(key) > keyBytesMax)
      return { kind: "too-large", bytesMax: keyBytesMax };
    if (value !== undefined && value.byteLength > valueBytesMax)
      return { kind: "too-large", bytesMax: valueBytesMax };
    return undefined;
  }

  #accept({ key, value }: Write, before: Entry | undefined): Promise<WriteResult> | WriteResult {
    const { bounds, clock } = this.#options;
    const pendingWrites = this.#queue.length + this.#committing.length;
    const bytes = value?.byteLength ?? 0;
    const isFull =
      pendingWrites >= bounds.pendingWritesMax || this.#queuedBytes + bytes > bounds.pendingBytesMax;
    if (isFull) return { kind: "busy" };
    this.#numbered += 1;
    const revision = this.#numbered;
    const after =
      value === undefined ? undefined : { key, value, revision, created: before?.created ?? revision };
    const pending = new PendingWrite({ change: { key, revision, before, after }, atMs: clock.nowMs() });
    this.#underWay.set(key, pending);
    this.#queue.push(pending);
    this.#queuedBytes += bytes;
    this.#gather();
    return pending.settled.then(pending.result);
  }

  #gather(): void {
    if (this.#gathering || this.#committing.length > 0 || this.#queue.length === 0) return;
    this.#gathering = true;
    this.#options.gather(() => {
      this.#gathering = false;
      void this.#commit();
    }, this.#lastCount);
  }

  async #commit(): Promise<void> {
    const { bounds, log } = this.#options;
    const batch = this.#queue.splice(0, bounds.commitRowsMax);
    this.#committing = batch;
    this.#lastCount = batch.length;
    for (const { record } of batch) this.#queuedBytes -= record.change.after?.value.byteLength ?? 0;
    try {
      await log.append(batch.map(({ record }) => record));
    } catch (error) {
      return this.#fail(error);
    }
    this.#show(batch);
  }

  #show(batch: readonly PendingWrite[]): void {
    const { history, shown } = this.#options;
    for (const { record } of batch) history.apply(record.change, record.atMs);
    this.#status = { kind: "serving" };
    this.#committing = [];
    for (const pending of batch) {
      if (this.#underWay.get(pending.record.change.key) === pending)
        this.#underWay.delete(pending.record.change.key);
      pending.settle();
    }
    shown.wake();
    this.#trim();
    this.#next();
  }

  #trim(): void {
    const { bounds, clock, history, log } = this.#options;
    const trimmed = history.trim(clock.nowMs(), bounds);
    if (trimmed !== undefined) log.forget(trimmed.horizon, trimmed.superseded);
  }

  #fail(error: unknown): void {
    const reason = messageOf(error);
    const failed = [...this.#committing, ...this.#queue];
    this.#status = { kind: "failing", reason };
    this.#committing = [];
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#underWay.clear();
    for (const pending of failed) pending.settle(new StoreUnavailableError(reason, { cause: error }));
    this.#probeLater();
    this.#next();
  }

  #next(): void {
    if (this.#underWay.size > 0) return this.#gather();
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /**
   * Without writes (a server that is not ready gets none) nothing else would notice that the log works again, and a write alone
   * may not be enough to make it work. What is too old goes first: it may be what fills the log.
   */
  #probeLater(): void {
    const { bounds, clock, log } = this.#options;
    this.#probe ??= clock.schedule(bounds.probeEveryMs, () => {
      this.#probe = undefined;
      if (this.#status.kind === "serving" || this.#closed) return;
      this.#trim();
      log.probe().then(
        () => (this.#status = { kind: "serving" }),
        (error: unknown) => {
          this.#status = { kind: "failing", reason: messageOf(error) };
          this.#probeLater();
        },
      );
    });
  }
}

/** A write that has its revision, and whoever waits for its fate. */
class PendingWrite {
  readonly record: LogRecord;
  /** Resolves when the write is shown, or has failed. */
  readonly settled: Promise<void>;
  settle: (error?: StoreUnavailableError) => void = () => {};
  #error: StoreUnavailableError | undefined;

  constructor(record: LogRecord) {
    this.record = record;
    this.settled = new Promise((resolve) => {
      this.settle = (error) => {
        this.#error = error;
        resolve();
      };
    });
  }

  /** What the writer is told, once settled. */
  readonly result = (): WriteResult => {
    if (this.#error !== undefined) throw this.#error;
    const { before, after, revision }: Change = this.record.change;
    const entry = after ?? before;
    if (entry === undefined) throw new Error("a write has an entry before or after");
    return { kind: "written", entry, revision };
  };
}

function isAsExpected(entry: Entry | undefined, { expect }: Write): boolean {
  return expect === "absent" ? entry === undefined : entry?.revision === expect;
}
