import { type Clock, delay, type Timer } from "../../clock.ts";
import { limits } from "../../limits.ts";
import type { Random } from "../../random.ts";
import type { Revision } from "../store.ts";
import type { EtcdCluster } from "./etcd-cluster.ts";
import { rangeRpc, txnRpc } from "./etcd-rpcs.ts";
import type { EtcdResource } from "./etcd-resource.ts";

export interface EtcdProgressOptions {
  readonly cluster: EtcdCluster;
  readonly resources: readonly EtcdResource[];
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Gets the resources to show a revision that left no change in them. A watch tells only of changes; whether none is still to come
 * is learned in one of two ways:
 *
 * - A newer etcd is asked for its progress, and answers behind all changes that it vouches for.
 * - With an older one, a key right behind the resource's own is written, which its watch includes: `/registry/leases0`. When that
 *   change arrives, all before it have.
 */
export class EtcdProgress {
  readonly #options: EtcdProgressOptions;
  readonly #requests = new Map<EtcdResource, Promise<void>>();
  #asking: Promise<Revision> | undefined;
  #askingNext: Promise<Revision> | undefined;
  #idle: Timer | undefined;

  constructor(options: EtcdProgressOptions) {
    this.#options = options;
  }

  /** From time to time, so that bookmarks move on while nothing in a resource changes. */
  start(): void {
    const { clock, random } = this.#options;
    const pauseMs = limits.etcdIdleProgressMs * (0.5 + random.fraction());
    this.#idle = clock.schedule(pauseMs, () => {
      void this.#moveOn();
      this.start();
    });
  }

  close(): void {
    this.#idle?.cancel();
  }

  /**
   * The cluster's newest revision, linearizable: not older than any write that was acknowledged before this was called. Those who come
   * while somebody is asking share the next answer, as the present one may have been given already.
   */
  newestRevision(): Promise<Revision> {
    if (this.#asking === undefined) {
      this.#asking = this.#ask().finally(() => (this.#asking = undefined));
      return this.#asking;
    }
    this.#askingNext ??= this.#asking.then(ignore, ignore).then(() => {
      this.#askingNext = undefined;
      return this.newestRevision();
    });
    return this.#askingNext;
  }

  /** Resolves when a resource shows a revision, or the signal aborts: the caller looks which. */
  async caughtUp(resource: EtcdResource, revision: Revision, signal: AbortSignal): Promise<void> {
    const { head } = this.#options.cluster;
    signal.addEventListener("abort", resource.shown.wake);
    try {
      while (resource.history.revision < revision && !signal.aborted && !resource.isClosed) {
        const shown = resource.shown.sleep();
        // What nobody has written yet is waited for, and not brought about by ticks of our own.
        if (head.revision < revision) await this.newestRevision().catch(ignore);
        if (head.revision >= revision) await Promise.race([shown, this.#request(resource)]);
        else await Promise.race([shown, delay(this.#options.clock, limits.etcdAskAgainMs, signal)]);
      }
    } finally {
      signal.removeEventListener("abort", resource.shown.wake);
    }
  }

  /** One request at a time for each resource. Resolves when it is time for another one. */
  #request(resource: EtcdResource): Promise<void> {
    const underWay = this.#requests.get(resource);
    if (underWay !== undefined) return underWay;
    const request = this.#send(resource).finally(() => this.#requests.delete(resource));
    this.#requests.set(resource, request);
    return request;
  }

  async #send(resource: EtcdResource): Promise<void> {
    if (resource.needsTick) await this.#tick([resource]);
    else resource.requestProgress();
    const answered = new AbortController();
    // A watch that is catching up does not answer, and one that was lost neither.
    await Promise.race([
      resource.shown.sleep().then(() => answered.abort()),
      delay(this.#options.clock, limits.etcdAskAgainMs, answered.signal),
    ]);
  }

  async #tick(resources: readonly EtcdResource[]): Promise<void> {
    const success = resources.map(({ keys }) => ({ kind: "put", key: keys.beyond, value: nothing }) as const);
    await this.#options.cluster.call(txnRpc, { compare: [], success, failure: [] }).catch(ignore);
  }

  async #ask(): Promise<Revision> {
    const [resource] = this.#options.resources;
    if (resource === undefined) throw new Error("a store without resources");
    // One key, that most likely is not there, costs etcd least.
    const { header } = await this.#options.cluster.call(rangeRpc, {
      key: resource.keys.beyond,
      keysOnly: true,
    });
    return header.revision;
  }

  async #moveOn(): Promise<void> {
    const { resources, cluster } = this.#options;
    for (const resource of resources) resource.requestProgress();
    if (!resources.some(({ needsTick }) => needsTick)) return;
    await this.newestRevision().catch(ignore);
    // All at once, so that afterwards nobody is behind: a tick must not call for the next one.
    const needing = resources.filter(({ needsTick }) => needsTick);
    if (needing.some(({ history }) => history.revision < cluster.head.revision)) await this.#tick(needing);
  }
}

const nothing = new Uint8Array(0);
const ignore = (): void => {};
