import type { Change, Version } from "../history/operation.ts";
import { replay, toldState } from "./revisions.ts";

/** One watch request, from its opening to its end, as its client recorded it. */
export interface WatchSession {
  readonly watcher: string;
  /** The one key that it asked for, or all. */
  readonly key: string | undefined;
  readonly start: WatchStart;
  readonly items: readonly WatchItem[];
}

export type WatchStart =
  /** Everything after a revision. */
  | { readonly kind: "after"; readonly revision: number }
  /** The present state, told as additions, a bookmark that ends it, and everything after that. */
  | { readonly kind: "state" };

export type WatchItem =
  | ({ readonly kind: "event" } & Change)
  | { readonly kind: "bookmark"; readonly revision: number; readonly endsState: boolean }
  /** 410: what follows is forgotten. The last item. */
  | { readonly kind: "expired" };

/**
 * Whether watches were told every change of what they asked for: in order, each once, without a gap from the start to the last that was
 * told, nothing at or before a bookmark after it. How a watch ended, and when, is its client's business; `reachedBy` tells how far it
 * came.
 */
export class WatchChecker {
  readonly #all: Expected;
  readonly #byKey = new Map<string, Expected>();

  /** Every change since the keys were empty, in order. */
  constructor(changes: readonly Change[]) {
    this.#all = expected(changes);
  }

  /** One sentence for each breach. */
  check(session: WatchSession): readonly string[] {
    const { wanted, breaches, told } = this.#split(session);
    if (told !== undefined) breaches.push(...wrongChanges(wanted, told));
    return breaches.map((breach) => `${session.watcher} ${toldStart(session)}: ${breach}`);
  }

  /** The last change that whoever asks for this key (or for all) is told. */
  lastRevision(key: string | undefined): number {
    return this.#expectedFor(key).changes.at(-1)?.revision ?? 0;
  }

  #split(session: WatchSession): { wanted: Expected; breaches: string[]; told: Told | undefined } {
    const wanted = this.#expectedFor(session.key);
    const { start, items } = session;
    if (start.kind === "after") return { wanted, breaches: [], told: { since: start.revision, items } };
    const end = items.findIndex((item) => item.kind === "bookmark" && item.endsState);
    const ending = items[end];
    const breaches = [...wrongState(wanted, { items: items.slice(0, end), ending })];
    const told =
      ending?.kind === "bookmark" ? { since: ending.revision, items: items.slice(end + 1) } : undefined;
    return { wanted, breaches, told };
  }

  #expectedFor(key: string | undefined): Expected {
    if (key === undefined) return this.#all;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made = expected(this.#all.changes.filter((change) => change.key === key));
    this.#byKey.set(key, made);
    return made;
  }
}

/** Everything up to here was told; undefined before a state was told in full. */
export function reachedBy({ start, items }: Pick<WatchSession, "start" | "items">): number | undefined {
  let reached = start.kind === "after" ? start.revision : undefined;
  for (const item of items) {
    if (item.kind === "expired") continue;
    if (item.kind === "bookmark" && item.endsState) reached = item.revision;
    else if (reached !== undefined) reached = Math.max(reached, item.revision);
  }
  return reached;
}

/** The events of a session that tell changes, and not the state that it began with. */
export function changesIn({ start, items }: Pick<WatchSession, "start" | "items">): readonly Change[] {
  const end = items.findIndex((item) => item.kind === "bookmark" && item.endsState);
  if (start.kind === "state" && end === -1) return [];
  return items.slice(start.kind === "state" ? end + 1 : 0).filter((item) => item.kind === "event");
}

interface Expected {
  readonly changes: readonly Change[];
  readonly placeOf: ReadonlyMap<number, number>;
}

interface Told {
  readonly since: number;
  readonly items: readonly WatchItem[];
}

function expected(changes: readonly Change[]): Expected {
  return { changes, placeOf: new Map(changes.map(({ revision }, index) => [revision, index])) };
}

function* wrongChanges({ changes, placeOf }: Expected, { since, items }: Told): Generator<string> {
  let next = changes.findIndex(({ revision }) => revision > since);
  if (next === -1) next = changes.length;
  let bookmark = since;
  for (const item of items) {
    const due = changes[next];
    if (item.kind === "expired") continue;
    if (item.kind === "bookmark") {
      if (item.endsState) yield `the state ended a second time, at ${item.revision}`;
      if (item.revision < bookmark) yield `the bookmark ${item.revision} goes back behind ${bookmark}`;
      if (due !== undefined && due.revision <= item.revision)
        yield `gap: the bookmark ${item.revision} came before ${told(due)}`;
      bookmark = Math.max(bookmark, item.revision);
      continue;
    }
    if (item.revision <= bookmark) yield `${told(item)} came after ${bookmark} was over`;
    const place = placeOf.get(item.revision);
    if (place === undefined || !isSame(changes[place], item)) yield `${told(item)} never happened`;
    else if (place < next) yield `${told(item)} came again, or too late`;
    else if (place > next) yield `gap: ${told(item)} came, and ${told(due)} did not`;
    if (place !== undefined) next = place + 1;
  }
}

interface ToldState {
  readonly items: readonly WatchItem[];
  /** What came after them; the bookmark that ends the state, if it was told in full. */
  readonly ending: WatchItem | undefined;
}

function* wrongState({ changes }: Expected, { items, ending }: ToldState): Generator<string> {
  const state = new Map<string, Version>();
  for (const item of items) {
    if (item.kind !== "event") continue;
    if (item.type !== "ADDED") yield `${item.type} ${item.key} inside the state`;
    if (state.has(item.key)) yield `${item.key} stands in the state twice`;
    state.set(item.key, item);
  }
  if (ending?.kind !== "bookmark") return;
  const was = new Map<string, Version>();
  for (const change of changes) if (change.revision <= ending.revision) replay(was, change);
  const [shown, right] = [toldState(state), toldState(was)];
  if (shown !== right) yield `the state at ${ending.revision} was told as ${shown}; it was: ${right}`;
}

function isSame(one: Change | undefined, other: Change): boolean {
  return (
    one?.revision === other.revision &&
    one.key === other.key &&
    one.type === other.type &&
    one.value === other.value
  );
}

function told(change: Change | undefined): string {
  if (change === undefined) return "nothing";
  return `${change.type} ${change.key} = ${change.value} at ${change.revision}`;
}

function toldStart({ start, key = "all keys" }: WatchSession): string {
  return `(${key}, ${start.kind === "after" ? `after ${start.revision}` : "from the state"})`;
}
