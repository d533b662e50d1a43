import type { JsonObject, JsonValue, MessageTable } from "@leasehold/api";
import { goType, isJsonList } from "../managed-fields/go-text.ts";
import { isJsonObject, own, setOwn } from "../managed-fields/json-value.ts";
import type { PatchRefusal } from "./outcome.ts";
import {
  applyRetainKeys,
  discardNulls,
  isOrder,
  listOfDirective,
  mutable,
  patchDirective,
  withoutDirectives,
  type MutableMap,
} from "./strategic-directives.ts";
import { deleteItems, mergeLists } from "./strategic-list.ts";
import { checkOrder, inOrder, itemTypeOf } from "./strategic-order.ts";
import { badPatchType, badType, StrategicProblem } from "./strategic-problem.ts";
import { listPatchOf, mapTypeOf, type PatchType } from "./strategic-type.ts";

export type StrategicOutcome = { readonly kind: "patched"; readonly value: JsonObject } | PatchRefusal;

/**
 * Applies a strategic merge patch: a merge patch that merges lists where the table says by what, and takes directives.
 *
 * Both values are changed on the way and belong to the merge. What is left of the patch afterwards is what
 * kube-apiserver quotes when the result does not fit its type.
 */
export function applyStrategicMergePatch(
  table: MessageTable,
  values: { readonly original: JsonObject; readonly patch: JsonObject },
): StrategicOutcome {
  try {
    const value = mergeMaps(mutable(values.original), mutable(values.patch), {
      kind: "message",
      table,
      root: true,
    });
    return { kind: "patched", value };
  } catch (error) {
    if (error instanceof StrategicProblem) return error.refusal;
    throw error;
  }
}

function mergeMaps(original: MutableMap, patch: MutableMap, type: PatchType): MutableMap {
  const directive = own(patch, patchDirective);
  if (directive === "delete") return {};
  if (directive === "replace") {
    delete patch[patchDirective];
    return patch;
  }
  if (directive !== undefined) throw badPatchType(directive, patch);
  applyRetainKeys(original, patch);
  for (const [key, order] of Object.entries(patch)) {
    if (isOrder(key)) mergeOrdered({ original, patch, type }, key, order);
  }
  for (const [key, value] of Object.entries(patch)) mergeMember({ original, patch, type }, key, value);
  return original;
}

interface Merge {
  readonly original: MutableMap;
  readonly patch: MutableMap;
  readonly type: PatchType;
}

function mergeMember({ original, type }: Merge, key: string, value: JsonValue): void {
  const deletedFrom = listOfDirective(key, "delete");
  const name = deletedFrom ?? key;
  const there = own(original, name);
  if (value === null) delete original[name];
  else if (there === undefined || goType(there) !== goType(value)) {
    if (deletedFrom === undefined) take(original, name, value);
  } else if (isJsonList(there) && isJsonList(value)) {
    const how = { as: listPatchOf(type, name), mergeMaps };
    const change = deletedFrom === undefined ? mergeLists : deleteItems;
    setOwn(original, name, change(there, value, how));
  } else if (isJsonObject(there) && isJsonObject(value)) {
    setOwn(original, name, mergeMaps(mutable(there), mutable(value), mapTypeOf(type, name)));
  } else {
    setOwn(original, name, value);
  }
}

/** Sets what the original lacks, or has as something else. */
function take(original: MutableMap, name: string, value: JsonValue): void {
  discardNulls(value);
  const taken = withoutDirectives(value);
  if (taken === undefined) delete original[name];
  else setOwn(original, name, taken);
}

/** A list that the patch gives an order to is merged and put in order at once. */
function mergeOrdered({ original, patch, type }: Merge, key: string, order: JsonValue): void {
  delete patch[key];
  const wanted = listOr(order);
  const list = listOfDirective(key, "order") ?? key;
  const there = own(original, list);
  const given = own(patch, list);
  const from = there === undefined ? [] : listOr(there);
  const to = given === undefined ? [] : listOr(given);
  const as = listPatchOf(type, list);
  checkOrder(to, wanted, as.mergeKey);
  if (there === undefined && given === undefined) return;
  const merged = mergeForOrder({ there, given, from, to }, as);
  itemTypeOf(from, to);
  setOwn(original, list, inOrder(merged, { patch: wanted, original: from, mergeKey: as.mergeKey }));
  delete patch[list];
}

interface OrderedLists {
  readonly there: JsonValue | undefined;
  readonly given: JsonValue | undefined;
  readonly from: readonly JsonValue[];
  readonly to: readonly JsonValue[];
}

function mergeForOrder(
  { there, given, from, to }: OrderedLists,
  as: ReturnType<typeof listPatchOf>,
): readonly JsonValue[] {
  if (given === undefined) return from;
  if (there !== undefined) return mergeLists(from, to, { as, mergeMaps });
  const added = withoutDirectives([...to]);
  return isJsonList(added) ? added : [];
}

function listOr(value: JsonValue): readonly JsonValue[] {
  if (isJsonList(value)) return value;
  throw badType("[]interface {}", value);
}
