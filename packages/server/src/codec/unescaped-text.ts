import { isUtf8 } from "node:buffer";

/**
 * The text that a part of a URL stands for, whose escapes are all good ones.
 *
 * Any bytes may be escaped. One that belongs to no character becomes half of a surrogate pair that tells it (0xff is U+DCFF),
 * which no good text has: what quotes the text can show the byte, and what writes it as it is writes a replacement character.
 */
export function unescapedText(escaped: string): string {
  if (!escaped.includes("%")) return escaped;
  const latin = Buffer.from(escaped).toString("latin1");
  const bytes = latin.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return textOf(Buffer.from(bytes, "latin1"));
}

function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  return bytes.toString("latin1").replaceAll(sequences, characterOf);
}

/** What may be a character of two, three or four bytes, or else a byte. */
const sequences = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[^]/g;

/** A character from its bytes; where they make none, each for itself. */
function characterOf(part: string): string {
  const bytes = Buffer.from(part, "latin1");
  if (isUtf8(bytes)) return bytes.toString();
  return [...bytes].map((byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join("");
}
