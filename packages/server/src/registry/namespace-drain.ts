import { namespaceKind, StatusError, type ApiObject, type Kind, type Namespace } from "@leasehold/api";
import { delay } from "../clock.ts";
import { messageOf } from "../error-message.ts";
import { limits } from "../limits.ts";
import type { Log } from "../log.ts";
import type { Entry, Freshness, Revision } from "../store/store.ts";
import { follow } from "./follow.ts";
import { drainConditions, type Leftovers } from "./namespace-conditions.ts";
import { objectOf } from "./stored-object.ts";
import { kindPrefixOf, prefixOf, type ObjectTarget, type Registry } from "./target.ts";
import { timestamp } from "./timestamp.ts";
import { writeAsServer } from "./write-as-server.ts";

export interface NamespaceDrainOptions {
  readonly registry: Registry;
  /** Every stored kind; those of cluster scope are passed over. */
  readonly kinds: readonly Kind[];
  /** Deletes one object as a client with propagation policy Background would; finalizers hold it. */
  readonly deleteObject: (target: ObjectTarget) => Promise<unknown>;
  readonly log: Log;
}

export interface NamespaceDrain {
  /** Stops where it is; the next start goes on from there. Idempotent. */
  close(): Promise<void>;
}

/**
 * Empties namespaces that are going, and lets them go: what a cluster's namespace controller does. Where the store is shared with a
 * cluster, that is the cluster's to do, as only it knows all that is in a namespace. It acts on what it finds and keeps no notes, so that it goes on
 * after a restart:
 *
 *     Terminating -> delete what is in it -> say in the conditions what remains -> nothing? take `kubernetes` off spec.finalizers
 *                            ^                                                        |
 *                            +-------- something in the namespace changed, or a while has passed
 */
export function startNamespaceDrain(options: NamespaceDrainOptions): NamespaceDrain {
  const closing = new AbortController();
  const drains = new Drains(options, closing.signal);
  const following = drains.follow();
  return {
    async close() {
      closing.abort();
      await following;
      await drains.settled();
    },
  };
}

