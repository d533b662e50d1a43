import type { Compacted, Entry, Future, RangeQuery, RangeResult, ReadResult, Revision } from "../store.ts";
import type { EtcdCluster } from "./etcd-cluster.ts";
import { EtcdFailure } from "./etcd-failure.ts";
import { keyAfter } from "./etcd-keys.ts";
import { pagesOf } from "./etcd-load.ts";
import type { EtcdResource } from "./etcd-resource.ts";
import { rangeRpc } from "./etcd-rpcs.ts";

/** Reads states that are older than what is in memory, from etcd, while it has them. Throws as the cluster does. */
export class EtcdPast {
  readonly #cluster: EtcdCluster;

  constructor(cluster: EtcdCluster) {
    this.#cluster = cluster;
  }

  async read(
    resource: EtcdResource,
    { key, at }: { readonly key: string; readonly at: Revision },
  ): Promise<ReadResult> {
    return this.#orForgotten(resource, at, async () => {
      const request = { key: resource.keys.toEtcd(key), revision: at };
      const { kvs } = await this.#cluster.call(rangeRpc, request);
      const entry = kvs[0] && resource.entryFor(kvs[0], key);
      const state = { revision: at, isNewest: false };
      return entry === undefined ? { kind: "absent", ...state } : { kind: "found", entry, ...state };
    });
  }

  async range(
    resource: EtcdResource,
    { prefix, after, limit = Infinity, at }: RangeQuery & { readonly at: Revision },
  ): Promise<RangeResult> {
    return this.#orForgotten(resource, at, async () => {
      const { keys } = resource;
      const below = keys.below(prefix);
      const behind = after === undefined ? below.start : keyAfter(keys.toEtcd(after));
      const start = Buffer.compare(behind, below.start) > 0 ? behind : below.start;
      const entries: Entry[] = [];
      let remaining = 0;
      for await (const page of pagesOf(this.#cluster, { start, end: below.end, at, limit })) {
        for (const kv of page.kvs) entries.push(resource.entryFor(kv, keys.fromEtcd(kv.key)));
        ({ remaining } = page);
      }
      return { kind: "page", entries, more: remaining > 0, remaining, revision: at };
    });
  }

  async #orForgotten<Result>(
    resource: EtcdResource,
    at: Revision,
    read: () => Promise<Result>,
  ): Promise<Result | Compacted | Future> {
    const compacted = { kind: "compacted", horizon: resource.history.horizon } as const;
    // To etcd, 0 is the newest.
    if (at < 1) return compacted;
    try {
      return await read();
    } catch (error) {
      if (error instanceof EtcdFailure && error.kind === "compacted") return compacted;
      throw error;
    }
  }
}
