import type { JsonValue } from "../schema.ts";
import { jsonString } from "./json-text.ts";

/** Any JSON value as Go writes a map: keys in the order of their bytes. */
export function encodeJsonValue(value: JsonValue): string {
  return write(value, { sorted: true });
}

/** As `encodeJsonValue`, with the keys as they stand: the bytes of a RawExtension or a field set are kept as they came. */
export function encodeJsonRaw(value: JsonValue): string {
  return write(value, { sorted: false });
}

/** Keys of a map in the order in which Go writes them: that of their UTF-8 bytes. */
export function sortedKeys(map: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(map);
  return keys.length < 2 ? keys : keys.toSorted(compareText);
}

/** Compares by code points, which is the order of UTF-8 bytes; JavaScript's own order differs beyond U+FFFF. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(left.charCodeAt(at)) - rank(right.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}

interface Style {
  readonly sorted: boolean;
}

function write(value: JsonValue, style: Style): string {
  switch (typeof value) {
    case "string":
      return jsonString(value);
    case "number":
      return numberText(value);
    case "boolean":
    case "bigint":
      return String(value);
    default:
      return value === null ? "null" : writeContainer(value, style);
  }
}

function writeContainer(value: Extract<JsonValue, object>, style: Style): string {
  if (isArray(value)) return `[${value.map((item) => write(item, style)).join(",")}]`;
  const keys = style.sorted ? sortedKeys(value) : Object.keys(value);
  let text = "";
  for (const key of keys) {
    const member = value[key];
    if (member !== undefined) text += `${text === "" ? "" : ","}${jsonString(key)}:${write(member, style)}`;
  }
  return `{${text}}`;
}

function isArray(value: Extract<JsonValue, object>): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A floating-point number: JavaScript and Go write them alike, but for the zero below zero. */
function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return String(value);
}
