import type { JsonValue } from "@leasehold/api";
import { compareText, isJsonList } from "../managed-fields/go-text.ts";
import { entriesOf } from "../managed-fields/json-value.ts";

/** A value as Go's encoder writes what it has decoded: keys sorted, and what HTML would take for markup escaped. */
export function goJson(value: JsonValue): string {
  if (typeof value === "string") return goJsonString(value);
  if (value === null || typeof value !== "object") return String(value);
  if (isJsonList(value)) return `[${value.map(goJson).join(",")}]`;
  const members = entriesOf(value).toSorted(([a], [b]) => compareText(a, b));
  return `{${members.map(([key, item]) => `${goJsonString(key)}:${goJson(item)}`).join(",")}}`;
}

export function goJsonString(text: string): string {
  return escapeMarkup(JSON.stringify(text));
}

/** JSON text with `<`, `>`, `&` and the two line separators that JavaScript once stumbled over as escapes. */
export function escapeMarkup(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
