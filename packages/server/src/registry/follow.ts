import type { Kind } from "@leasehold/api";
import { delay } from "../clock.ts";
import { limits } from "../limits.ts";
import { type Change, type Entry, type Revision, StoreUnavailableError } from "../store/store.ts";
import { kindPrefixOf, type Registry } from "./target.ts";

/** What a follower of a kind is told. */
export type Followed =
  /** All there is: at the beginning, and again whenever what happened in between cannot be told. */
  | { readonly kind: "state"; readonly entries: readonly Entry[]; readonly revision: Revision }
  /** What has changed since the item before. */
  | { readonly kind: "changes"; readonly changes: readonly Change[]; readonly revision: Revision };

type State = Extract<Followed, { kind: "state" }>;

/**
 * Follows all objects of a kind for the server's own purposes: the state, then every change. A follower that lags loses its place,
 * like any watcher, and is told the state anew; so the follower keeps what it derives from one state apart from the next.
 *
 * Ends when the signal aborts or the feed is closed.
 */
export async function* follow(
  registry: Registry,
  kind: Kind,
  signal: AbortSignal,
): AsyncGenerator<Followed, void> {
  const feed = registry.feedOf(kind);
  const keyPrefix = kindPrefixOf(kind);
  while (!signal.aborted) {
    const state = await readState(registry, keyPrefix);
    if (state === "unavailable") await delay(registry.clock, limits.followRetryMs, signal);
    if (typeof state === "string") continue;
    yield state;
    if ((await feed.reached(state.revision, signal)) !== "reached") return;
    const result = feed.subscribe({ since: state.revision, keyPrefix, signal });
    if (result.kind === "closed") return;
    if (result.kind !== "subscribed") continue;
    for await (const item of result.subscription) {
      if (item.kind === "changes") yield item;
      else if (item.reason === "closed") return;
    }
  }
}

/** Why there is no state to tell: it was forgotten between two pages, or the store has none to give at the moment. */
type NoState = "forgotten" | "unavailable";

async function readState(registry: Registry, prefix: string): Promise<State | NoState> {
  try {
    return await readPages(registry, prefix);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return "unavailable";
    throw error;
  }
}

/** Page by page at one revision. */
async function readPages({ store }: Registry, prefix: string): Promise<State | NoState> {
  const entries: Entry[] = [];
  let at: Revision | undefined;
  for (;;) {
    const page = await store.range({
      prefix,
      after: entries.at(-1)?.key,
      limit: limits.listScanEntriesMax,
      at,
    });
    if (page.kind !== "page") return "forgotten";
    entries.push(...page.entries);
    if (!page.more) return { kind: "state", entries, revision: page.revision };
    at = page.revision;
  }
}
