import type { Kind } from "@leasehold/api";
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";
import { kindPrefixOf, type Registry } from "./registry/target.ts";
import type { Store } from "./store/store.ts";
import { Feed } from "./watch/feed.ts";

export interface RegistryParts {
  readonly kinds: readonly Kind[];
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
}

export interface OpenRegistry {
  readonly registry: Registry;
  /** A feed that follows the store no more, though nobody closed it; undefined when all is well. */
  problem(): string | undefined;
  /** Ends all watches. Idempotent. */
  close(): Promise<void>;
}

/**
 * A registry over a store, with one feed for all versions of each resource. A feed begins with the oldest history there is when
 * somebody first asks for it: what a new store is filled with before that is nobody's news.
 */
export function openRegistry({ kinds, store, clock, random }: RegistryParts): OpenRegistry {
  const resources = Map.groupBy(kinds, kindPrefixOf);
  const feeds = new Map<string, Feed>();
  const registry: Registry = {
    store,
    clock,
    random,
    feedOf(kind) {
      const prefix = kindPrefixOf(kind);
      const feed = feeds.get(prefix) ?? new Feed({ store, prefix });
      feeds.set(prefix, feed);
      return feed;
    },
    versionsOf: (kind) => resources.get(kindPrefixOf(kind)) ?? [kind],
  };
  return {
    registry,
    problem() {
      const ended = [...feeds].find(([, feed]) => !feed.isOpen);
      return ended === undefined ? undefined : `the feed of ${ended[0]} has ended`;
    },
    async close() {
      await Promise.all([...feeds.values()].map((feed) => feed.close()));
    },
  };
}
