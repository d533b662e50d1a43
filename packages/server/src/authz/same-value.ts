import { isDeepStrictEqual } from "node:util";

/** Whether two values are the same on the wire: what is undefined is absent, and the order of fields does not count. */
export function isSameValue(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(onWire(one), onWire(other));
}

function onWire(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
