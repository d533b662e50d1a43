import { exactBytes } from "../json/go-text.ts";

/**
 * Writes protobuf from the end to the beginning, as kube-apiserver's generated code does: the size of a nested message is
 * known once it is written, so nothing is measured or copied twice.
 *
 * By hand and not with a general writer because such a writer encodes each string through the platform's encoder, which for the
 * short names of an object costs several times as much as copying their characters.
 */
export class WireWriter {
  #bytes = new Uint8Array(4096);
  /** Where what is written begins. */
  #at = 4096;

  /** How many bytes are written. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** A copy of what is written; the writer is empty then. */
  take(): Uint8Array {
    const written = this.#bytes.slice(this.#at);
    this.#at = this.#bytes.length;
    return written;
  }

  /** Writes the tag of a field, whose value stands behind it already. */
  tag(number: number, wireType: 0 | 2): void {
    this.unsigned(number * 8 + wireType);
  }

  /** Writes size and tag of a field whose value was written since the length was `before`. */
  close(number: number, before: number): void {
    this.unsigned(this.length - before);
    this.tag(number, 2);
  }

  unsigned(value: number): void {
    if (value < 0x80) {
      this.#reserve(1);
      this.#bytes[--this.#at] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
    this.#reserve(size);
    this.#at -= size;
    let rest = value;
    for (let index = 0; index < size; index++) {
      this.#bytes[this.#at + index] = (rest % 0x80) | (index < size - 1 ? 0x80 : 0);
      rest = Math.floor(rest / 0x80);
    }
  }

  /** An int32 or int64: negative ones take ten bytes. */
  integer(value: number | bigint): void {
    if (typeof value === "number" && value >= 0) this.unsigned(value);
    else this.#unsigned64(BigInt.asUintN(64, BigInt(value)));
  }

  text(text: string): void {
    const { length } = text;
    // Up to three bytes for each unit of UTF-16.
    this.#reserve(length * 3);
    const start = this.#at - length;
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) {
        this.raw(exactBytes(text));
        return;
      }
      this.#bytes[start + index] = unit;
    }
    this.#at = start;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#at -= bytes.length;
    this.#bytes.set(bytes, this.#at);
  }

  #unsigned64(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    do {
      bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
      rest >>= 7n;
    } while (rest > 0n);
    this.raw(Uint8Array.from(bytes));
  }

  #reserve(size: number): void {
    if (this.#at >= size) return;
    const written = this.length;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, written + size));
    grown.set(this.#bytes.subarray(this.#at), grown.length - written);
    this.#bytes = grown;
    this.#at = grown.length - written;
  }
}
