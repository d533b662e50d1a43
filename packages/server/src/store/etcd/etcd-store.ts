import { type Clock, delay } from "../../clock.ts";
import { messageOf } from "../../error-message.ts";
import { limits } from "../../limits.ts";
import type { Random } from "../../random.ts";
import { assertKey } from "../assert-key.ts";
import type * as contract from "../store.ts";
import { StoreUnavailableError } from "../store.ts";
import { tail } from "../tail.ts";
import { EtcdCluster } from "./etcd-cluster.ts";
import { EtcdCompactor } from "./etcd-compactor.ts";
import { EtcdFailure, type FailureKind } from "./etcd-failure.ts";
import type { EtcdTls } from "./etcd-member.ts";
import { holdsOthers } from "./etcd-others.ts";
import { EtcdPast } from "./etcd-past.ts";
import { EtcdProgress } from "./etcd-progress.ts";
import { EtcdResource, type EtcdResourceBounds } from "./etcd-resource.ts";
import { compactRpc, rangeRpc } from "./etcd-rpcs.ts";
import { EtcdWriter, type EtcdWriterBounds } from "./etcd-writer.ts";

export interface EtcdStoreOptions {
  /** The client URL of each member. */
  readonly servers: readonly string[];
  readonly tls: EtcdTls;
  /** What our keys' first segment, `/registry`, is called in etcd. */
  readonly prefix: string;
  /** What the keys of each resource begin with, as `/registry/leases/`. etcd may hold others, which are left alone. */
  readonly resources: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  /** Told in words when something fails that is tried again. */
  readonly onProblem: (problem: string) => void;
  /** Other bounds than those of the limits table, for tests. */
  readonly bounds?: Partial<EtcdStoreBounds> | undefined;
}

export interface EtcdStoreBounds extends EtcdResourceBounds, EtcdWriterBounds {
  readonly watchBatchChangesMax: number;
  readonly awaitRevisionMsMax: number;
  readonly openMsMax: number;
}

export type OpenEtcdStoreResult =
  | { readonly kind: "opened"; readonly store: contract.Store }
  /** etcd cannot be reached, or refuses this client. One line for whoever starts the server. */
  | { readonly kind: "refused"; readonly message: string };

/**
 * One of any number of replicas over one etcd. It follows each resource with one watch, and answers from memory; a read that must be
 * linearizable asks etcd for its newest revision first, and waits until its memory shows that.
 */
export async function openEtcdStore(options: EtcdStoreOptions): Promise<OpenEtcdStoreResult> {
  const { clock, onProblem } = options;
  const bounds = { ...boundsFromLimits, ...options.bounds };
  const begunMs = clock.monotonicMs();
  for (;;) {
    const { opened, isUnreachable } = await tryToOpen({ ...options, bounds });
    const isLate = clock.monotonicMs() - begunMs >= bounds.openMsMax;
    if (opened.kind === "opened" || !isUnreachable || isLate) return opened;
    // etcd may be starting beside us.
    onProblem(`${opened.message}; trying again`);
    await delay(clock, limits.etcdProbeMsMax);
  }
}

interface Attempt {
  readonly opened: OpenEtcdStoreResult;
  readonly isUnreachable: boolean;
}

async function tryToOpen(options: BoundedOptions): Promise<Attempt> {
  let store: EtcdStore | undefined;
  try {
    store = new EtcdStore(options);
    await store.open();
    return { opened: { kind: "opened", store }, isUnreachable: false };
  } catch (error) {
    await store?.close();
    const message = `cannot use etcd: ${messageOf(error)}`;
    return { opened: { kind: "refused", message }, isUnreachable: error instanceof StoreUnavailableError };
  }
}

interface BoundedOptions extends EtcdStoreOptions {
  readonly bounds: EtcdStoreBounds;
}

class EtcdStore implements contract.Store {
  readonly #clock: Clock;
  readonly #root: string;
  readonly #bounds: EtcdStoreBounds;
  readonly #cluster: EtcdCluster;
  readonly #resources: readonly EtcdResource[];
  readonly #progress: EtcdProgress;
  readonly #past: EtcdPast;
  readonly #writer: EtcdWriter;
  readonly #compactor: EtcdCompactor;
  #closing: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: BoundedOptions) {
    const { clock, random, bounds, onProblem } = options;
    this.#clock = clock;
    this.#root = options.prefix;
    this.#bounds = bounds;
    this.#cluster = new EtcdCluster({ ...options, onReplaced: () => this.#restart() });
    const parts = { cluster: this.#cluster, root: options.prefix, clock, random, bounds, onProblem };
    this.#resources = options.resources.map((prefix) => new EtcdResource({ ...parts, prefix }));
    this.#progress = new EtcdProgress({ ...parts, resources: this.#resources });
    this.#past = new EtcdPast(this.#cluster);
    this.#writer = new EtcdWriter(parts);
    this.#compactor = new EtcdCompactor(parts);
  }

