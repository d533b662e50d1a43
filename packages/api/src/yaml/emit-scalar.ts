import { resolveScalar } from "./resolve-scalar.ts";

/** Lines are folded at the first space beyond this column. */
const widthMax = 80;

/** Longer keys are written behind a question mark. */
const simpleKeyBytesMax = 128;

/** Where a scalar stands. */
export interface ScalarPlace {
  /** How far its further lines are indented. */
  readonly indent: number;
  /** How much of the first line is written already. */
  readonly column: number;
  /** A key stands on one line. */
  readonly isKey: boolean;
}

export function scalarText(value: string | number | bigint | boolean | null, place: ScalarPlace): string {
  switch (typeof value) {
    case "string":
      return stringText(value, place);
    case "number":
      return floatText(value);
    default:
      return String(value);
  }
}

/** Whether a key can stand before a colon on its own line. */
export function isSimpleKey(key: string): boolean {
  return !breaks.test(key) && new TextEncoder().encode(key).length <= simpleKeyBytesMax;
}

const breaks = /[\n\r\u0085\u2028\u2029]/;

function stringText(text: string, place: ScalarPlace): string {
  if (text.includes("\n") && !place.isKey && canBeLiteral(text)) return literalText(text, place.indent);
  const kind = resolveScalar(text).kind;
  const isText = (kind === "string" || kind === "merge") && !looksSexagesimal.test(text);
  if (!isText || !isPrintable(text) || breaks.test(text)) return doubleQuoted(text, place);
  if (canBePlain(text)) return folded(text, place);
  return `'${folded(text.replaceAll("'", "''"), { ...place, column: place.column + 1 })}'`;
}

/** Numbers to the base of 60: strings here, but not for older readers. */
const looksSexagesimal = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;

/** What is written without escapes: no control characters, no tab, nothing beyond 16 bits. */
function isPrintable(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- these are what must be escaped
  return /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text);
}

function canBePlain(text: string): boolean {
  if (text === "" || text.startsWith(" ") || text.endsWith(" ")) return false;
  if (/^(?:---|\.\.\.)/.test(text) || /^[#,[\]{}&*!|>'"%@`]/.test(text)) return false;
  return !/^[-?](?:\s|$)|:(?:\s|$)|\s#/.test(text);
}

function canBeLiteral(text: string): boolean {
  return isPrintable(text) && !/ \n| $|[\r\u0085\u2028\u2029]/.test(text);
}

function literalText(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? "2" : "";
  const chomp = text.endsWith("\n") ? (text.endsWith("\n\n") || text === "\n" ? "+" : "") : "-";
  const lines = text.replace(/\n$/, "").split("\n");
  const body = lines.map((line) => (line === "" ? "" : " ".repeat(indent) + line)).join("\n");
  return `|${hint}${chomp}\n${body}`;
}

/** Breaks a line at a space, where one stands alone and the line is long enough. */
function folded(text: string, { indent, column, isKey }: ScalarPlace): string {
  if (isKey || column + text.length <= widthMax) return text;
  let out = "";
  let at = column;
  const characters = Array.from(text);
  for (const [index, character] of characters.entries()) {
    const isFold = character === " " && at > widthMax && index > 0 && index < characters.length - 1;
    if (isFold && characters[index - 1] !== " " && characters[index + 1] !== " ") {
      out += `\n${" ".repeat(indent)}`;
      at = indent;
    } else {
      out += character;
      at++;
    }
  }
  return out;
}

function doubleQuoted(text: string, { indent, column, isKey }: ScalarPlace): string {
  let out = '"';
  let at = column + 1;
  const characters = Array.from(text);
  for (const [index, character] of characters.entries()) {
    const isFold = character === " " && !isKey && at > widthMax && index > 0 && index < characters.length - 1;
    if (isFold && characters[index - 1] !== " ") {
      out += `\n${" ".repeat(indent)}${characters[index + 1] === " " ? "\\" : ""}`;
      at = indent;
    } else {
      const written = escaped(character);
      out += written;
      at += written.length;
    }
  }
  return `${out}"`;
}

function escaped(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return short;
  if (isPrintable(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ["\0", String.raw`\0`],
  ["\x07", String.raw`\a`],
  ["\b", String.raw`\b`],
  ["\t", String.raw`\t`],
  ["\n", String.raw`\n`],
  ["\v", String.raw`\v`],
  ["\f", String.raw`\f`],
  ["\r", String.raw`\r`],
  ["\x1b", String.raw`\e`],
  ['"', String.raw`\"`],
  ["\\", "\\\\"],
  ["\u0085", String.raw`\N`],
  ["\u2028", String.raw`\L`],
  ["\u2029", String.raw`\P`],
]);

/** A number as Go's %g writes it: whole up to 64 bits, else with an exponent from a million on, of two digits at least. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 64) return String(BigInt(value));
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
