import { exactText } from "../json/go-text.ts";

/** What is wrong with a message, in the words of the code that generates kube-apiserver's decoders. */
export class ProtobufError extends Error {}

const unexpectedEof = "unexpected EOF";
const overflow = "proto: integer overflow";
const negativeLength = "proto: negative length found during unmarshaling";

/** A place in protobuf bytes, and the steps over their parts. */
export class WireReader {
  at: number;
  /** Where the message that is being read ends. */
  end: number;
  /** Of the last tag. */
  number = 0;
  wireType = 0;
  readonly #bytes: Uint8Array;
  /** One character for each byte, from which strings of ASCII are cut. */
  #characters: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.at = 0;
    this.end = bytes.length;
  }

  /** Reads the tag of the next field; false at the message's end. `message` is what the message is called in errors. */
  hasField(message: string): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    const isShort = typeof tag === "number" && tag <= 0x7fff_ffff;
    this.wireType = isShort ? tag & 7 : Number(BigInt(tag) & 7n);
    this.number = isShort ? tag >>> 3 : Number(BigInt.asIntN(32, BigInt(tag) >> 3n));
    if (this.wireType === 4) throw new ProtobufError(`proto: ${message}: wiretype end group for non-group`);
    if (this.number <= 0)
      throw new ProtobufError(`proto: ${message}: illegal tag ${this.number} (wire type ${String(tag)})`);
    return true;
  }

  /** Refuses a field whose value is not of the type that its tag must have. */
  expect(wireType: 0 | 2, field: string): void {
    if (this.wireType !== wireType)
      throw new ProtobufError(`proto: wrong wireType = ${this.wireType} for field ${field}`);
  }

  /** Reads what a length measures, as a message of its own. */
  nested(read: () => void): void {
    const end = this.lengthEnd();
    const outer = this.end;
    this.end = end;
    read();
    this.at = end;
    this.end = outer;
  }

  /** The next varint; a bigint where a number would not be exact. */
  varint(): number | bigint {
    const byte = this.#byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7, factor = 0x80; shift < 49; shift += 7, factor *= 0x80) {
      const next = this.#byte();
      value += (next & 0x7f) * factor;
      if (next < 0x80) return value;
    }
    let wide = BigInt(value);
    for (let shift = 49n; ; shift += 7n) {
      if (shift >= 64n) throw new ProtobufError(overflow);
      const next = this.#byte();
      wide |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return BigInt.asUintN(64, wide);
    }
  }

  int32(): number {
    const value = this.varint();
    if (typeof value === "number" && value <= 0x7fff_ffff) return value;
    return Number(BigInt.asIntN(32, BigInt(value)));
  }

  int64(): bigint {
    return BigInt.asIntN(64, BigInt(this.varint()));
  }

  /** Reads a length; what it measures ends at the place that this answers. */
  lengthEnd(): number {
    const length = this.#length();
    const end = this.at + length;
    if (end > this.end) throw new ProtobufError(unexpectedEof);
    return end;
  }

  text(): string {
    const end = this.lengthEnd();
    const start = this.at;
    this.at = end;
    for (let index = start; index < end; index++)
      if ((this.#bytes[index] ?? 0) > 0x7f) return exactText(this.#bytes.subarray(start, end));
    this.#characters ??= charactersOf(this.#bytes);
    return this.#characters.substring(start, end);
  }

  bytes(): Uint8Array {
    const end = this.lengthEnd();
    const bytes = this.#bytes.subarray(this.at, end);
    this.at = end;
    return bytes;
  }

  /** The number in the tag of a part of a map's entry; the rest of the tag is not looked at. */
  mapFieldNumber(): number {
    return Number(BigInt.asIntN(32, BigInt(this.varint()) >> 3n));
  }

  /** Steps over a field as `skipFrom` does; it may not reach beyond the end of what it is a part of. */
  skipWithin(...[start, end]: readonly [start: number, end: number]): void {
    this.skipFrom(start);
    if (this.at > end) throw new ProtobufError(unexpectedEof);
  }

  /** Steps over the field whose tag is at `start`; groups nest. */
  skipFrom(start: number): void {
    this.at = start;
    let depth = 0;
    do {
      if (this.at >= this.end) throw new ProtobufError(unexpectedEof);
      const wireType = Number(BigInt(this.varint()) & 7n);
      if (wireType === 3) depth++;
      else if (wireType === 4) {
        if (depth === 0) throw new ProtobufError("proto: unexpected end of group");
        depth--;
      } else this.#skipValue(wireType);
    } while (depth > 0);
    if (this.at > this.end) throw new ProtobufError(unexpectedEof);
  }

  #skipValue(wireType: number): void {
    switch (wireType) {
      case 0:
        this.varint();
        return;
      case 1:
        this.at += 8;
        return;
      case 5:
        this.at += 4;
        return;
      case 2:
        this.#skipLength();
        return;
      default:
        throw new ProtobufError(`proto: illegal wireType ${wireType}`);
    }
  }

  /** A length, refused where it or the place that it leads to has no positive 64-bit number. */
  #length(): number {
    const length = this.varint();
    if (typeof length === "bigint") {
      const isNegative = BigInt.asIntN(64, length) < 0n || BigInt.asIntN(64, length + BigInt(this.at)) < 0n;
      if (isNegative) throw new ProtobufError(negativeLength);
    }
    return Number(length);
  }

  #skipLength(): void {
    const length = this.#length();
    this.at += length;
  }

  #byte(): number {
    if (this.at >= this.end) throw new ProtobufError(unexpectedEof);
    return this.#bytes[this.at++] ?? 0;
  }
}

/** A character for each byte: the right one for ASCII, and any for the others. */
function charactersOf(bytes: Uint8Array): string {
  if (!("Buffer" in globalThis)) return latin1.decode(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** For browsers; Node's own is many times slower than its Buffer. */
const latin1 = new TextDecoder("latin1");
