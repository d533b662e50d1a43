import assert from "node:assert/strict";
import type { Change, Entry, RangeQuery, RangeResult, Revision, Store, WatchItem, Write } from "../store.ts";

/** One thing that is true of every store, told by its name. */
export interface StoreCase {
  readonly name: string;
  run(context: StoreContext): Promise<void>;
}

export interface StoreContext {
  /** A store that holds nothing below "/c/" and that nobody else writes to. Whoever runs the case closes it. */
  readonly store: Store;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(entry: Entry | undefined): string | undefined {
  return entry === undefined ? undefined : new TextDecoder().decode(entry.value);
}

/** Writes, and fails the case if the store refuses. */
export async function written(store: Store, write: Write): Promise<Entry & { readonly writtenAt: Revision }> {
  const result = await store.write(write);
  assert.equal(result.kind, "written", `${write.key} should have been written`);
  if (result.kind !== "written") throw new Error("unreachable");
  return { ...result.entry, writtenAt: result.revision };
}

export async function create(store: Store, key: string, value = key): Promise<Entry> {
  return written(store, { key, value: bytes(value), expect: "absent" });
}

export async function replace(store: Store, before: Entry, value: string): Promise<Entry> {
  return written(store, { key: before.key, value: bytes(value), expect: before.revision });
}

/** Deletes, and tells the revision of the deletion. */
export async function remove(store: Store, before: Entry): Promise<Revision> {
  return (await written(store, { key: before.key, value: undefined, expect: before.revision })).writtenAt;
}

export async function found(store: Store, key: string): Promise<Entry> {
  const result = await store.read({ key });
  if (result.kind !== "found") assert.fail(`${key} is ${result.kind}`);
  return result.entry;
}

export async function page(store: Store, query: RangeQuery): Promise<RangeResult & { kind: "page" }> {
  const result = await store.range(query);
  if (result.kind !== "page") assert.fail(`the page is ${result.kind}`);
  return result;
}

export function keysOf({ entries }: { readonly entries: readonly Entry[] }): readonly string[] {
  return entries.map(({ key }) => key);
}

/** Reads a watch until it has told this many changes. */
export async function changesOf(watch: AsyncIterable<WatchItem>, count: number): Promise<readonly Change[]> {
  const changes: Change[] = [];
  if (count === 0) return changes;
  for await (const item of watch) {
    if (item.kind !== "changes") assert.fail(`the watch ended: ${item.kind}`);
    changes.push(...item.changes);
    if (changes.length >= count) break;
  }
  return changes;
}

/** Reads a watch to its end. */
export async function itemsOf(watch: AsyncIterable<WatchItem>): Promise<readonly WatchItem[]> {
  const items: WatchItem[] = [];
  for await (const item of watch) items.push(item);
  return items;
}

/** What a change says, in a line: "+/c/a=one" for a creation, "~/c/a=one>two" for a replacement, "-/c/a=two" for a deletion. */
export function told({ key, before, after }: Change): string {
  if (before === undefined) return `+${key}=${text(after)}`;
  return after === undefined ? `-${key}=${text(before)}` : `~${key}=${text(before)}>${text(after)}`;
}
