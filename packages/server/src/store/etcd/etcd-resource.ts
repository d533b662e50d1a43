import { type Clock, delay } from "../../clock.ts";
import { messageOf } from "../../error-message.ts";
import { limits } from "../../limits.ts";
import type { Random } from "../../random.ts";
import { History, type HistoryBounds } from "../history.ts";
import type { Entry, Revision } from "../store.ts";
import { Wakeup } from "../wakeup.ts";
import type { EtcdCluster } from "./etcd-cluster.ts";
import { EtcdFailure } from "./etcd-failure.ts";
import { isSameKey, keyAfter, ResourceKeys } from "./etcd-keys.ts";
import { entryOf, loadHistory } from "./etcd-load.ts";
import type { EtcdMember, WatchStream } from "./etcd-member.ts";
import type { KeyValue, WatchEvent, WatchResponse } from "./etcd-messages.ts";
import { rangeRpc, statusRpc } from "./etcd-rpcs.ts";
import { ordersProgress } from "./etcd-version.ts";

export interface EtcdResourceOptions {
  readonly cluster: EtcdCluster;
  /** What the keys begin with; ends with a slash. */
  readonly prefix: string;
  /** What their first segment is called in etcd. */
  readonly root: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly bounds: EtcdResourceBounds;
  readonly onProblem: (problem: string) => void;
}

export interface EtcdResourceBounds extends HistoryBounds {
  readonly pastRevisionsMax: number;
}

/**
 * The keys of one resource in memory, kept up to date by one watch. After a disconnection the watch goes on where it was; when that is
 * compacted, or etcd has become another one, everything is loaded anew, and whoever follows the old history is told so.
 *
 *     load a state in the past -> watch from there on -> (disconnected) -> watch on
 *            ^                                                  |
 *            +------------- compacted, or restored -------------+
 */
export class EtcdResource {
  readonly prefix: string;
  readonly keys: ResourceKeys;
  /** Woken when the history shows something new, when it is replaced, and when anything changes that a reader may wait for. */
  readonly shown = new Wakeup();
  readonly #options: EtcdResourceOptions;
  #history = new History();
  /** Of the cluster that the history is of; undefined before there is one. */
  #generation: number | undefined;
  /** Whether the changes that follow the history are compacted. */
  #isCutOff = false;
  /** Entries that answers of etcd have shown and the watch has not yet, so that everybody gets the same object. */
  readonly #ahead = new Map<string, Entry>();
  readonly #writers = new Map<Revision, () => void>();
  /** The watch, once it has begun. */
  #stream: LiveStream | undefined;
  #opening: LiveStream | undefined;
  #pieces: WatchEvent[] = [];
  #problem: string | undefined = "not loaded yet";
  readonly #closing = new AbortController();
  #following: Promise<void> | undefined;

  constructor(options: EtcdResourceOptions) {
    this.#options = options;
    this.prefix = options.prefix;
    this.keys = new ResourceKeys(options.prefix, options.root);
  }

  /** What is shown; another object once it had to be loaded anew. */
  get history(): History {
    return this.#history;
  }

  /** Whether the history, old as it may be, is one of the present cluster. */
  get isLoaded(): boolean {
    return this.#generation === this.#options.cluster.head.generation;
  }

  /** Why changes do not arrive at the moment; undefined when they do. */
  get problem(): string | undefined {
    return this.#stream === undefined ? this.#problem : undefined;
  }

  /** Whether the watch only comes to know a revision without changes by a tick, a write of our own behind the keys. */
  get needsTick(): boolean {
    return this.#stream !== undefined && !this.#stream.ordersProgress;
  }

