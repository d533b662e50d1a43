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
  /** Ends all watches. Idempotent. */
  close(): Promise<void>;
}

/** A registry over a store, with one feed for all versions of each resource. */
export function openRegistry({ kinds, store, clock, random }: RegistryParts): OpenRegistry {
  const resources = Map.groupBy(kinds, kindPrefixOf);
  const feeds = new Map([...resources.keys()].map((prefix) => [prefix, new Feed({ store, prefix })]));
  const registry: Registry = {
    store,
    clock,
    random,
    feedOf: (kind) => known(feeds, kind),
    versionsOf: (kind) => known(resources, kind),
  };
  return {
    registry,
    async close() {
      await Promise.all([...feeds.values()].map((feed) => feed.close()));
    },
  };
}

function known<T>(byPrefix: ReadonlyMap<string, T>, kind: Kind): T {
  const found = byPrefix.get(kindPrefixOf(kind));
  if (found === undefined) throw new Error(`${kind.plural} are not served here`);
  return found;
}
