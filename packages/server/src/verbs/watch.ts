import { StatusError, statusErrors, type ApiObject } from "@leasehold/api";
import { limits } from "../limits.ts";
import { awaitRevision } from "../registry/freshness.ts";
import { parseResourceVersion } from "../registry/resource-version.ts";
import type { Selection } from "../registry/selection.ts";
import { deletedObject, objectOf } from "../registry/stored-object.ts";
import { keyOf, prefixOf, type CollectionTarget, type Registry } from "../registry/target.ts";
import type { Change, Revision } from "../store/store.ts";
import { BookmarkTimer } from "../watch/bookmark-timer.ts";
import type { Subscription, SubscriptionItem } from "../watch/subscription.ts";

export interface WatchCommand {
  readonly target: CollectionTarget;
  readonly selection: Selection;
  /** As the client sent it; empty when absent. */
  readonly resourceVersion: string;
  /** Begin with the present state, told as additions, and mark its end. Undefined: as the resourceVersion implies. */
  readonly sendInitialEvents: boolean | undefined;
  readonly allowBookmarks: boolean;
  /** When the server ends the watch, negative is at once; undefined or 0: a while after half an hour. */
  readonly timeoutSeconds: number | undefined;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: ApiObject }
  /** Everything up to here has been told. */
  | { readonly type: "BOOKMARK"; readonly revision: Revision; readonly endsInitialEvents: boolean }
  /** The watch cannot go on; the last event. */
  | { readonly type: "ERROR"; readonly error: StatusError };

/**
 * Opens a watch, which begins when it is first read: refuses by throwing before the first event, and afterwards tells every change of the selection in order,
 * each once, in batches as they come. It ends at its timeout, when the client goes, when the server closes, or with an ERROR.
 */
export function watch(registry: Registry, command: WatchCommand): AsyncIterable<readonly WatchEvent[]> {
  const version = parseResourceVersion(command.resourceVersion);
  if (version.kind === "malformed") throw statusErrors.unclassified(version.message);
  const wantsState = command.sendInitialEvents ?? version.revision === 0;
  return followed(registry, command, { revision: version.revision, wantsState });
}

interface Beginning {
  readonly revision: Revision;
  readonly wantsState: boolean;
}

async function* followed(
  registry: Registry,
  command: WatchCommand,
  beginning: Beginning,
): AsyncGenerator<readonly WatchEvent[]> {
  if (command.timeoutSeconds !== undefined && command.timeoutSeconds < 0) return;
  const { clock } = registry;
  const ending = new AbortController();
  const lifeMs = lifetimeMs(registry, command);
  const deadlineMs = clock.monotonicMs() + lifeMs;
  const timeout = clock.schedule(lifeMs, () => ending.abort());
  const end = (): void => ending.abort();
  command.signal.addEventListener("abort", end);
  if (command.signal.aborted) end();
  try {
    const { wantsState } = beginning;
    const { prefix } = placeOf(command);
    const notOlderThan = command.resourceVersion === "" ? undefined : beginning.revision;
    if (wantsState) await awaitRevision(registry, { prefix, revision: beginning.revision });
    const since = wantsState
      ? yield* initialEvents(registry, command, notOlderThan)
      : startOf(registry, beginning);
    yield* changesSince(registry, command, {
      since,
      signal: ending.signal,
      deadlineMs,
      hadState: wantsState,
    });
  } catch (error) {
    if (ending.signal.aborted) return;
    if (!(error instanceof StatusError)) throw error;
    yield [{ type: "ERROR", error }];
  } finally {
    timeout.cancel();
    command.signal.removeEventListener("abort", end);
    ending.abort();
  }
}

/** A watch without a version, and without initial events, begins now. */
function startOf(registry: Registry, { revision }: Beginning): Revision {
  return revision === 0 ? registry.store.revision : revision;
}

/** Spread out, so that the watches of a restarted fleet do not all end in the same second again. */
function lifetimeMs({ random }: Registry, { timeoutSeconds }: WatchCommand): number {
  if (timeoutSeconds !== undefined && timeoutSeconds > 0) return timeoutSeconds * 1000;
  return limits.watchMsMin * (1 + random.fraction());
}