  /** Loads and follows, until it is closed. Rejects when loading fails the first time. */
  async open(): Promise<void> {
    await this.#load();
    this.#following = this.#follow();
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Resolves when changes arrive, or the signal aborts. */
  async live(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", this.shown.wake);
    while (this.problem !== undefined && !signal.aborted) await this.shown.sleep();
    signal.removeEventListener("abort", this.shown.wake);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.restart();
    await this.#following;
    this.shown.wake();
  }

  /** Begins anew where it must: the cluster has become another one. */
  restart(): void {
    this.#opening?.stream.cancel();
    this.shown.wake();
  }

  /** The newest version of a key that is known here, be it by the watch or by an answer of etcd. */
  known(key: string): Entry | undefined {
    const shown = this.#history.current(key);
    const ahead = this.#ahead.get(key);
    return ahead !== undefined && ahead.revision > (shown?.revision ?? 0) ? ahead : shown;
  }

  /** The entry for what etcd has answered: the one that everybody has, if there is one. */
  entryFor(kv: KeyValue, key: string): Entry {
    const known = this.known(key);
    if (known?.revision === kv.revision) return known;
    return this.announce(entryOf(kv, key));
  }

  /** Keeps an entry that the watch will show. */
  announce(entry: Entry): Entry {
    const { key, revision } = entry;
    if (revision <= this.#history.revision) {
      const shown = this.#history.horizon <= revision ? this.#history.entryAt(key, revision) : undefined;
      return shown?.revision === revision ? shown : entry;
    }
    if (revision > (this.#ahead.get(key)?.revision ?? 0)) this.#ahead.set(key, entry);
    return entry;
  }

  /** Resolves when a write is shown here; or when that cannot be waited for: it is durable all the same. */
  async shows(revision: Revision): Promise<void> {
    if (this.#history.revision >= revision || this.#stream === undefined) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        timer.cancel();
        this.#writers.delete(revision);
        resolve();
      };
      const timer = this.#options.clock.schedule(limits.etcdShowWriteMsMax, done);
      this.#writers.set(revision, done);
    });
  }

  /** Asks how far the watch has come, without a write; a watch that needs a tick does not answer. */
  requestProgress(): void {
    if (this.#stream?.ordersProgress === true) this.#stream.stream.send({ kind: "progress" });
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    const { clock, random, cluster } = this.#options;
    for (let pauseMs = 0; !signal.aborted;) {
      const begunMs = clock.monotonicMs();
      await this.#followOnce();
      // The first attempt after a watch that worked comes at once; the others let whoever is in trouble breathe.
      const wasLive = clock.monotonicMs() - begunMs > limits.etcdProbeMsMax;
      pauseMs = wasLive ? 0 : Math.min(Math.max(pauseMs * 2, limits.etcdProbeMsMin), limits.etcdProbeMsMax);
      const recovered = cluster.problem === undefined ? [] : [cluster.recovered.sleep()];
      if (pauseMs > 0)
        await Promise.race([delay(clock, pauseMs * (0.5 + random.fraction()), signal), ...recovered]);
    }
  }

  /** Follows until something fails. */
  async #followOnce(): Promise<void> {
    const { cluster, onProblem } = this.#options;
    let failed = (_error: unknown): void => {};
    try {
      const chosen = cluster.streamMember();
      ({ failed } = chosen);
      // Also finds out whether the cluster is still the same.
      await cluster.call(rangeRpc, { key: this.keys.beyond });
      if (!this.isLoaded || this.#isCutOff) await this.#load();
      for await (const response of await this.#openStream(chosen.member)) this.#take(response);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      failed(error);
      if (error instanceof CompactedWatch) this.#isCutOff = true;
      if (this.#problem !== messageOf(error))
        onProblem(`${this.prefix} is not followed: ${messageOf(error)}`);
      this.#problem = messageOf(error);
    } finally {
      this.#disconnected();
    }
  }

  async #openStream(member: EtcdMember): Promise<WatchStream> {
    const { version } = await member.call(statusRpc, undefined);
    const stream = member.watch();
    const isOrdered = ordersProgress(version);
    const { start, end } = this.keys.all;
    const beyond = isOrdered ? end : keyAfter(end);
    stream.send({ kind: "create", key: start, end: beyond, start: this.#history.revision + 1 });
    if (this.#closing.signal.aborted) stream.cancel();
    this.#opening = { stream, ordersProgress: isOrdered };
    return stream;
  }

  #disconnected(): void {
    this.#stream = undefined;
    this.#opening = undefined;
    this.#pieces = [];
    for (const done of this.#writers.values()) done();
    this.shown.wake();
  }

  #take(response: WatchResponse): void {
    const { header, created, canceled, compactRevision, fragment, events } = response;
    if (canceled) {
      if (compactRevision > 0) throw new CompactedWatch(`the changes up to ${compactRevision} are compacted`);
      throw new EtcdFailure("refused", `etcd canceled a watch: ${response.cancelReason}`);
    }
    this.#options.cluster.head.see(header);
    if (created) {
      this.#stream = this.#opening;
      this.#problem = undefined;
    }
    if (fragment || this.#pieces.length > 0) {
      for (const event of events) this.#pieces.push(event);
      if (fragment) return;
      this.#show(this.#pieces);
      this.#pieces = [];
    } else if (events.length > 0) this.#show(events);
    else if (!created && this.#stream?.ordersProgress === true) this.#history.advance(header.revision);
    this.shown.wake();
  }

  /** All changes of one transaction have the same revision, and come in one response: nobody sees a part of them. */
  #show(events: readonly WatchEvent[]): void {
    const { clock, bounds } = this.#options;
    const nowMs = clock.nowMs();
    const shownBefore = this.#history.revision;
    for (const { kind, kv } of events) {
      // A member that lags behind may tell what it was not asked for, https://github.com/etcd-io/etcd/issues/20221.
      if (kv.revision <= shownBefore) continue;
      if (isSameKey(kv.key, this.keys.beyond)) this.#history.advance(kv.revision);
      else
        this.#apply(this.keys.fromEtcd(kv.key), kind === "put" ? kv : undefined, {
          revision: kv.revision,
          nowMs,
        });
    }
    this.#history.trim(nowMs, bounds);
    if (this.#writers.size === 0) return;
    for (const { kv } of events) this.#writers.get(kv.revision)?.();
  }

  #apply(
    key: string,
    kv: KeyValue | undefined,
    { revision, nowMs }: { readonly revision: Revision; readonly nowMs: number },
  ): void {
    const before = this.#history.current(key);
    const ahead = this.#ahead.get(key);
    const after = kv === undefined ? undefined : ahead?.revision === revision ? ahead : entryOf(kv, key);
    if (ahead !== undefined && ahead.revision <= revision) this.#ahead.delete(key);
    // The deletion of what was not there is no change: a history that begins in between may see one.
    if (before === undefined && after === undefined) this.#history.advance(revision);
    else this.#history.apply({ key, revision, before, after }, nowMs);
  }

  async #load(): Promise<void> {
    const { cluster, bounds } = this.#options;
    const { generation } = cluster.head;
    const history = await loadHistory({
      cluster,
      keys: this.keys,
      pastRevisionsMax: bounds.pastRevisionsMax,
    });
    this.#ahead.clear();
    this.#history = history;
    this.#generation = generation;
    this.#isCutOff = false;
    this.shown.wake();
  }
}

interface LiveStream {
  readonly stream: WatchStream;
  readonly ordersProgress: boolean;
}

/** What the watch would tell next is forgotten: everything has to be loaded anew. */
class CompactedWatch extends Error {}
