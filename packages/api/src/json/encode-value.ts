import type { JsonObject, JsonValue } from "../schema.ts";
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

/** A container that is being written, and how far. */
type Open =
  | { readonly close: "]"; readonly items: readonly JsonValue[]; next: number }
  | { readonly close: "}"; readonly object: JsonObject; readonly keys: readonly string[]; next: number };

/** Values may nest as deep as bodies may, so this keeps a list and not the stack. */
function write(value: JsonValue, style: Style): string {
  const open: Open[] = [];
  let text = begin(value, open, style);
  for (let container = open.at(-1); container !== undefined; container = open.at(-1)) {
    const isFirst = container.next === 0;
    const member = nextMember(container);
    if (member === undefined) {
      text += container.close;
      open.pop();
    } else {
      const key = member.key === undefined ? "" : `${jsonString(member.key)}:`;
      text += (isFirst ? key : `,${key}`) + begin(member.value, open, style);
    }
  }
  return text;
}

/** The text of a scalar, or the start of a container, which is then open. */
function begin(value: JsonValue, open: Open[], style: Style): string {
  if (typeof value !== "object" || value === null) return scalarText(value);
  if (isArray(value)) {
    open.push({ close: "]", items: value, next: 0 });
    return "[";
  }
  const present = Object.keys(value).filter((key) => value[key] !== undefined);
  const keys = style.sorted && present.length > 1 ? present.toSorted(compareText) : present;
  open.push({ close: "}", object: value, keys, next: 0 });
  return "{";
}

function nextMember(open: Open): { readonly key?: string; readonly value: JsonValue } | undefined {
  const index = open.next++;
  if (open.close === "]") return index < open.items.length ? { value: open.items[index] ?? null } : undefined;
  const key = open.keys[index];
  return key === undefined ? undefined : { key, value: open.object[key] ?? null };
}

function isArray(value: Extract<JsonValue, object>): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Go and JavaScript write numbers alike, but for the zero below zero. */
function scalarText(value: Exclude<JsonValue, object> | null): string {
  if (typeof value === "string") return jsonString(value);
  return Object.is(value, -0) ? "-0" : String(value);
}
