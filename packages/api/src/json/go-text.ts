/**
 * UTF-8 as Go reads it. A byte that belongs to no character becomes one U+FFFD; the platform's decoder may make a single
 * one of several such bytes, so it is only asked where the bytes are known to be good.
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
  return textOf(bytes) ?? repairedText(bytes);
}

function repairedText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    text += length === 0 ? "\ufffd" : (textOf(bytes.subarray(at, at + length)) ?? "\ufffd");
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
