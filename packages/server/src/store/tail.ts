import type { History } from "./history.ts";
import type { Change, Revision, WatchItem, WatchQuery } from "./store.ts";
import type { Wakeup } from "./wakeup.ts";

export interface TailSource {
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
export async function* tail(
  source: TailSource,
  { prefix, since, signal }: WatchQuery,
): AsyncGenerator<WatchItem, void> {
  const { history, shown } = source;
  let place = since;
  while (!signal.aborted) {
    const unreadable = history.unreadable(place);
    if (unreadable !== undefined) {
      yield unreadable;
      return;
    }
    if (place < history.revision) {
      const batch = nextBatch(source, { prefix, place });
      place = batch.revision;
      yield batch;
    } else if (source.isClosed()) {
      yield { kind: "closed" };
      return;
    } else {
      await shown.sleep(signal);
    }
  }
}

interface Place {
  readonly prefix: string;
  readonly place: Revision;
}

function nextBatch(
  { history, batchChangesMax }: TailSource,
  { prefix, place }: Place,
): WatchItem & { kind: "changes" } {
  const changes: Change[] = [];
  for (const change of history.changesAfter(place)) {
    if (!change.key.startsWith(prefix)) continue;
    changes.push(change);
    if (changes.length === batchChangesMax) return { kind: "changes", changes, revision: change.revision };
  }
  return { kind: "changes", changes, revision: history.revision };
}