  async open(): Promise<void> {
    await Promise.all(this.#resources.map((resource) => resource.open()));
    await this.#allLive();
    this.#progress.start();
    this.#compactor.start();
  }

  get revision(): contract.Revision {
    return this.#cluster.head.revision;
  }

  get horizon(): contract.Revision {
    return Math.min(...this.#resources.map(({ history }) => history.horizon));
  }

  async read(query: contract.ReadQuery): Promise<contract.ReadResult> {
    const { key, at, notOlderThan } = query;
    const resource = this.#resourceOf(key);
    if (at === undefined && notOlderThan === undefined) return this.#readNewest(resource, key);
    const missing = await this.#missing(resource, query);
    if (missing === "past") return this.#asked(() => this.#past.read(resource, { key, at: at ?? 0 }));
    if (missing !== undefined) return missing;
    const { history } = resource;
    const entry = at === undefined ? resource.known(key) : history.entryAt(key, at);
    const revision = at ?? Math.max(history.revision, entry?.revision ?? 0);
    return entry === undefined
      ? { kind: "absent", revision, isNewest: false }
      : { kind: "found", entry, revision, isNewest: false };
  }

  async range(query: contract.RangeQuery): Promise<contract.RangeResult> {
    const resource = this.#resourceOf(query.prefix);
    const { at, notOlderThan } = query;
    if (at === undefined && notOlderThan === undefined) {
      const newest = await this.#asked(() => this.#progress.newestRevision());
      return this.range({ ...query, notOlderThan: newest });
    }
    const missing = await this.#missing(resource, query);
    if (missing === "past") return this.#asked(() => this.#past.range(resource, { ...query, at: at ?? 0 }));
    return missing ?? resource.history.range(query, at ?? resource.history.revision);
  }

  async write(write: contract.Write): Promise<contract.WriteResult> {
    assertKey(write.key);
    const resource = this.#resourceOf(write.key);
    this.#refuseUnloaded(resource);
    return this.#writer.write(resource, write);
  }

  async *watch(query: contract.WatchQuery): AsyncIterable<contract.WatchItem> {
    const { prefix, since, signal } = query;
    const resource = this.#resourceOf(prefix);
    if (signal.aborted) return;
    if (since > this.revision) await this.#progress.newestRevision().catch(() => {});
    if (since > this.revision) {
      yield { kind: "future", revision: this.revision };
      return;
    }
    await this.#progress.caughtUp(resource, since, signal);
    const isClosed = (): boolean => this.#isClosed;
    const batchChangesMax = this.#bounds.watchBatchChangesMax;
    const { shown } = resource;
    const source = {
      get history() {
        return resource.history;
      },
      shown,
      isClosed,
      batchChangesMax,
    };
    yield* tail(source, query);
  }

  async reach(query: contract.ReachQuery): Promise<contract.ReachResult> {
    const { prefix, revision, signal } = query;
    const resource = this.#resourceOf(prefix);
    await this.#progress.caughtUp(resource, revision, signal);
    const shown = resource.history.revision;
    return shown >= revision ? { kind: "reached" } : { kind: "future", revision: shown };
  }

  async compact(horizon: contract.Revision): Promise<contract.CompactResult> {
    try {
      await this.#asked(() => this.#cluster.call(compactRpc, { revision: horizon }));
    } catch (error) {
      if (isFailure(error, "future")) return { kind: "future", revision: this.revision };
      if (!isFailure(error, "compacted")) throw error;
    }
    for (const resource of this.#resources) {
      await this.#inTime((signal) => this.#progress.caughtUp(resource, horizon, signal));
      resource.history.compact(Math.min(horizon, resource.history.revision));
      resource.shown.wake();
    }
    return { kind: "compacted", horizon: this.horizon };
  }

  isShared(): Promise<boolean> {
    const resources = this.#resources.map(({ keys }) => keys);
    return this.#asked(() => holdsOthers(this.#cluster, { root: this.#root, resources }));
  }

  status(): contract.StoreStatus {
    const reason =
      this.#cluster.problem ?? this.#resources.find(({ problem }) => problem !== undefined)?.problem;
    return reason === undefined ? { kind: "serving" } : { kind: "failing", reason };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#compactor.close();
    this.#progress.close();
    await this.#writer.close();
    this.#isClosed = true;
    await Promise.all(this.#resources.map((resource) => resource.close()));
    this.#cluster.close();
  }

  /** A server that serves from the first moment on has its watches by then. */
  async #allLive(): Promise<void> {
    await this.#inTime(async (signal) => {
      for (const resource of this.#resources) await resource.live(signal);
    });
  }

  #restart(): void {
    for (const resource of this.#resources) resource.restart();
  }

  async #readNewest(resource: EtcdResource, key: string): Promise<contract.ReadResult> {
    const request = { key: resource.keys.toEtcd(key) };
    const { header, kvs } = await this.#asked(() => this.#cluster.call(rangeRpc, request));
    this.#refuseUnloaded(resource);
    const [kv] = kvs;
    const { history } = resource;
    // The watch may have been faster than the answer, and then has shown what is newer.
    const isOvertaken = history.revision > header.revision;
    const answered = kv && resource.entryFor(kv, key);
    const entry = isOvertaken ? history.current(key) : answered;
    const revision = isOvertaken ? history.revision : header.revision;
    return entry === undefined
      ? { kind: "absent", revision, isNewest: true }
      : { kind: "found", entry, revision, isNewest: true };
  }

