import { limits } from "../../limits.ts";
import { History } from "../history.ts";
import type { Entry, Revision } from "../store.ts";
import type { EtcdCluster } from "./etcd-cluster.ts";
import { EtcdFailure } from "./etcd-failure.ts";
import { keyAfter, type ResourceKeys } from "./etcd-keys.ts";
import type { KeyValue } from "./etcd-messages.ts";
import { rangeRpc } from "./etcd-rpcs.ts";

export interface PageQuery {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  /** 0: the newest when the first page is read, and the same for the pages after it. */
  readonly at: Revision;
  /** At most so many keys over all pages. */
  readonly limit: number;
}

export interface Page {
  readonly kvs: readonly KeyValue[];
  /** Keys behind this page, up to the range's end. */
  readonly remaining: number;
  readonly revision: Revision;
}

/** The keys of a range in one state, page by page. Throws an EtcdFailure when that state cannot be read (any more). */
export async function* pagesOf(cluster: EtcdCluster, query: PageQuery): AsyncGenerator<Page, void> {
  let { start, at: revision, limit: left } = query;
  for (;;) {
    const limit = Math.min(left, limits.etcdPageKeysMax);
    const { kvs, count, header } = await cluster.call(rangeRpc, {
      key: start,
      end: query.end,
      limit,
      revision,
    });
    if (revision === 0) revision = header.revision;
    left -= kvs.length;
    yield { kvs, remaining: count - kvs.length, revision };
    const last = kvs.at(-1);
    if (last === undefined || count === kvs.length || left <= 0) return;
    start = keyAfter(last.key);
  }
}

export interface Load {
  readonly cluster: EtcdCluster;
  readonly keys: ResourceKeys;
  /** How far to go back, at most. */
  readonly pastRevisionsMax: number;
}

/**
 * The state of a range some way back in the past, as a history that begins there: with the changes since then, which a watch tells, it
 * is as if this process had run all the time, and clients' watches go on.
 */
export async function loadHistory(load: Load): Promise<History> {
  const { header } = await load.cluster.call(rangeRpc, { key: load.keys.beyond });
  const newest = header.revision;
  for (let past = Math.min(load.pastRevisionsMax, newest - 1); ; past = Math.floor(past / 2)) {
    try {
      return historyOf(await entriesAt(load, newest - past), newest - past);
    } catch (error) {
      // etcd does not say what it has compacted, so what is closer is tried.
      if (past === 0 || !(error instanceof EtcdFailure) || error.kind !== "compacted") throw error;
    }
  }
}

async function entriesAt({ cluster, keys }: Load, at: Revision): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const { kvs } of pagesOf(cluster, { ...keys.all, at, limit: Infinity }))
    for (const kv of kvs) entries.push(entryOf(kv, keys.fromEtcd(kv.key)));
  return entries;
}

/** Each entry as if it were written again, at its own revision; what was before is forgotten. */
function historyOf(entries: readonly Entry[], at: Revision): History {
  const history = new History();
  for (const after of entries.toSorted((one, other) => one.revision - other.revision))
    history.apply({ key: after.key, revision: after.revision, before: undefined, after }, 0);
  history.advance(at);
  history.compact(at);
  history.settle();
  return history;
}

/** The value is copied: it came in a buffer that it shares with everything in the same answer. */
export function entryOf({ value, revision, created }: KeyValue, key: string): Entry {
  return { key, value: value.slice(), revision, created };
}
