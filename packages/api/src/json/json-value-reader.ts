import type { JsonValue } from "../schema.ts";
import { integerOf } from "./integer.ts";
import type { JsonCursor } from "./json-cursor.ts";
import { setOwn } from "./own-property.ts";
import type { StrictErrors } from "./strict-errors.ts";

/**
 * Reads any value: an integer becomes a bigint, any other number a number. Depth is bounded, so this keeps a list of what
 * is open and not the stack. With `strict` it notes keys that stand twice, of which the last one counts, and numbers that are out of range.
 */
export function readJsonValue(cursor: JsonCursor, strict?: StrictErrors): JsonValue {
  const open: Open[] = [];
  for (;;) {
    let value = beginValue(cursor, open, strict);
    if (value === undefined) {
      beginMember(cursor, open, strict);
      continue;
    }
    for (;;) {
      const container = open.at(-1);
      if (container === undefined) return value;
      store(container, value);
      strict?.leave();
      if (cursor.hasNext(container.close)) {
        beginMember(cursor, open, strict);
        break;
      }
      cursor.leave();
      open.pop();
      value = container.close === 0x5d ? container.array : container.object;
    }
  }
}

/** An object or array whose members are being read; `key` names the member. */
type Open =
  | { readonly close: 0x7d; readonly object: Record<string, JsonValue>; key: string }
  | { readonly close: 0x5d; readonly array: JsonValue[] };

/** The next value, or undefined when it is an object or array with members: the first of them is next. */
function beginValue(
  cursor: JsonCursor,
  open: Open[],
  strict: StrictErrors | undefined,
): JsonValue | undefined {
  const byte = cursor.peek();
  if (byte !== 0x7b && byte !== 0x5b) return readScalar(cursor, byte, strict);
  cursor.enter();
  if (cursor.peek() === byte + 2) {
    cursor.leave();
    return byte === 0x7b ? {} : [];
  }
  open.push(byte === 0x7b ? { close: 0x7d, object: {}, key: "" } : { close: 0x5d, array: [] });
  return undefined;
}

function beginMember(cursor: JsonCursor, open: readonly Open[], strict: StrictErrors | undefined): void {
  const container = open.at(-1);
  if (container === undefined) return;
  if (container.close === 0x5d) {
    strict?.enterIndex(container.array.length);
    return;
  }
  cursor.key();
  container.key = cursor.keyText();
  if (strict === undefined) return;
  if (Object.hasOwn(container.object, container.key)) strict.duplicate(container.key);
  strict.enterKey(container.key);
}

function store(container: Open, value: JsonValue): void {
  if (container.close === 0x5d) container.array.push(value);
  else setOwn(container.object, container.key, value);
}

function readScalar(cursor: JsonCursor, byte: number, strict: StrictErrors | undefined): JsonValue {
  switch (byte) {
    case 0x22:
      return cursor.string();
    case 0x74:
      cursor.word("true");
      return true;
    case 0x66:
      cursor.word("false");
      return false;
    case 0x6e:
      cursor.word("null");
      return null;
    default:
      return readNumber(cursor, strict);
  }
}

/** An integer beyond 64 bits is a floating-point number, as in Go. */
function readNumber(cursor: JsonCursor, strict: StrictErrors | undefined): number | bigint {
  const start = cursor.at;
  const integer = cursor.skipNumber();
  const text = cursor.asciiSince(start);
  const exact = integer ? integerOf(text, "int64") : undefined;
  if (exact !== undefined) return BigInt(exact);
  const value = Number(text);
  if (strict !== undefined && !Number.isFinite(value)) strict.outOfRange ??= text;
  return value;
}