  /**
   * What keeps a query from being answered from memory: its revision is in the past of it, or not there yet. Waits for what exists and
   * has not arrived.
   */
  async #missing(
    resource: EtcdResource,
    { at, notOlderThan = 0 }: contract.Freshness,
  ): Promise<"past" | contract.Future | undefined> {
    const wanted = Math.max(at ?? 0, notOlderThan);
    this.#refuseUnloaded(resource);
    if (wanted > resource.history.revision) {
      if (wanted > this.revision) await this.#asked(() => this.#progress.newestRevision());
      if (wanted > this.revision) return { kind: "future", revision: this.revision };
      await this.#inTime((signal) => this.#progress.caughtUp(resource, wanted, signal));
      if (wanted > resource.history.revision) throw new StoreUnavailableError(this.#reason());
    }
    return at !== undefined && at < resource.history.horizon ? "past" : undefined;
  }

  /** What is in memory is not to be mixed with the answers of another cluster. */
  #refuseUnloaded(resource: EtcdResource): void {
    if (!resource.isLoaded) throw new StoreUnavailableError(this.#reason());
  }

  #reason(): string {
    const status = this.status();
    return status.kind === "failing" ? status.reason : "the changes in etcd have not arrived in time";
  }

  /** What etcd refuses, and nobody expects, is for the caller an unavailable store. */
  async #asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (this.#isClosed) throw new StoreUnavailableError("the store is closed");
    try {
      return await ask();
    } catch (error) {
      const isExpected = isFailure(error, "future") || isFailure(error, "compacted");
      if (isExpected || !(error instanceof EtcdFailure)) throw error;
      throw new StoreUnavailableError(error.message, { cause: error });
    }
  }

  async #inTime(wait: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const patience = new AbortController();
    const timer = this.#clock.schedule(this.#bounds.awaitRevisionMsMax, () => patience.abort());
    await wait(patience.signal).finally(() => timer.cancel());
  }

  #resourceOf(place: string): EtcdResource {
    const resource = this.#resources.find(({ prefix }) => place.startsWith(prefix));
    if (resource === undefined)
      throw new RangeError(`nothing that this store holds: ${JSON.stringify(place)}`);
    return resource;
  }
}

function isFailure(error: unknown, kind: FailureKind): boolean {
  return error instanceof EtcdFailure && error.kind === kind;
}

const boundsFromLimits: EtcdStoreBounds = {
  historyMsMax: limits.storeHistoryMsMax,
  historyBytesMax: limits.storeHistoryBytesMax,
  historyChangesMax: limits.storeHistoryChangesMax,
  pastRevisionsMax: limits.etcdPastRevisionsMax,
  pendingWritesMax: limits.storePendingWritesMax,
  pendingBytesMax: limits.storePendingBytesMax,
  valueBytesMax: limits.storeValueBytesMax,
  keyBytesMax: limits.storeKeyBytesMax,
  watchBatchChangesMax: limits.storeWatchBatchChangesMax,
  awaitRevisionMsMax: limits.awaitRevisionMsMax,
  openMsMax: limits.etcdOpenMsMax,
};
