/**
 * JSON text with an index of where its objects and arrays end, so that one level can be read without reading what is
 * inside it: however deep a body nests, all of it is walked through once. The text is known to be JSON.
 */
export class JsonSource {
  readonly text: string;
  /** Where objects and arrays begin, in order, and where each ends. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(text: string) {
    this.text = text;
    const open: number[] = [];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quotationMark) at = stringEnd(text, at) - 1;
      else if (code === 0x7b || code === 0x5b) {
        open.push(this.#starts.length);
        this.#starts.push(at);
        this.#ends.push(text.length);
      } else if (code === 0x7d || code === 0x5d) this.#ends[open.pop() ?? 0] = at + 1;
    }
  }

  /** The whole text's value. */
  get all(): Span {
    return this.#valueAt(0);
  }

  /** Whether anything inside the value is an object or array. */
  holdsContainers({ start, end }: Span): boolean {
    const next = this.#starts[this.#indexOf(start + 1)];
    return next !== undefined && next < end;
  }

  /** The members of the object at `span`; the same key may come twice. */
  members({ start }: Span): readonly (readonly [string, Span])[] {
    const { text } = this;
    const members: (readonly [string, Span])[] = [];
    let at = skipSpace(text, start + 1);
    while (text.charCodeAt(at) !== 0x7d) {
      const keyEnd = stringEnd(text, at);
      const key = keyAt(text, at, keyEnd);
      const value = this.#valueAt(skipSpace(text, keyEnd) + 1);
      members.push([key, value]);
      at = this.#next(value);
    }
    return members;
  }

  items({ start }: Span): readonly Span[] {
    const items: Span[] = [];
    let at = skipSpace(this.text, start + 1);
    while (this.text.charCodeAt(at) !== 0x5d) {
      const value = this.#valueAt(at);
      items.push(value);
      at = this.#next(value);
    }
    return items;
  }

  #valueAt(from: number): Span {
    const start = skipSpace(this.text, from);
    return { start, end: this.#valueEnd(start) };
  }

  /** The next key or item, or the end of what contains the value. */
  #next({ end }: Span): number {
    const at = skipSpace(this.text, end);
    return this.text.charCodeAt(at) === 0x2c ? skipSpace(this.text, at + 1) : at;
  }

  #valueEnd(start: number): number {
    const { text } = this;
    const code = text.charCodeAt(start);
    if (code === quotationMark) return stringEnd(text, start);
    if (code === 0x7b || code === 0x5b) return this.#ends[this.#indexOf(start)] ?? text.length;
    let at = start;
    while (at < text.length && !isScalarEnd(text.charCodeAt(at))) at++;
    return at;
  }

  /** The first object or array that begins at `start` or behind it. */
  #indexOf(start: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** From the first character of a value to behind its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Without the space between tokens, and with the escapes of Go's encoder. */
export function compactJson(text: string): string {
  const compact = /\s/.test(text)
    ? text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (token) => (token.startsWith('"') ? token : ""))
    : text;
  return compact.replace(
    markup,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** What Go's encoder escapes wherever it stands. */
const markup = /[<>&\u2028\u2029]/g;

const quotationMark = 0x22;

function keyAt(text: string, start: number, end: number): string {
  const key = text.slice(start + 1, end - 1);
  return key.includes("\\") ? (JSON.parse(text.slice(start, end)) as string).toWellFormed() : key;
}

/** A comma, a closing bracket, or space. */
function isScalarEnd(code: number): boolean {
  return code === 0x2c || code === 0x5d || code === 0x7d || code <= 0x20;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x09 && code !== 0x0d) return at;
    at++;
  }
}

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === quotationMark) return at + 1;
    at += code === 0x5c ? 2 : 1;
  }
}
