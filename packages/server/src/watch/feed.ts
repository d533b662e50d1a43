import { limits } from "../limits.ts";
import { pastBytesOf } from "../store/history.ts";
import { RevisionLog } from "../store/revision-log.ts";
import type { Change, Revision, Store } from "../store/store.ts";
import { Wakeup } from "../store/wakeup.ts";
import {
  type EndReason,
  type Subscription,
  type SubscriptionBounds,
  SubscriptionQueue,
} from "./subscription.ts";

export interface FeedOptions {
  readonly store: Store;
  /** What the feed follows: one kind's keys. Ends with "/". */
  readonly prefix: string;
  /** Other bounds than those of the limits table, for tests. */
  readonly bounds?: Partial<FeedBounds> | undefined;
}

export interface FeedBounds extends SubscriptionBounds {
  readonly windowChangesMax: number;
  readonly windowBytesMax: number;
}

export interface SubscribeQuery {
  /** Changes after this revision are handed out. */
  readonly since: Revision;
  /** The feed's prefix or one below it; ends with "/". */
  readonly keyPrefix: string;
  /** One key below `keyPrefix`, for a reader whom no other concerns. */
  readonly key?: string | undefined;
  readonly signal: AbortSignal;
}

export type SubscribeResult =
  | { readonly kind: "subscribed"; readonly subscription: Subscription }
  /** What follows `since` is no longer known; `horizon` is the oldest revision to subscribe from. */
  | { readonly kind: "gone"; readonly horizon: Revision }
  /** The feed has only come to `revision`: `reached` tells when it is at `since`. */
  | { readonly kind: "future"; readonly revision: Revision }
  | { readonly kind: "closed" };

/**
 * Follows the store once for all watchers of a kind, and keeps the recent changes in a window, so that a watch can start in the past.
 * It begins with the oldest revision that the store still tells of: watches resume across a restart of the server.
 *
 *     store.watch -> window -> subscriptions by place: "/registry/leases/", "/registry/leases/ns/", "/registry/leases/ns/name"
 *
 * A change is offered at the places that lead to its key, so that a watcher of one namespace costs nothing when others change.
 */
export class Feed {
  readonly #store: Store;
  readonly #prefix: string;
  readonly #bounds: FeedBounds;
  readonly #window = new RevisionLog<Change>();
  #windowBytes = 0;
  readonly #places = new Map<string, Set<SubscriptionQueue>>();
  readonly #advanced = new Wakeup();
  readonly #closing = new AbortController();
  readonly #following: Promise<void>;
  #revision: Revision;
  #horizon: Revision;

  constructor({ store, prefix, bounds }: FeedOptions) {
    this.#store = store;
    this.#prefix = prefix;
    this.#bounds = { ...boundsFromLimits, ...bounds };
    this.#revision = store.horizon;
    this.#horizon = store.horizon;
    this.#following = this.#follow();
  }

  /** Whether it follows the store; nothing but a close ends that, its own or the store's. */
  get isOpen(): boolean {
    return !this.#closing.signal.aborted;
  }

  /** Everything up to here has been handed to the subscriptions. */
  get revision(): Revision {
    return this.#revision;
  }

  /** The oldest revision to subscribe from. */
  get horizon(): Revision {
    return this.#horizon;
  }

