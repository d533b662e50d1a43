import type { Change, Revision } from "../store/store.ts";

/** One reader's view of a feed. It is read once, by one reader, with `for await`. */
export interface Subscription extends AsyncIterable<SubscriptionItem> {
  /**
   * The revision up to which everything that concerns this reader has been handed out: a bookmark may be written at it. Grows also
   * while nothing that concerns the reader happens.
   */
  readonly delivered: Revision;
}

export type SubscriptionItem =
  /** Changes in order, each once, without a gap; with these, everything up to `revision` has been handed out. */
  | { readonly kind: "changes"; readonly changes: readonly Change[]; readonly revision: Revision }
  /** The last item. When the reader's signal aborts there is none. */
  | { readonly kind: "ended"; readonly reason: EndReason };

/**
 * Why a subscription ended: the reader was too slow for what is kept for it; the feed itself has lost its place in the store; the
 * feed was closed with its server. Nothing was skipped before the end: the reader resumes after the last revision that it got.
 */
export type EndReason = "lagged" | "lost" | "closed";

export interface SubscriptionBounds {
  readonly queueChangesMax: number;
  readonly queueBytesMax: number;
  readonly batchChangesMax: number;
}

export interface SubscriptionOptions {
  /** What the window of the feed holds for this reader already. */
  readonly backlog: readonly Change[];
  /** How far the feed has come. */
  readonly reached: () => Revision;
  readonly bounds: SubscriptionBounds;
  readonly signal: AbortSignal;
  /** Called once, when nothing more will be read. */
  readonly release: () => void;
}

/** The bounded queue behind a subscription: the feed offers at one end, the reader takes at the other. */
export class SubscriptionQueue implements Subscription, AsyncIterator<SubscriptionItem> {
  readonly #options: SubscriptionOptions;
  #queue: Change[];
  /** Changes before this index of the queue are handed out. */
  #taken = 0;
  #offeredBytes = 0;
  /** Changes of the backlog do not count as lag: the reader had no chance to take them. */
  #backlogLeft: number;
  #end: "open" | EndReason | "over" = "open";
  /** How far the feed had come when the subscription ended; what came later was not offered. */
  #reachedAtEnd: Revision | undefined;
  #waiting: ((result: IteratorResult<SubscriptionItem>) => void) | undefined;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#queue = [...options.backlog];
    this.#backlogLeft = options.backlog.length;
    options.signal.addEventListener("abort", this.#abort);
  }

  get delivered(): Revision {
    const next = this.#queue[this.#taken];
    return next === undefined ? (this.#reachedAtEnd ?? this.#options.reached()) : next.revision - 1;
  }

  /** Queues a change; `flush` hands it to a reader that waits. Ends the subscription when the queue is full. */
  offer(change: Change): void {
    if (this.#end !== "open") return;
    this.#queue.push(change);
    this.#offeredBytes += bytesOf(change);
    const { queueChangesMax, queueBytesMax } = this.#options.bounds;
    const offered = this.#queue.length - this.#taken - this.#backlogLeft;
    if (offered > queueChangesMax || this.#offeredBytes > queueBytesMax) this.end("lagged");
  }

  flush(): void {
    const waiting = this.#waiting;
    const result = waiting && this.#take();
    if (waiting === undefined || result === undefined) return;
    this.#waiting = undefined;
    waiting(result);
  }

  /** What is queued is still delivered when the feed ends; a reader that lags takes up no more memory. */
  end(reason: EndReason): void {
    if (this.#end !== "open") return;
    this.#reachedAtEnd = reason === "lagged" ? this.delivered : this.#options.reached();
    this.#end = reason;
    if (reason === "lagged") this.#clear();
    this.#release();
    this.flush();
  }

  [Symbol.asyncIterator](): AsyncIterator<SubscriptionItem> {
    return this;
  }

  next(): Promise<IteratorResult<SubscriptionItem>> {
    const result = this.#take();
    if (result !== undefined) return Promise.resolve(result);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  return(): Promise<IteratorResult<SubscriptionItem>> {
    this.#finish();
    return Promise.resolve(over);
  }

  /** The next item, the end, or undefined when the reader has to wait. */
  #take(): IteratorResult<SubscriptionItem> | undefined {
    const changes = this.#takeChanges();
    const last = changes.at(-1);
    if (last !== undefined) {
      const revision = this.#queue.length === 0 ? this.delivered : last.revision;
      return { done: false, value: { kind: "changes", changes, revision } };
    }
    const reason = this.#end;
    if (reason === "open") return undefined;
    this.#end = "over";
    return reason === "over" ? over : { done: false, value: { kind: "ended", reason } };
  }

  #takeChanges(): readonly Change[] {
    const { batchChangesMax } = this.#options.bounds;
    const isWhole = this.#taken === 0 && this.#queue.length <= batchChangesMax;
    const changes = isWhole ? this.#queue : this.#queue.slice(this.#taken, this.#batchEnd(batchChangesMax));
    this.#taken += changes.length;
    for (const change of changes) {
      if (this.#backlogLeft > 0) this.#backlogLeft -= 1;
      else this.#offeredBytes -= bytesOf(change);
    }
    if (this.#taken * 2 >= this.#queue.length) {
      this.#queue = isWhole ? [] : this.#queue.slice(this.#taken);
      this.#taken = 0;
    }
    return changes;
  }

  /** The changes of one revision are handed out together: a reader resumes after a revision, and not within one. */
  #batchEnd(changesMax: number): number {
    let end = this.#taken + changesMax;
    while (end < this.#queue.length && this.#queue[end]?.revision === this.#queue[end - 1]?.revision)
      end += 1;
    return end;
  }

  #clear(): void {
    this.#queue = [];
    this.#taken = 0;
  }

  readonly #abort = (): void => this.#finish();

  #finish(): void {
    const wasOpen = this.#end === "open";
    this.#reachedAtEnd ??= this.delivered;
    this.#end = "over";
    this.#clear();
    if (wasOpen) this.#release();
    this.#waiting?.(over);
    this.#waiting = undefined;
  }

  #release(): void {
    this.#options.signal.removeEventListener("abort", this.#abort);
    this.#options.release();
  }
}

const over: IteratorResult<SubscriptionItem> = { done: true, value: undefined };

/** What a change holds on to while it is queued. */
function bytesOf({ before, after }: Change): number {
  return (before?.value.byteLength ?? 0) + (after?.value.byteLength ?? 0);
}
