import type { JsonObject, JsonValue } from "@leasehold/api";
import { isJsonList } from "./go-text.ts";

/**
 * A value at a place that may be empty: `undefined` is an absent field, `null` one that was sent as null. Merging and
 * comparing tell the two apart.
 */
export type MaybeValue = JsonValue | undefined;

export function isJsonObject(value: MaybeValue): value is JsonObject {
  return typeof value === "object" && value !== null && !isJsonList(value);
}

/** The fields that are there. */
export function entriesOf(value: JsonObject): readonly (readonly [string, JsonValue])[] {
  const entries: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(value)) if (item !== undefined) entries.push([key, item]);
  return entries;
}

export function isEmptyObject(value: JsonObject): boolean {
  for (const key in value) if (value[key] !== undefined) return false;
  return true;
}

/** Deep equality; an absent field and one that is undefined are the same, numbers are equal by their value. */
export function equalValues(a: MaybeValue, b: MaybeValue): boolean {
  if (a === b) return true;
  if (isJsonList(a))
    return isJsonList(b) && a.length === b.length && a.every((item, i) => equalValues(item, b[i]));
  if (isJsonObject(a)) return isJsonObject(b) && equalObjects(a, b);
  return typeof a === "bigint" || typeof b === "bigint" ? equalNumbers(a, b) : false;
}

/** A bigint and a number of the same value are one number. */
function equalNumbers(a: MaybeValue, b: MaybeValue): boolean {
  const isNumber = (value: MaybeValue): value is number | bigint =>
    typeof value === "number" || typeof value === "bigint";
  return isNumber(a) && isNumber(b) && !(a < b) && !(a > b);
}

function equalObjects(a: JsonObject, b: JsonObject): boolean {
  let surplus = 0;
  for (const key in a) {
    const left = a[key];
    const right = b[key];
    if (left !== right && !equalValues(left, right)) return false;
    if (left !== undefined) surplus++;
  }
  for (const key in b) if (b[key] !== undefined) surplus--;
  return surplus === 0;
}

/** A member that the object has itself: a key that came from outside may be the name of something inherited. */
export function own(object: JsonObject, key: string): MaybeValue {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a member whose key came from outside: `__proto__` becomes a member like any other. */
export function setOwn(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[key] = value;
  }
}
