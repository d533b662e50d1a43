/**
 * Text in double quotes with Go's escapes, as `%q` prints it: kube-apiserver's texts quote names and values that way.
 *
 * Example: a name with a bell, `bad\aname`, becomes `"bad\aname"`; one with a no-break space becomes `"a\u00a0b"`.
 */
export function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const character of text) quoted += escaped(character);
  return `${quoted}"`;
}

/** What Go's `unicode.IsPrint` answers: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrintable(character: string): boolean {
  return printable.test(character);
}

/** A character as Go's `%#U` prints it: `U+0007`, or `U+0041 'A'` where it can be shown. */
export function codePointName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return isPrintable(character) ? `${name} '${character}'` : name;
}

/** Printable ASCII without the quote and the backslash: nearly every name there is. */
const plain = /^[ !#-[\]-~]*$/;

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

function escaped(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return short;
  if (!character.isWellFormed()) return escapedHalf(character.charCodeAt(0));
  if (isPrintable(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x1_0000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

/**
 * Half of a surrogate pair cannot be written in UTF-8: Go reads it as the replacement character. Some of them stand for a byte
 * that is no part of a character (U+DC80 to U+DCFF for 0x80 to 0xff), as read from an escaped URL.
 */
function escapedHalf(code: number): string {
  return code >= 0xdc80 && code <= 0xdcff ? `\\x${(code - 0xdc00).toString(16)}` : "\ufffd";
}
