import { membersOf } from "./protobuf-schema.ts";
import { isObject } from "./match.ts";

type Message = Readonly<Record<string, unknown>>;

/** The four bytes before every object of Kubernetes in protobuf. */
const magic = Buffer.from("k8s\0");

/** An object behind its envelope, told as JSON would tell it; zeros and empty texts that were written are kept. */
export function decodeUnknown(bytes: Uint8Array): Message {
  if (!Buffer.from(bytes.subarray(0, 4)).equals(magic)) throw new Error("no k8s\\0 before the envelope");
  const { typeMeta, raw } = decodeMessage("Unknown", bytes.subarray(4));
  if (!isObject(typeMeta) || typeof typeMeta["kind"] !== "string")
    throw new Error("an envelope without a kind");
  const object = raw instanceof Uint8Array ? decodeMessage(typeMeta["kind"], raw) : {};
  return { ...typeMeta, ...object };
}

/** The bytes of an object, envelope included; its apiVersion and kind go there. */
export function encodeUnknown({
  apiVersion,
  kind,
  ...object
}: Message & { readonly kind: string }): Uint8Array {
  const envelope = { typeMeta: { apiVersion, kind }, raw: encodeMessage(kind, object) };
  return Buffer.concat([magic, encodeMessage("Unknown", envelope)]);
}

export function decodeMessage(name: string, bytes: Uint8Array): Message {
  const members = membersOf(name);
  const message: Record<string, unknown> = {};
  for (let at = 0; at < bytes.length;) {
    const [tag, afterTag] = readVarint(bytes, at);
    const [number, wireType] = [Number(tag >> 3n), Number(tag & 7n)];
    const [member, type, form] = members[number] ?? [`#${number}`, "bytes"];
    const [value, next] = readValue(bytes, afterTag, wireType);
    at = next;
    if (form === "map") {
      message[member] = { ...asMessage(message[member]), ...decodePair(value) };
    } else if (form === "list") {
      const items = message[member];
      message[member] = [
        ...(Array.isArray(items) ? (items as readonly unknown[]) : []),
        decodeValue(type, value),
      ];
    } else {
      message[member] = decodeValue(type, value);
    }
  }
  return message;
}

function decodeValue(type: string, value: bigint | Uint8Array): unknown {
  if (typeof value === "bigint") {
    return type === "bool" ? value === 1n : Number(BigInt.asIntN(64, value));
  }
  if (type === "string") return new TextDecoder("utf-8", { fatal: true }).decode(value);
  return type === "bytes" ? value : decodeMessage(type, value);
}

function decodePair(value: bigint | Uint8Array): Message {
  if (typeof value === "bigint") throw new Error("a pair of a map is a message");
  const pair = new Map<bigint, string>();
  for (let at = 0; at < value.length;) {
    const [tag, afterTag] = readVarint(value, at);
    const [text, next] = readValue(value, afterTag, Number(tag & 7n));
    at = next;
    pair.set(tag >> 3n, String(decodeValue("string", text)));
  }
  return { [pair.get(1n) ?? ""]: pair.get(2n) ?? "" };
}

function readValue(bytes: Uint8Array, at: number, wireType: number): readonly [bigint | Uint8Array, number] {
  if (wireType === 0) return readVarint(bytes, at);
  if (wireType !== 2) throw new Error(`the wire type ${wireType} is not used here`);
  const [length, start] = readVarint(bytes, at);
  const end = start + Number(length);
  if (end > bytes.length) throw new Error("a value ends after its message");
  return [bytes.subarray(start, end), end];
}

function readVarint(bytes: Uint8Array, at: number): readonly [bigint, number] {
  let value = 0n;
  for (let index = at, shift = 0n; ; index++, shift += 7n) {
    const byte = bytes[index];
    if (byte === undefined) throw new Error("a number has no end");
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, index + 1];
  }
}

export function encodeMessage(name: string, message: Message): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const [number, [member, type, form]] of Object.entries(membersOf(name))) {
    const value = message[member];
    if (value === undefined) continue;
    const values = form === "list" && Array.isArray(value) ? (value as readonly unknown[]) : [value];
    const pairs = form === "map" ? Object.entries(asMessage(value)) : [];
    for (const pair of pairs) pieces.push(tagged(Number(number), encodePair(pair)));
    if (form !== "map") for (const one of values) pieces.push(tagged(Number(number), encodeValue(type, one)));
  }
  return Buffer.concat(pieces);
}

function encodeValue(type: string, value: unknown): bigint | Uint8Array {
  if (typeof value === "number") return BigInt.asUintN(64, BigInt(value));
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "string") return Buffer.from(value);
  if (value instanceof Uint8Array) return value;
  return encodeMessage(type, asMessage(value));
}

function encodePair([key, value]: readonly [string, unknown]): Uint8Array {
  return Buffer.concat([tagged(1, Buffer.from(key)), tagged(2, Buffer.from(String(value)))]);
}

function tagged(number: number, value: bigint | Uint8Array): Uint8Array {
  const key = BigInt(number) << 3n;
  if (typeof value === "bigint") return Buffer.concat([varint(key), varint(value)]);
  return Buffer.concat([varint(key | 2n), varint(BigInt(value.length)), value]);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return Uint8Array.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}

function asMessage(value: unknown): Message {
  return isObject(value) ? value : {};
}
