import type { Presence } from "./schema.ts";

/** The canonical form of a value that was read: a zero is absent where JSON does not write it. */
export function canonicalValue(presence: Presence, value: unknown): unknown {
  return presence === "value" && isZero(value) ? undefined : value;
}

function isZero(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return isEmpty(value);
  return value === "" || value === 0 || value === false;
}

function isEmpty(value: object): boolean {
  for (const member of Object.values(value)) if (member !== undefined) return false;
  return true;
}