class Drains {
  readonly #options: NamespaceDrainOptions;
  readonly #kinds: readonly Kind[];
  readonly #signal: AbortSignal;
  /** Namespaces that are being drained, or wait for their content to change, by name. */
  readonly #underWay = new Map<string, Promise<void>>();
  /** One namespace is worked on at a time, so that emptying many does not crowd out the clients. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: NamespaceDrainOptions, signal: AbortSignal) {
    this.#options = options;
    this.#kinds = contentKinds(options.kinds);
    this.#signal = signal;
  }

  async follow(): Promise<void> {
    const { registry, log } = this.#options;
    try {
      for await (const item of follow(registry, anyNamespaceKind, this.#signal)) {
        const entries = item.kind === "state" ? item.entries : item.changes.map(({ after }) => after);
        for (const entry of entries) if (entry !== undefined) this.#consider(entry);
      }
    } catch (error) {
      log.error("namespaces are no longer drained", { err: error });
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  #consider(entry: Entry): void {
    const namespace = namespaceOf(entry);
    const name = namespace.metadata.name ?? "";
    if (!isWaitingForDrain(namespace) || this.#underWay.has(name)) return;
    const drain = this.#drain({ name, revision: entry.revision }).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, drain);
  }

  async #drain(going: Going): Promise<void> {
    const { name } = going;
    while (!this.#signal.aborted) {
      const attempt = this.#turn.then(() => this.#attempt(going));
      this.#turn = attempt;
      const { isOver, seen } = await attempt;
      if (isOver) return;
      await delay(this.#options.registry.clock, limits.namespaceDrainPauseMs, this.#signal);
      await this.#contentChanged(name, seen);
    }
  }

  async #attempt(going: Going): Promise<Attempt> {
    const { name } = going;
    const { registry, log } = this.#options;
    const seen = registry.store.revision;
    if (this.#signal.aborted) return { isOver: true, seen };
    try {
      if (await registry.store.isShared()) return { isOver: true, seen };
      return { isOver: await this.#empty(going), seen };
    } catch (error) {
      if (isGone(error)) return { isOver: true, seen };
      log.warn("a namespace could not be emptied, and will be tried again", { namespace: name, err: error });
      return { isOver: false, seen };
    }
  }

  /** Whether there is nothing more to do. */
  async #empty({ name, revision }: Going): Promise<boolean> {
    // What this server shows is enough to begin with.
    const shown = { notOlderThan: revision };
    const failures = await this.#deleteContent(name, shown);
    await this.#writeConditions(name, { ...(await this.#count(name, shown)), failures });
    // A create that saw the namespace before it was going is numbered before the write above, so that it shows up in the newest state.
    const { remaining } = await this.#count(name, {});
    if (remaining.length > 0) return false;
    await this.#finalize(name);
    return true;
  }

  /** Returns what went wrong. */
  async #deleteContent(namespace: string, freshness: Freshness): Promise<readonly string[]> {
    const failures: string[] = [];
    for (const kind of this.#kinds) {
      for await (const entries of this.#pages({ kind, namespace }, freshness)) {
        await Promise.all(entries.map((entry) => this.#delete(kind, entry, failures)));
        if (this.#signal.aborted) break;
      }
    }
    return failures;
  }

  async #delete(kind: Kind, entry: Entry, failures: string[]): Promise<void> {
    const { namespace = "", name = "" } = objectOf(kind, entry).metadata;
    try {
      await this.#options.deleteObject({ kind, namespace, name });
    } catch (error) {
      if (!isGone(error)) failures.push(messageOf(error));
    }
  }

  async #count(namespace: string, freshness: Freshness): Promise<Omit<Leftovers, "failures">> {
    const remaining: { kind: Kind; count: number }[] = [];
    const finalizers = new Map<string, number>();
    for (const kind of this.#kinds) {
      let count = 0;
      for await (const entries of this.#pages({ kind, namespace }, freshness)) {
        count += entries.length;
        for (const finalizer of entries.flatMap((entry) => objectOf(kind, entry).metadata.finalizers ?? []))
          finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
      }
      if (count > 0) remaining.push({ kind, count });
    }
    return { remaining, finalizers };
  }

  /** The content of one kind as it is when each page is read; what is deleted meanwhile does not shift the pages. */
  async *#pages(
    collection: { kind: Kind; namespace: string },
    freshness: Freshness,
  ): AsyncGenerator<readonly Entry[], void> {
    const { store } = this.#options.registry;
    const prefix = prefixOf(collection);
    let after: string | undefined;
    for (;;) {
      const page = await store.range({
        prefix,
        after,
        limit: limits.deleteCollectionParallelMax,
        ...freshness,
      });
      if (page.kind !== "page") throw new Error(`the present state of ${prefix} cannot be read`);
      if (page.entries.length > 0) yield page.entries;
      after = page.entries.at(-1)?.key;
      if (!page.more) return;
    }
  }

  async #writeConditions(name: string, leftovers: Leftovers): Promise<void> {
    await this.#write(name, "status", (namespace) => {
      const { conditions = [] } = namespace.status;
      const after = drainConditions(conditions, leftovers, timestamp(this.#options.registry.clock));
      return after === conditions
        ? namespace
        : { ...namespace, status: { ...namespace.status, conditions: after } };
    });
  }

  /** With this the namespace goes, unless somebody else holds it. */
  async #finalize(name: string): Promise<void> {
    await this.#write(name, "finalize", (namespace) => {
      const finalizers = (namespace.spec.finalizers ?? []).filter(
        (finalizer) => finalizer !== contentFinalizer,
      );
      return {
        ...namespace,
        spec: { ...namespace.spec, finalizers: finalizers.length === 0 ? undefined : finalizers },
      };
    });
  }

  /** Leaves a namespace alone that is not going: it may have gone, and another of its name have come. */
  async #write(
    name: string,
    path: "status" | "finalize",
    change: (namespace: Namespace) => Namespace,
  ): Promise<void> {
    await writeAsServer(this.#options.registry, {
      target: { kind: anyNamespaceKind, namespace: "", name },
      subresource: anyNamespaceKind.subresources.find((subresource) => subresource.name === path),
      manager,
      wanted(current) {
        if (current === undefined) return undefined;
        const namespace = current as ApiObject & Namespace;
        return isWaitingForDrain(namespace) ? { ...current, ...change(namespace) } : current;
      },
    });
  }

  /** Resolves when something in the namespace has changed since a revision, or after a while. */
  async #contentChanged(namespace: string, since: Revision): Promise<void> {
    const { registry } = this.#options;
    const waiting = new AbortController();
    const stop = (): void => waiting.abort();
    this.#signal.addEventListener("abort", stop);
    const { signal } = waiting;
    try {
      const changes = this.#kinds.map((kind) => firstChange(registry, { kind, namespace, since }, signal));
      await Promise.race([...changes, delay(registry.clock, limits.namespaceDrainRetryMs, signal)]);
    } finally {
      waiting.abort();
      this.#signal.removeEventListener("abort", stop);
    }
  }
}

/** A namespace that is going, and the revision at which it was seen to. */
interface Going {
  readonly name: string;
  readonly revision: Revision;
}

interface Attempt {
  readonly isOver: boolean;
  /** What happens after this revision may not have been seen. */
  readonly seen: Revision;
}

const anyNamespaceKind: Kind = namespaceKind;
const contentFinalizer = "kubernetes";
const manager = "leasehold-namespace-drain";

/** One kind of each resource that lives in namespaces: versions of a resource are the same objects. */
function contentKinds(kinds: readonly Kind[]): readonly Kind[] {
  const byPrefix = new Map<string, Kind>();
  for (const kind of kinds) {
    if (kind.scope === "namespaced" && !byPrefix.has(kindPrefixOf(kind)))
      byPrefix.set(kindPrefixOf(kind), kind);
  }
  return [...byPrefix.values()];
}

function namespaceOf(entry: Entry): Namespace {
  return objectOf(anyNamespaceKind, entry) as ApiObject & Namespace;
}

function isWaitingForDrain({ metadata, spec }: Namespace): boolean {
  return metadata.deletionTimestamp !== undefined && (spec.finalizers ?? []).includes(contentFinalizer);
}

function isGone(error: unknown): boolean {
  return error instanceof StatusError && error.status.code === 404;
}

interface Place {
  readonly kind: Kind;
  readonly namespace: string;
  readonly since: Revision;
}

/** Also resolves when it cannot be told whether something has changed. */
async function firstChange(
  registry: Registry,
  { kind, namespace, since }: Place,
  signal: AbortSignal,
): Promise<void> {
  const feed = registry.feedOf(kind);
  const keyPrefix = prefixOf({ kind, namespace });
  await registry.store.reach({ prefix: keyPrefix, revision: since, signal });
  if ((await feed.reached(since, signal)) === "aborted") return;
  const result = feed.subscribe({ since, keyPrefix, signal });
  if (result.kind !== "subscribed") return;
  await result.subscription[Symbol.asyncIterator]().next();
}
