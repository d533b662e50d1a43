/** A string as Go's encoder writes it: safe inside HTML, and without the two line separators of JavaScript. */
export function jsonString(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return `"${text.replace(escapes, (character) => escapeOf(character))}"`;
}

// oxlint-disable-next-line no-control-regex -- these are what must be escaped
const escapes = /[\0-\x1f"\\<>&\u2028\u2029]|\p{Surrogate}/gu;

/** Nearly every string there is; found out without looking at whole characters. */
const plain = /^[ !#-%'-;=?-[\]-~]*$/;

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', String.raw`\"`],
  ["\\", "\\\\"],
  ["\b", String.raw`\b`],
  ["\f", String.raw`\f`],
  ["\n", String.raw`\n`],
  ["\r", String.raw`\r`],
  ["\t", String.raw`\t`],
]);

function escapeOf(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  // Half of a surrogate pair is no character; Go writes the replacement for it.
  const written = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  return `\\u${written.toString(16).padStart(4, "0")}`;
}