  /** Resolves when the feed has come to a revision; or when it is closed or the signal aborts: the caller looks which. */
  async reached(revision: Revision, signal?: AbortSignal): Promise<"reached" | "closed" | "aborted"> {
    if (this.#revision >= revision) return "reached";
    signal?.addEventListener("abort", this.#advanced.wake);
    try {
      for (;;) {
        if (this.#revision >= revision) return "reached";
        if (this.#closing.signal.aborted) return "closed";
        if (signal?.aborted === true) return "aborted";
        await this.#advanced.sleep();
      }
    } finally {
      signal?.removeEventListener("abort", this.#advanced.wake);
    }
  }

  /** Throws the signal's reason when it has aborted already. */
  subscribe({ since, keyPrefix, key, signal }: SubscribeQuery): SubscribeResult {
    signal.throwIfAborted();
    if (this.#closing.signal.aborted) return { kind: "closed" };
    if (since < this.#horizon) return { kind: "gone", horizon: this.#horizon };
    if (since > this.#revision) return { kind: "future", revision: this.#revision };
    const place = key ?? keyPrefix;
    const backlog = this.#windowAt(place, since);
    const subscription: SubscriptionQueue = new SubscriptionQueue({
      backlog,
      reached: () => this.#revision,
      bounds: this.#bounds,
      signal,
      release: () => this.#leave(place, subscription),
    });
    this.#join(place, subscription);
    return { kind: "subscribed", subscription };
  }

  /** Ends all subscriptions, which deliver what they hold. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      for await (const item of this.#store.watch({ prefix: this.#prefix, since: this.#revision, signal })) {
        if (item.kind === "changes") this.#take(item.changes, item.revision);
        else if (item.kind === "compacted") this.#lose(item.horizon);
        // The store has gone back, as one does that was restored from a backup.
        else if (item.kind === "future") this.#lose(this.#store.horizon);
        else this.#closing.abort();
      }
    }
    this.#endAll("closed");
    this.#advanced.wake();
  }

  #take(changes: readonly Change[], revision: Revision): void {
    const touched = new Set<SubscriptionQueue>();
    for (const change of changes) {
      this.#keep(change);
      this.#offer(change, touched);
    }
    this.#revision = revision;
    for (const subscription of touched) subscription.flush();
    this.#advanced.wake();
  }

  #keep(change: Change): void {
    this.#window.append(change);
    this.#windowBytes += pastBytesOf(change);
    const { windowChangesMax, windowBytesMax } = this.#bounds;
    while (this.#window.size > windowChangesMax || this.#windowBytes > windowBytesMax) {
      const first = this.#window.first;
      if (first === undefined) return;
      this.#window.dropFirst();
      this.#windowBytes -= pastBytesOf(first);
      this.#horizon = first.revision;
    }
  }

  #offer(change: Change, touched: Set<SubscriptionQueue>): void {
    if (this.#places.size === 0) return;
    for (const place of placesOf(change.key, this.#prefix.length)) {
      const subscriptions = this.#places.get(place);
      if (subscriptions === undefined) continue;
      for (const subscription of subscriptions) {
        subscription.offer(change);
        touched.add(subscription);
      }
    }
  }

  /** The store has forgotten what comes next: whoever is subscribed would miss it. The feed begins again at the horizon. */
  #lose(horizon: Revision): void {
    this.#endAll("lost");
    this.#window.clear();
    this.#windowBytes = 0;
    this.#revision = horizon;
    this.#horizon = horizon;
    this.#advanced.wake();
  }

  #windowAt(place: string, since: Revision): readonly Change[] {
    const isAll = place === this.#prefix;
    const isPrefix = place.endsWith("/");
    const changes: Change[] = [];
    for (const change of this.#window.after(since)) {
      const isHere = isAll || (isPrefix ? change.key.startsWith(place) : change.key === place);
      if (isHere) changes.push(change);
    }
    return changes;
  }

  #join(place: string, subscription: SubscriptionQueue): void {
    const subscriptions = this.#places.get(place);
    if (subscriptions === undefined) this.#places.set(place, new Set([subscription]));
    else subscriptions.add(subscription);
  }

  #leave(place: string, subscription: SubscriptionQueue): void {
    const subscriptions = this.#places.get(place);
    subscriptions?.delete(subscription);
    if (subscriptions?.size === 0) this.#places.delete(place);
  }

  #endAll(reason: EndReason): void {
    for (const subscriptions of this.#places.values())
      for (const subscription of subscriptions) subscription.end(reason);
  }
}

const boundsFromLimits: FeedBounds = {
  windowChangesMax: limits.feedWindowChangesMax,
  windowBytesMax: limits.feedWindowBytesMax,
  queueChangesMax: limits.subscriptionQueueChangesMax,
  queueBytesMax: limits.subscriptionQueueBytesMax,
  batchChangesMax: limits.subscriptionBatchChangesMax,
};

/** The prefixes that lead to a key, from the feed's own on, and the key: "/r/l/", "/r/l/ns/", "/r/l/ns/name". */
function placesOf(key: string, prefixLength: number): readonly string[] {
  const places: string[] = [];
  for (let end = prefixLength; end > 0; end = key.indexOf("/", end) + 1) places.push(key.slice(0, end));
  places.push(key);
  return places;
}
