import type { History } from "./history.ts";
import type { Change, Revision, WatchItem, WatchQuery } from "./store.ts";
import type { Wakeup } from "./wakeup.ts";

export interface TailSource {
  /** Another one when the store had to begin anew: what is between the two is forgotten. */
  readonly history: History;
  /** Woken when the history shows something new, and when the store closes. */
  readonly shown: Wakeup;
  readonly isClosed: () => boolean;
  readonly batchChangesMax: number;
}

/**
 * Follows a history from a revision on. The reader pulls and holds a place, not a queue: one that is too slow finds that what comes
 * next is compacted, and costs nothing meanwhile.
 */
export async function* tail(source: TailSource, query: WatchQuery): AsyncGenerator<WatchItem, void> {
  const { shown } = source;
  const { prefix, since, signal } = query;
  const begun = source.history;
  signal.addEventListener("abort", shown.wake);
  try {
    for (let place = since; !signal.aborted;) {
      const { history } = source;
      const item =
        history === begun
          ? nextItem(source, { prefix, place })
          : ({ kind: "compacted", horizon: history.horizon } as const);
      if (item === undefined) {
        await shown.sleep();
        continue;
      }
      yield item;
      if (item.kind !== "changes") return;
      place = item.revision;
    }
  } finally {
    signal.removeEventListener("abort", shown.wake);
  }
}

interface Place {
  readonly prefix: string;
  readonly place: Revision;
}

/** What follows a place; undefined when nothing does yet. */
function nextItem(source: TailSource, { prefix, place }: Place): WatchItem | undefined {
  const { history } = source;
  const unreadable = history.unreadable(place);
  if (unreadable !== undefined) return unreadable;
  if (place < history.revision) return nextBatch(source, { prefix, place });
  return source.isClosed() ? { kind: "closed" } : undefined;
}

/** The changes of one revision come together, even beyond the bound: whoever goes on after it has them all. */
function nextBatch(
  { history, batchChangesMax }: TailSource,
  { prefix, place }: Place,
): WatchItem & { kind: "changes" } {
  const changes: Change[] = [];
  for (const change of history.changesAfter(place)) {
    if (!change.key.startsWith(prefix)) continue;
    const last = changes.at(-1);
    if (last !== undefined && changes.length >= batchChangesMax && last.revision !== change.revision)
      return { kind: "changes", changes, revision: last.revision };
    changes.push(change);
  }
  return { kind: "changes", changes, revision: history.revision };
}
