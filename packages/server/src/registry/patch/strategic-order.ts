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

/** Puts the items of a merged list in order. */
export function inOrder(merged: readonly JsonValue[], order: ListOrder): JsonValue[] {
  const { mergeKey } = order;
  const isPatched = (item: JsonValue): boolean => findItem(order.patch, item, mergeKey) >= 0;
  const patched = byPlace(merged.filter(isPatched), order.patch, mergeKey);
  const others = byPlace(
    merged.filter((item) => !isPatched(item)),
    order.original,
    mergeKey,
  );
  const out: JsonValue[] = [];
  for (const item of patched) {
    const place = placeIn(order.original, item, mergeKey);
    while (others.length > 0 && isBefore(placeIn(order.original, others[0], mergeKey), place)) out.push(...others.splice(0, 1));
    out.push(item);
  }
  return [...out, ...others];
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

/** Where the map with the key of `item`, or the scalar itself, stands in a list of such; -1 where it is not. */
export function findItem(list: readonly JsonValue[], item: JsonValue, mergeKey: string): number {
  if (mergeKey === "") return list.indexOf(item);
  const key = keyOf(item, mergeKey);
  return list.findIndex((other, i) => {
    if (!isJsonObject(other)) throw internal(`value for key ${i} is not a map`);
    return own(other, mergeKey) === key;
  });
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

function byPlace(items: readonly JsonValue[], order: readonly JsonValue[], mergeKey: string): JsonValue[] {
  return items.toSorted((a, b) => placeIn(order, a, mergeKey) - placeIn(order, b, mergeKey));
}

function placeIn(order: readonly JsonValue[], item: JsonValue | undefined, mergeKey: string): number {
  return item === undefined ? -1 : findItem(order, item, mergeKey);
}

function isBefore(place: number, other: number): boolean {
  return place >= 0 && other >= 0 && place < other;
}
