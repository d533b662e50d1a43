/**
 * UTF-8 as Go reads it. A byte that belongs to no character becomes one U+FFFD; the platform's decoder may make a single
 * one of several such bytes, so it is only asked where the bytes are known to be good.
 *
 * Go's strings may hold such bytes, too, and keep them. In ours each is half of a surrogate pair that tells it (0xff is U+DCFF),
 * which no good text has: what quotes the text can show the byte, JSON writes a replacement character, and protobuf the byte.
 */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of good UTF-8, or undefined. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text of any bytes. */
export function goText(bytes: Uint8Array): string {
  return textOf(bytes) ?? repairedText(bytes, () => "\ufffd");
}

/** The text of any bytes, from which `exactBytes` makes the same bytes again. */
export function exactText(bytes: Uint8Array): string {
  return textOf(bytes) ?? repairedText(bytes, (byte) => String.fromCharCode(strayBytes + byte));
}

/** UTF-8, and the bytes that were none. */
export function exactBytes(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const parts = Array.from(text, (character) => {
    const byte = character.charCodeAt(0) - strayBytes;
    return byte >= 0x80 && byte <= 0xff ? [byte] : [...encoder.encode(character)];
  });
  return Uint8Array.from(parts.flat());
}

/** What is added to a byte, of 0x80 at least, that belongs to no character. */
const strayBytes = 0xdc00;
const encoder = new TextEncoder();

function repairedText(bytes: Uint8Array, strayText: (byte: number) => string): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    const character = length === 0 ? undefined : textOf(bytes.subarray(at, at + length));
    text += character ?? strayText(bytes[at] ?? 0);
    at += Math.max(length, 1);
  }
  return text;
}

/** How many bytes the character at `at` takes; 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  return at + length <= bytes.length && textOf(bytes.subarray(at, at + length)) !== undefined ? length : 0;
}
