import { quote, type JsonValue } from "@leasehold/api";

/** A decoded JSON value as Go's `%v` prints it: `map[a:1 b:[x y]]`, keys sorted. */
export function goPrint(value: JsonValue): string {
  if (value === null) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "number") return goNumber(value);
  if (isJsonList(value)) return `[${value.map(goPrint).join(" ")}]`;
  if (typeof value !== "object") return String(value);
  return `map[${sortedEntries(value)
    .map(([key, item]) => `${key}:${goPrint(item)}`)
    .join(" ")}]`;
}

/** A decoded JSON value as Go's `%#v` prints it: `map[string]interface {}{"a":1}`. */
export function goSyntax(value: JsonValue): string {
  if (value === null) return "interface {}(nil)";
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return goNumber(value);
  if (isJsonList(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (typeof value !== "object") return String(value);
  return `map[string]interface {}{${sortedEntries(value)
    .map(([key, item]) => `${quote(key)}:${goSyntax(item)}`)
    .join(", ")}}`;
}

/** The Go type that JSON decodes a value into, as `%T` prints it. */
export function goType(value: JsonValue): string {
  if (value === null) return "<nil>";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int64";
  if (typeof value === "number") return Number.isSafeInteger(value) ? "int64" : "float64";
  return isJsonList(value) ? "[]interface {}" : "map[string]interface {}";
}

/** Whether a JSON value is a list: `Array.isArray` does not narrow readonly arrays. */
export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Byte order of the UTF-8 forms, in which Go sorts. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    // Surrogates stand for code points above every other unit, but below some of them in UTF-16's own order.
    if (left !== right) return isSurrogate(left) === isSurrogate(right) ? left - right : isSurrogate(left) ? 1 : -1;
  }
  return a.length - b.length;
}

function sortedEntries(value: Readonly<Record<string, JsonValue | undefined>>): [string, JsonValue][] {
  const entries: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(value)) if (item !== undefined) entries.push([key, item]);
  return entries.toSorted(([a], [b]) => compareText(a, b));
}

/** Go switches to exponents below 1e-4 and from 1e21, and writes at least two digits of exponent. */
function goNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const size = Math.abs(value);
  const text = size !== 0 && size < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
