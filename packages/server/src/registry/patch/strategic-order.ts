import type { JsonValue } from "@leasehold/api";
import { goPrint, goType } from "../managed-fields/go-text.ts";
import { isJsonObject, own } from "../managed-fields/json-value.ts";
import { hasDirective } from "./strategic-directives.ts";
import { badType, internal, noListOfLists, noMergeKey } from "./strategic-problem.ts";

/** Lists that say where the items of a merged list stand. */
export interface ListOrder {
  /** The order that the patch asks for; its items come out in it. */
  readonly patch: readonly JsonValue[];
  /** The order of the original: items that only it has keep it, and stand before those of the patch that followed them. */
  readonly original: readonly JsonValue[];
  /** Empty in a list of scalars. */
  readonly mergeKey: string;
}

/** Puts the items of a merged list in order. Maps that stand for items in an order of maps need their key. */
export function inOrder(merged: readonly JsonValue[], order: ListOrder): JsonValue[] {
  const patch = new ItemIndex(order.patch, order.mergeKey);
  if (order.mergeKey !== "") for (const item of order.patch) keyOf(item, order.mergeKey);
  const original = new ItemIndex(order.original, order.mergeKey);
  const patched = byPlace(
    merged.filter((item) => patch.placeOf(item) >= 0),
    patch,
  );
  const others = byPlace(
    merged.filter((item) => patch.placeOf(item) < 0),
    original,
  );
  const out: JsonValue[] = [];
  let next = 0;
  for (const item of patched) {
    const place = original.placeOf(item);
    for (let other = others[next]; other !== undefined; other = others[++next]) {
      const otherPlace = original.placeOf(other);
      if (otherPlace < 0 || otherPlace >= place) break;
      out.push(other);
    }
    out.push(item);
  }
  return [...out, ...others.slice(next)];
}

/** Where the items of a list stand, by their key, or by themselves in a list of scalars. */
export class ItemIndex {
  readonly #mergeKey: string;
  readonly #places = new Map<JsonValue, number>();
  #length = 0;

  constructor(list: readonly JsonValue[], mergeKey: string) {
    this.#mergeKey = mergeKey;
    for (const item of list) this.push(item);
  }

  /** Adds an item at the end. Of several with one key, the first counts; an item without the key cannot be found. */
  push(item: JsonValue): void {
    const place = this.#length++;
    if (this.#mergeKey !== "" && !isJsonObject(item)) throw internal(`value for key ${place} is not a map`);
    const key = isJsonObject(item) && this.#mergeKey !== "" ? own(item, this.#mergeKey) : item;
    if (key !== undefined && !this.#places.has(key)) this.#places.set(key, place);
  }

  /** -1 where the list has no such item. */
  placeOf(item: JsonValue): number {
    return this.#places.get(this.#mergeKey === "" ? item : keyOf(item, this.#mergeKey)) ?? -1;
  }
}

/** The items of a patch must be among those of its order, in that order; items that are to be deleted need not. */
export function checkOrder(patch: readonly JsonValue[], order: readonly JsonValue[], mergeKey: string): void {
  if (order.length === 0 || patch.length === 0) return;
  const items = mergeKey === "" ? patch : patch.filter((item) => !hasDirective(checkMap(item)));
  let place = 0;
  for (const item of items) {
    while (place < order.length && !isSame(item, order[place] ?? null, mergeKey)) place++;
    if (place++ < order.length) continue;
    const lists = `${goPrint(patch)}\n doesn't match $setElementOrder list:\n${goPrint(order)}`;
    throw internal(`The order in patch list:\n${lists}\n`);
  }
}

/** The one type of all items, as Go names it. Lists in lists are not merged. */
export function itemTypeOf(...lists: readonly (readonly JsonValue[])[]): string {
  const [first, ...others] = lists.flat();
  if (first === undefined) throw internal("no elements in any of the given slices");
  if (Array.isArray(first)) throw noListOfLists();
  if (others.some((item) => goType(item) !== goType(first))) {
    throw internal(`list element types are not identical: ${goPrint(lists)}`);
  }
  return goType(first);
}

export function keyOf(item: JsonValue, mergeKey: string): JsonValue {
  const key = own(checkMap(item), mergeKey);
  if (key === undefined) throw noMergeKey(item, mergeKey);
  return key;
}

function checkMap(item: JsonValue): Extract<JsonValue, { readonly [key: string]: JsonValue | undefined }> {
  if (isJsonObject(item)) return item;
  throw badType("map[string]interface {}", item);
}

function isSame(a: JsonValue, b: JsonValue, mergeKey: string): boolean {
  return mergeKey === "" ? a === b : keyOf(a, mergeKey) === keyOf(b, mergeKey);
}

/**
 * Sorts by place. With items that have none kube-apiserver's order is no order: it takes each pair with such an item to
 * be in the wrong one. What becomes of that depends on how it sorts, which is by insertion as long as lists are short.
 */
function byPlace(items: readonly JsonValue[], index: ItemIndex): readonly JsonValue[] {
  const placed = items.map((item) => ({ item, place: index.placeOf(item) }));
  const comesBefore = (a: number, b: number): boolean => a < 0 || b < 0 || a < b;
  if (placed.length > insertionMax || placed.every(({ place }) => place >= 0)) {
    placed.sort((a, b) => (a.place < 0 ? (b.place < 0 ? 0 : 1) : b.place < 0 ? -1 : a.place - b.place));
    return placed.map(({ item }) => item);
  }
  const out: typeof placed = [];
  for (const next of placed) {
    let at = out.length;
    while (at > 0 && comesBefore(next.place, out[at - 1]?.place ?? -1)) at--;
    out.splice(at, 0, next);
  }
  return out.map(({ item }) => item);
}

/** Up to so many items, Go's stable sort inserts one by one. */
const insertionMax = 20;
