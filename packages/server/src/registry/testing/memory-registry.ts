import type { TestContext } from "node:test";
import { namespaceKind, type ApiObject, type Kind } from "@leasehold/api";
import { type Clock, systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { openMemoryStore } from "../../store/memory/memory-store.ts";
import { Feed } from "../../watch/feed.ts";
import { objectOf } from "../stored-object.ts";
import { keyOf, kindPrefixOf, type ObjectTarget, type Registry } from "../target.ts";
import { writeAsServer } from "../write-as-server.ts";

export interface MemoryRegistryOptions {
  readonly clock?: Clock;
  /** Namespaces to begin with. */
  readonly namespaces?: readonly string[];
}

/** A registry over a store in memory, which goes away with the test. */
export async function memoryRegistry(t: TestContext, options: MemoryRegistryOptions = {}): Promise<Registry> {
  const { clock = systemClock, namespaces = ["default"] } = options;
  const store = openMemoryStore({ clock });
  const feeds = new Map<string, Feed>();
  const registry: Registry = {
    store,
    clock,
    random: systemRandom,
    versionsOf: (kind) => [kind],
    feedOf(kind) {
      const prefix = kindPrefixOf(kind);
      const feed = feeds.get(prefix) ?? new Feed({ store, prefix });
      feeds.set(prefix, feed);
      return feed;
    },
  };
  t.after(async () => {
    await Promise.all([...feeds.values()].map((feed) => feed.close()));
    await store.close();
  });
  for (const name of namespaces) await putObject(registry, namespaceTarget(name), newNamespace(name));
  return registry;
}

export const anyNamespaceKind: Kind = namespaceKind;

export function namespaceTarget(name: string): ObjectTarget {
  return { kind: anyNamespaceKind, namespace: "", name };
}

/** The stored object; undefined when there is none. */
export async function objectAt(registry: Registry, target: ObjectTarget): Promise<ApiObject | undefined> {
  const result = await registry.store.read({ key: keyOf(target) });
  return result.kind === "found" ? objectOf(target.kind, result.entry) : undefined;
}

/** Creates an object, or replaces it. */
export async function putObject(
  registry: Registry,
  target: ObjectTarget,
  object: ApiObject,
): Promise<ApiObject> {
  return writeAsServer(registry, {
    target,
    manager: "test",
    wanted: (current) =>
      current === undefined ? object : { ...object, metadata: { ...current.metadata, ...object.metadata } },
  });
}

function newNamespace(name: string): ApiObject {
  const plain: ApiObject = { apiVersion: "v1", kind: "Namespace", metadata: { name }, spec: {}, status: {} };
  return anyNamespaceKind.rules.withDefaults(plain);
}
