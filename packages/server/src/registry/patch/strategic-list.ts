import type { JsonValue } from "@leasehold/api";
import { isJsonObject, own } from "../managed-fields/json-value.ts";
import { mutable, patchDirective, type MutableMap } from "./strategic-directives.ts";
import { inOrder, ItemIndex, itemTypeOf, keyOf } from "./strategic-order.ts";
import { badPatchType, internal } from "./strategic-problem.ts";
import type { ListPatch, PatchType } from "./strategic-type.ts";

/** Merges two maps; what a list of maps is merged with. */
export type MergeMaps = (original: MutableMap, patch: MutableMap, type: PatchType) => MutableMap;

/** Merges the list of a patch into the original list, or takes its place, as the field says. */
export function mergeLists(
  original: readonly JsonValue[],
  patch: readonly JsonValue[],
  { as, mergeMaps }: HowToMerge,
): JsonValue[] {
  if (as.strategy === "replace") return [...patch];
  if (original.length === 0 && patch.length === 0) return [];
  if (itemTypeOf(original, patch) === mapType) return mergeListsOfMaps(original, patch, { as, mergeMaps });
  const merged = [...new Set([...original, ...patch])];
  return inOrder(merged, { patch, original, mergeKey: as.mergeKey });
}

/** Takes what `$deleteFromPrimitiveList` lists out of a list. That is for scalars: maps are merged as if it were not there. */
export function deleteItems(
  original: readonly JsonValue[],
  deleted: readonly JsonValue[],
  { as, mergeMaps }: HowToMerge,
): JsonValue[] {
  if (original.length === 0 && deleted.length === 0) return [];
  if (itemTypeOf(original, deleted) === mapType)
    return mergeListsOfMaps(original, deleted, { as, mergeMaps });
  const gone = new Set(deleted);
  return original.filter((item) => !gone.has(item));
}

interface HowToMerge {
  readonly as: ListPatch;
  readonly mergeMaps: MergeMaps;
}

function mergeListsOfMaps(
  original: readonly JsonValue[],
  patch: readonly JsonValue[],
  { as, mergeMaps }: HowToMerge,
): JsonValue[] {
  if (as.mergeKey === "") throw internal(`cannot merge lists without merge key for ${as.itemKind}`);
  const kept = applyDirectives(original, patch, as.mergeKey);
  const merged = mergeItems(kept, { as, mergeMaps });
  return inOrder(merged, {
    patch: kept.patch,
    original: merged.slice(0, kept.original.length),
    mergeKey: as.mergeKey,
  });
}

const mapType = "map[string]interface {}";

interface Lists {
  readonly original: readonly JsonValue[];
  readonly patch: readonly JsonValue[];
}

/** Items of a patch that delete an item, or say that the others replace the whole list. */
function applyDirectives(
  original: readonly JsonValue[],
  patch: readonly JsonValue[],
  mergeKey: string,
): Lists {
  const items: JsonValue[] = [];
  const deleted = new Set<JsonValue>();
  let replaces = false;
  for (const item of patch) {
    const directive = isJsonObject(item) ? own(item, patchDirective) : undefined;
    if (directive === undefined) items.push(item);
    else if (directive === "delete") deleted.add(keyOf(item, mergeKey));
    else if (directive === "replace") replaces = true;
    else if (directive === "merge") throw internal("merging lists cannot yet be specified in the patch");
    else throw badPatchType(directive, item);
  }
  if (replaces) return { original: items, patch: [] };
  return { original: original.filter((item) => !deleted.has(keyIn(item, mergeKey) ?? null)), patch: items };
}

function keyIn(item: JsonValue, mergeKey: string): JsonValue | undefined {
  return isJsonObject(item) ? own(item, mergeKey) : undefined;
}

function mergeItems({ original, patch }: Lists, { as, mergeMaps }: HowToMerge): JsonValue[] {
  const merged = [...original];
  const index = new ItemIndex(original, as.mergeKey);
  for (const item of patch) {
    const place = index.placeOf(item);
    const there = merged[place];
    if (isJsonObject(there) && isJsonObject(item))
      merged[place] = mergeMaps(mutable(there), mutable(item), as.item);
    else {
      merged.push(item);
      index.push(item);
    }
  }
  return merged;
}