/** The state as additions, the newest unless an older one will do; returns the revision that it shows. */
async function* initialEvents(
  registry: Registry,
  command: WatchCommand,
  notOlderThan: Revision | undefined,
): AsyncGenerator<readonly WatchEvent[], Revision> {
  const { target, selection } = command;
  const { prefix } = placeOf(command);
  const page = await registry.store.range({ prefix, notOlderThan });
  if (page.kind !== "page") throw statusErrors.internalError("the newest state could not be read");
  const objects = page.entries.map((entry) => objectOf(target.kind, entry));
  const events: WatchEvent[] = objects
    .filter((object) => selection.matches(object))
    .map((object) => ({ type: "ADDED", object }));
  if (command.sendInitialEvents === true && command.allowBookmarks) {
    events.push({ type: "BOOKMARK", revision: page.revision, endsInitialEvents: true });
  }
  yield events;
  return page.revision;
}

interface Following {
  readonly since: Revision;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Whether the watch began with the present state. */
  readonly hadState: boolean;
}

async function* changesSince(
  registry: Registry,
  command: WatchCommand,
  { since, signal, deadlineMs, hadState }: Following,
): AsyncGenerator<readonly WatchEvent[]> {
  const feed = registry.feedOf(command.target.kind);
  const place = placeOf(command);
  const known = Math.min(since, registry.store.revision);
  await registry.store.reach({ prefix: place.prefix, revision: known, signal });
  await feed.reached(known, signal);
  const from = Math.min(since, feed.revision);
  const result = feed.subscribe({ since: from, keyPrefix: place.prefix, key: place.key, signal });
  if (result.kind === "gone") {
    const error = statusErrors.tooOldResourceVersion({ since, oldest: result.horizon });
    yield [{ type: "ERROR", error }];
  }
  if (result.kind !== "subscribed") return;
  for await (const item of withBookmarks(registry, command, {
    subscription: result.subscription,
    deadlineMs,
    hadState,
  })) {
    if (item.kind === "bookmark") {
      yield [{ type: "BOOKMARK", revision: Math.max(item.revision, since), endsInitialEvents: false }];
    } else if (item.kind === "changes") {
      const events = eventsOf(item.changes, { command, since });
      if (events.length > 0) yield events;
    } else if (item.reason === "lagged" || item.reason === "lost") {
      yield [{ type: "ERROR", error: statusErrors.expired("the watch was too slow and has missed changes") }];
    }
  }
}

type FollowedItem = SubscriptionItem | { readonly kind: "bookmark"; readonly revision: Revision };

interface Followed extends Pick<Following, "deadlineMs" | "hadState"> {
  readonly subscription: Subscription;
}

async function* withBookmarks(
  { clock }: Registry,
  { allowBookmarks }: WatchCommand,
  { subscription, deadlineMs, hadState }: Followed,
): AsyncGenerator<FollowedItem> {
  if (!allowBookmarks) {
    yield* subscription;
    return;
  }
  const timer = new BookmarkTimer(clock, { deadlineMs, soon: hadState });
  const iterator = subscription[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (;;) {
      const turn = await timer.wait(next);
      if (turn.kind === "bookmark-due") {
        yield { kind: "bookmark", revision: subscription.delivered };
      } else {
        if (turn.item.done === true) return;
        yield turn.item.value;
        next = iterator.next();
      }
    }
  } finally {
    timer.stop();
    await iterator.return?.();
  }
}

/** Where to listen: one key when a name and a namespace are selected, and otherwise the collection. */
function placeOf({ target, selection }: WatchCommand): { readonly prefix: string; readonly key?: string } {
  const namespace = target.namespace === "" ? (selection.namespace ?? "") : target.namespace;
  const collection = target.kind.scope === "cluster" ? target : { ...target, namespace };
  const prefix = prefixOf(collection);
  if (selection.name === undefined) return { prefix };
  if (target.kind.scope === "namespaced" && namespace === "") return { prefix };
  return { prefix, key: keyOf({ ...collection, name: selection.name }) };
}

function eventsOf(
  changes: readonly Change[],
  { command, since }: { command: WatchCommand; since: Revision },
): readonly WatchEvent[] {
  const events: WatchEvent[] = [];
  for (const change of changes) {
    const event = change.revision > since ? eventOf(change, command) : undefined;
    if (event !== undefined) events.push(event);
  }
  return events;
}

/** What a change is to somebody who sees only a selection: coming into it is an addition, leaving it a deletion. */
function eventOf(change: Change, { target: { kind }, selection }: WatchCommand): WatchEvent | undefined {
  const { before, after } = change;
  const object = after === undefined ? undefined : objectOf(kind, after);
  const isIn = object !== undefined && selection.matches(object);
  const wasIn = before !== undefined && (selection.everything || selection.matches(objectOf(kind, before)));
  if (isIn) return { type: wasIn ? "MODIFIED" : "ADDED", object };
  return wasIn ? { type: "DELETED", object: deletedObject(kind, change) } : undefined;
}
