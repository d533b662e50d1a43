import type { JsonValue } from "@leasehold/api";
import { isJsonList } from "../managed-fields/go-text.ts";
import { isJsonObject, own } from "../managed-fields/json-value.ts";
import { badFormat } from "./strategic-problem.ts";

/** A map that a merge changes in place. */
export type MutableMap = Record<string, JsonValue>;

/** `$patch` in a map or in an item of a list: what to do with it instead of merging it. */
export const patchDirective = "$patch";
const retainKeys = "$retainKeys";
const deleteFromPrimitiveList = "$deleteFromPrimitiveList";
const setElementOrder = "$setElementOrder";

/** Whether a key is `$setElementOrder/…`, or would be one if it named a list. */
export function isOrder(key: string): boolean {
  return key.startsWith(setElementOrder);
}

/** The list that a directive like `$setElementOrder/finalizers` is about; undefined when the key is no such directive. */
export function listOfDirective(key: string, directive: "delete" | "order"): string | undefined {
  const prefix = directive === "delete" ? deleteFromPrimitiveList : setElementOrder;
  if (!key.startsWith(prefix)) return undefined;
  if (key.startsWith(`${prefix}/`)) return key.slice(prefix.length + 1);
  throw badFormat(directive === "delete" ? "primitive list" : "setElementOrder list");
}

/** `$retainKeys` lists what stays: everything else goes from the original, and the patch may set nothing else. */
export function applyRetainKeys(original: MutableMap, patch: MutableMap): void {
  const kept = own(patch, retainKeys);
  if (kept === undefined) return;
  delete patch[retainKeys];
  if (!isJsonList(kept)) throw badFormat("retainKeys");
  const keys = new Set(kept);
  for (const [key, value] of Object.entries(patch)) {
    const exempt =
      value === null || key.startsWith(deleteFromPrimitiveList) || key.startsWith(setElementOrder);
    if (!exempt && !keys.has(key)) throw badFormat("retainKeys");
  }
  for (const key of Object.keys(original)) if (!keys.has(key)) delete original[key];
}

/** Takes nulls out of what a patch adds: there is nothing that they could remove. */
export function discardNulls(value: JsonValue): void {
  const rest = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (isJsonList(next)) for (const item of next) rest.push(item);
    else if (isJsonObject(next)) {
      const map = mutable(next);
      for (const [key, item] of Object.entries(map)) {
        if (item === null) delete map[key];
        else rest.push(item);
      }
    }
  }
}

/**
 * A value that a patch adds, without the maps in it that hold a directive; undefined when it is such a map itself.
 * Maps are changed in place and lists are not: what is left of the patch shows it.
 */
export function withoutDirectives(value: JsonValue): JsonValue | undefined {
  if (hasDirective(value)) return undefined;
  const top = cleanCopy(value);
  const rest = [top];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (isJsonList(next)) {
      const items = next as JsonValue[];
      for (const [i, item] of items.entries()) rest.push((items[i] = cleanCopy(item)));
    } else if (isJsonObject(next)) {
      const map = mutable(next);
      for (const [key, item] of Object.entries(map)) {
        if (hasDirective(item)) delete map[key];
        else rest.push((map[key] = cleanCopy(item)));
      }
    }
  }
  return top;
}

/** A list without its maps that hold a directive; anything else is itself. */
function cleanCopy(value: JsonValue): JsonValue {
  return isJsonList(value) ? value.filter((item) => !hasDirective(item)) : value;
}

export function hasDirective(value: JsonValue): boolean {
  return isJsonObject(value) && own(value, patchDirective) !== undefined;
}

/** The patch and the copy of the original belong to the merge, which changes both. */
export function mutable(value: object): MutableMap {
  return value as MutableMap;
}
