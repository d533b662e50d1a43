import { RevisionLog } from "./revision-log.ts";
import { intervalBelow, type Keyed, type KeyInterval, SortedKeys, sortKey } from "./sorted-keys.ts";
import type { Change, Compacted, Entry, Future, RangeQuery, RangeResult, Revision } from "./store.ts";

/** How much of the past is kept, whichever bound is reached first. */
export interface HistoryBounds {
  readonly historyMsMax: number;
  readonly historyBytesMax: number;
  readonly historyChangesMax: number;
}

/** What trimming left behind: the new horizon, and the revisions that no state from there on contains. */
export interface Trimmed {
  readonly horizon: Revision;
  readonly superseded: readonly Revision[];
}

/**
 * Everything a store shows, in memory: the current entry of each key, an ordered index of the keys, and the changes from the horizon
 * to the newest revision. A state in the past is the present with the later changes of a key undone:
 *
 *     revision   10          12           15
 *     key        created     replaced     deleted         slot.entry = undefined
 *     change     -  -> e10   e10 -> e12   e12 -> -        at 13: undo 15, take its `before`: e12
 *
 * When the change at 10 is trimmed, the horizon is 10: the state at 10 can still be told (undo 15 and 12), the one at 9 cannot. With
 * the change at 12, e10 is in no readable state any more; with the one at 15, neither e12 nor the deletion itself, and the
 * key leaves the index.
 */
export class History {
  readonly #slots = new Map<string, Slot>();
  /** Keys that have an entry now, and keys that had one since the horizon. A key is in one of the two. */
  readonly #live = new SortedKeys<Slot>();
  readonly #deleted = new SortedKeys<Slot>();
  readonly #versions = new RevisionLog<Version>();
  /** Those of the changes that created or deleted a key. */
  readonly #turns = new RevisionLog<Version>();
  #bytes = 0;
  #revision: Revision = 0;
  #horizon: Revision = 0;

  get revision(): Revision {
    return this.#revision;
  }

  get horizon(): Revision {
    return this.#horizon;
  }

  /** The bytes of the superseded values that only the past needs, with what it takes to keep them. */
  get pastBytes(): number {
    return this.#bytes;
  }

  get keyCount(): number {
    return this.#slots.size;
  }

  current(key: string): Entry | undefined {
    return this.#slots.get(key)?.entry;
  }

  /**
   * A version from before the horizon, of whose past nothing is known; none when the key was deleted. All of these come before the first
   * change, in their order, and `begun` after the last. Returns what the version replaces.
   */
  begin(key: string, entry: Entry | undefined): Entry | undefined {
    const slot = this.#slots.get(key);
    const before = slot?.entry;
    if (entry === undefined) this.#slots.delete(key);
    else if (slot === undefined) this.#newSlot(key).entry = entry;
    else slot.entry = entry;
    return before;
  }

