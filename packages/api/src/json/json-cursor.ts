import { goText, textOf } from "./go-text.ts";
import { jsonDepthMax } from "./syntax-error.ts";

/**
 * Thrown inside the decoders where the bytes are not JSON, and caught there: what is wrong is then found out by
 * `jsonSyntaxError`, so that the path that nearly every body takes carries no words.
 */
export class NotJson extends Error {}

/**
 * A place in JSON text, and the steps over its tokens.
 *
 * It walks bytes, which costs a third of walking a string, and cuts strings out of the body's text, which costs a fifth of
 * decoding each. The two have the same places when every character is one byte; else each string is decoded by itself.
 */
export class JsonCursor {
  at = 0;
  /** How many objects and arrays are open. */
  depth = 0;
  /** Where the bytes of the last key are, without its quotation marks, and whether they are its characters. */
  keyStart = 0;
  keyEnd = 0;
  keyIsPlain = true;
  readonly bytes: Uint8Array;
  readonly #text: string | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const text = textOf(bytes);
    this.#text = text !== undefined && text.length === bytes.length ? text : undefined;
  }

  /** Steps over spaces; the byte that follows, or -1 at the end. */
  peek(): number {
    const bytes = this.bytes;
    let at = this.at;
    let byte = bytes[at] ?? -1;
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at] ?? -1;
    this.at = at;
    return byte;
  }

  enter(): void {
    this.at++;
    if (++this.depth > jsonDepthMax) fail();
  }

  leave(): void {
    this.at++;
    this.depth--;
  }

  /** After a value in an object or array: whether another follows. Steps over the comma, but not over `close`. */
  hasNext(close: number): boolean {
    const byte = this.peek();
    if (byte === close) return false;
    if (byte !== 0x2c) fail();
    this.at++;
    return true;
  }

  /** Steps over a key and its colon. */
  key(): void {
    this.peek();
    this.keyStart = this.at + 1;
    this.keyIsPlain = this.skipString();
    this.keyEnd = this.at - 1;
    if (this.peek() !== 0x3a) fail();
    this.at++;
  }

  keyText(): string {
    return this.#cut(this.keyStart, { end: this.keyEnd, plain: this.keyIsPlain });
  }

  /** Steps over a string whose opening quotation mark is next. True when it holds neither escapes nor bytes above 0x7f. */
  skipString(): boolean {
    if (this.bytes[this.at] !== 0x22) fail();
    const bytes = this.bytes;
    let at = this.at + 1;
    let plain = true;
    for (;;) {
      const byte = bytes[at] ?? -1;
      if (byte === 0x22) break;
      if (byte < 0x20) fail();
      if (byte === 0x5c) {
        at = this.#escapeEnd(at);
        plain = false;
      } else {
        if (byte > 0x7f) plain = false;
        at++;
      }
    }
    this.at = at + 1;
    return plain;
  }

  string(): string {
    const start = this.at + 1;
    const plain = this.skipString();
    return this.#cut(start, { end: this.at - 1, plain });
  }

  /** Steps over a number; true when it is an integer. */
  skipNumber(): boolean {
    const { bytes } = this;
    let at = this.at;
    if (bytes[at] === 0x2d) at++;
    if (bytes[at] === 0x30) at++;
    else at = digitsEnd(bytes, at);
    let integer = true;
    if (bytes[at] === 0x2e) {
      integer = false;
      at = digitsEnd(bytes, at + 1);
    }
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      integer = false;
      const sign = bytes[at + 1];
      at = digitsEnd(bytes, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
    }
    this.at = at;
    return integer;
  }

  word(word: "true" | "false" | "null"): void {
    for (let index = 0; index < word.length; index++)
      if (this.bytes[this.at + index] !== word.charCodeAt(index)) fail();
    this.at += word.length;
  }

  /** The bytes from `start` to here, which hold only ASCII. */
  asciiSince(start: number): string {
    return this.#text?.substring(start, this.at) ?? goText(this.bytes.subarray(start, this.at));
  }

  /** Steps over any value. Depth is bounded, so this keeps a list and not the stack. */
  skipValue(): void {
    const closers: number[] = [];
    for (;;) {
      if (this.#skipScalarOrEnter(closers)) continue;
      for (;;) {
        const close = closers.at(-1);
        if (close === undefined) return;
        if (this.hasNext(close)) {
          if (close === 0x7d) this.key();
          break;
        }
        closers.pop();
        this.leave();
      }
    }
  }

  end(): void {
    if (this.peek() !== -1) fail();
  }

  /** True when it entered an object or array that is not empty: its first value is next. */
  #skipScalarOrEnter(closers: number[]): boolean {
    const byte = this.peek();
    if (byte !== 0x7b && byte !== 0x5b) {
      this.skipScalar(byte);
      return false;
    }
    this.enter();
    const close = byte + 2;
    if (this.peek() === close) {
      this.leave();
      return false;
    }
    closers.push(close);
    if (close === 0x7d) this.key();
    return true;
  }

  skipScalar(byte: number): void {
    if (byte === 0x22) this.skipString();
    else if (byte === 0x74) this.word("true");
    else if (byte === 0x66) this.word("false");
    else if (byte === 0x6e) this.word("null");
    else this.skipNumber();
  }

  #cut(start: number, { end, plain }: { readonly end: number; readonly plain: boolean }): string {
    const text = this.#text?.substring(start, end) ?? goText(this.bytes.subarray(start, end));
    return plain ? text : unescaped(text);
  }

  #escapeEnd(at: number): number {
    const byte = this.bytes[at + 1] ?? -1;
    if (byte !== 0x75) {
      if (!singleEscapes.has(byte)) fail();
      return at + 2;
    }
    for (let index = at + 2; index < at + 6; index++) if (!isHex(this.bytes[index] ?? -1)) fail();
    return at + 6;
  }
}

const notJson = new NotJson();

export function fail(): never {
  throw notJson;
}

const singleEscapes: ReadonlySet<number> = new Set(
  Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)),
);

const escapedCharacters: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Halves of surrogate pairs that stay alone become U+FFFD. */
function unescaped(text: string): string {
  let from = 0;
  let plain = "";
  let hasCode = false;
  for (let at = text.indexOf("\\"); at !== -1; at = text.indexOf("\\", from)) {
    const letter = text.charAt(at + 1);
    const isCode = letter === "u";
    plain += text.substring(from, at);
    plain += isCode ? characterOf(text.substring(at + 2, at + 6)) : (escapedCharacters.get(letter) ?? letter);
    from = at + (isCode ? 6 : 2);
    hasCode ||= isCode;
  }
  plain += text.substring(from);
  return hasCode ? plain.toWellFormed() : plain;
}

function characterOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at++;
  if (at === start) fail();
  return at;
}