  /** Everything up to a revision was told by `begin`; it becomes the horizon. */
  begun(horizon: Revision): void {
    for (const slot of this.#slots.values()) this.#live.insert(slot);
    this.#revision = horizon;
    this.#horizon = horizon;
  }

  /** Shows a change, whose revision is none before the last one's. `atMs` is when it was written, by the wall clock. */
  apply(change: Change, atMs: number): void {
    const slot = this.#slots.get(change.key) ?? this.#newSlot(change.key);
    const version: Version = {
      revision: change.revision,
      change,
      atMs,
      slot,
      older: slot.newest,
      newer: undefined,
    };
    if (slot.newest !== undefined) slot.newest.newer = version;
    slot.newest = version;
    this.#place(slot, change.after);
    this.#versions.append(version);
    if (change.before === undefined || change.after === undefined) this.#turns.append(version);
    this.#bytes += pastBytesOf(change);
    this.#revision = change.revision;
  }

  /** Sorts what was shown so far, all at once, instead of when a range is first read. */
  settle(): void {
    this.#live.settle();
  }

  /** Why a state cannot be read, or undefined when it can. */
  unreadable(at: Revision): Compacted | Future | undefined {
    if (at > this.#revision) return { kind: "future", revision: this.#revision };
    if (at < this.#horizon) return { kind: "compacted", horizon: this.#horizon };
    return undefined;
  }

  /** The entry of a key in a readable state. */
  entryAt(key: string, at: Revision): Entry | undefined {
    const slot = this.#slots.get(key);
    return slot === undefined ? undefined : entryAt(slot, at);
  }

  /** A page of a readable state. */
  range(
    { prefix, after, limit = Infinity }: RangeQuery,
    at: Revision,
  ): Extract<RangeResult, { kind: "page" }> {
    const interval = intervalBelow(prefix, { after });
    const isNow = at === this.#revision;
    const entries = isNow ? this.#entriesNow(interval, limit) : this.#entriesAt(interval, { at, limit });
    const last = entries.at(-1);
    const full = last !== undefined && entries.length >= limit;
    const remaining = full ? this.#countAt(intervalBelow(prefix, { after: last.key }), at) : 0;
    return { kind: "page", entries, more: remaining > 0, remaining, revision: at };
  }

  /** The changes after a revision that is not before the horizon, oldest first. */
  *changesAfter(revision: Revision): Generator<Change, void> {
    for (const version of this.#versions.after(revision)) yield version.change;
  }

  /** Moves on to a revision that left no change behind: of all that was written up to it, only the current entries are known. */
  advance(revision: Revision): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  /** Forgets the changes up to a revision that was shown; it becomes the horizon unless that is greater already. */
  compact(horizon: Revision): Trimmed {
    const superseded: Revision[] = [];
    for (
      let first = this.#versions.first;
      first !== undefined && first.revision <= horizon;
      first = this.#versions.first
    )
      this.#forget(first, superseded);
    this.#horizon = Math.max(this.#horizon, horizon);
    return { horizon: this.#horizon, superseded };
  }

  /** Forgets what is out of bounds; undefined when nothing is. */
  trim(nowMs: number, bounds: HistoryBounds): Trimmed | undefined {
    const superseded: Revision[] = [];
    const before = this.#horizon;
    for (let first = this.#versions.first; first !== undefined; first = this.#versions.first) {
      const withinBounds =
        nowMs - first.atMs <= bounds.historyMsMax &&
        this.#bytes <= bounds.historyBytesMax &&
        this.#versions.size <= bounds.historyChangesMax;
      if (withinBounds) break;
      this.#forget(first, superseded);
    }
    return this.#horizon === before ? undefined : { horizon: this.#horizon, superseded };
  }

  #newSlot(key: string): Slot {
    const slot: Slot = { key, order: sortKey(key), entry: undefined, newest: undefined };
    this.#slots.set(key, slot);
    return slot;
  }

  /** Gives a slot its current entry, and moves it between the indexes when it appears or vanishes. */
  #place(slot: Slot, entry: Entry | undefined): void {
    const before = slot.entry;
    slot.entry = entry;
    if (before === undefined && entry !== undefined) {
      this.#deleted.remove(slot);
      this.#live.insert(slot);
    } else if (before !== undefined && entry === undefined) {
      this.#live.remove(slot);
      this.#deleted.insert(slot);
    }
  }

  #forget(version: Version, superseded: Revision[]): void {
    const { slot, change } = version;
    this.#versions.dropFirst();
    if (this.#turns.first === version) this.#turns.dropFirst();
    this.#bytes -= pastBytesOf(change);
    this.#horizon = version.revision;
    if (change.before !== undefined) superseded.push(change.before.revision);
    if (change.after === undefined) superseded.push(change.revision);
    if (version.newer !== undefined) {
      version.newer.older = undefined;
      return;
    }
    slot.newest = undefined;
    if (slot.entry !== undefined) return;
    this.#slots.delete(slot.key);
    this.#deleted.remove(slot);
  }

  #entriesNow(interval: KeyInterval, limit: number): Entry[] {
    const entries: Entry[] = [];
    for (const { entry } of this.#live.first(interval, limit)) if (entry !== undefined) entries.push(entry);
    return entries;
  }

  #entriesAt(
    interval: KeyInterval,
    { at, limit }: { readonly at: Revision; readonly limit: number },
  ): Entry[] {
    const entries: Entry[] = [];
    for (const slot of this.#everWithin(interval)) {
      const entry = entryAt(slot, at);
      if (entry !== undefined) entries.push(entry);
      if (entries.length >= limit) break;
    }
    return entries;
  }

  /** The live and the deleted keys of an interval, in one order. */
  *#everWithin(interval: KeyInterval): Generator<Slot, void> {
    const deleted = this.#deleted.within(interval);
    let gone = deleted.next();
    for (const slot of this.#live.within(interval)) {
      for (; gone.done !== true && gone.value.order < slot.order; gone = deleted.next()) yield gone.value;
      yield slot;
    }
    for (; gone.done !== true; gone = deleted.next()) yield gone.value;
  }

  /** Counts the present and undoes what appeared and vanished since. */
  #countAt(interval: KeyInterval, at: Revision): number {
    let count = this.#live.count(interval);
    for (const { change, slot } of this.#turns.after(at)) {
      if (slot.order >= interval.start && slot.order < interval.end)
        count += change.after === undefined ? 1 : -1;
    }
    return count;
  }
}

/** A key with its current entry and the newest of its changes since the horizon. */
interface Slot extends Keyed {
  entry: Entry | undefined;
  newest: Version | undefined;
}

/** A change in the chain of its key. */
interface Version {
  readonly revision: Revision;
  readonly change: Change;
  readonly atMs: number;
  readonly slot: Slot;
  older: Version | undefined;
  newer: Version | undefined;
}

function entryAt(slot: Slot, at: Revision): Entry | undefined {
  let entry = slot.entry;
  for (let version = slot.newest; version !== undefined && version.revision > at; version = version.older)
    entry = version.change.before;
  return entry;
}

/** The objects around one change weigh about as much as a small lease: see the figures in docs/adr/0001. */
const changeOverheadBytes = 512;

/** What keeping a change costs: the version before it, as the one after it is the present or the next change's before. */
export function pastBytesOf({ before }: Change): number {
  return changeOverheadBytes + (before?.value.byteLength ?? 0);
}
