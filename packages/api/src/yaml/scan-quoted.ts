import type { YamlSource } from "./yaml-source.ts";

/** Reads a scalar in quotation marks, of which the first is next. */
export function scanQuoted(source: YamlSource): string {
  const mark = source.take();
  let text = "";
  for (;;) {
    if (source.isDocumentMark("---") || source.isDocumentMark("..."))
      throw source.refusal("found unexpected document indicator");
    if (source.isEnd()) throw source.refusal("found unexpected end of stream");
    const word = scanWord(source, mark);
    text += word.text;
    if (source.peek() === mark) break;
    text += scanSpaces(source, word.endsInBreak);
  }
  source.skip();
  return text;
}

interface Word {
  readonly text: string;
  /** It ended in a backslash and a line break, which are nothing. */
  readonly endsInBreak: boolean;
}

function scanWord(source: YamlSource, mark: string): Word {
  let text = "";
  while (!source.isBlankOrEnd()) {
    const character = source.peek();
    if (character === mark) {
      if (mark === '"' || source.peek(1) !== mark) break;
      source.skip(2);
      text += mark;
    } else if (mark === '"' && character === "\\") {
      if (source.isBreak(1)) {
        source.skip();
        source.skipLine();
        return { text, endsInBreak: true };
      }
      text += scanEscape(source);
    } else text += source.take() + source.takeRun(quotedRun);
  }
  return { text, endsInBreak: false };
}

/** Characters that mean nothing but themselves in quotation marks. */
const quotedRun = /[^\s'"\\\u0085]*/y;

/** Blanks stay as they are; around line breaks they go, and a single break becomes a space. */
function scanSpaces(source: YamlSource, afterBreak: boolean): string {
  let blanks = "";
  let firstBreak = "";
  let moreBreaks = "";
  let isBroken = afterBreak;
  while (source.isBlank() || source.isBreak()) {
    if (source.isBlank()) {
      const blank = source.take();
      if (!isBroken) blanks += blank;
    } else if (isBroken) moreBreaks += source.skipLine();
    else {
      firstBreak = source.skipLine();
      isBroken = true;
    }
  }
  return isBroken ? foldedBreaks(firstBreak, moreBreaks) : blanks;
}

/** What the breaks between two lines of a folded scalar are. */
export function foldedBreaks(...[first, more]: readonly [first: string, more: string]): string {
  if (first !== "\n") return first + more;
  return more === "" ? " " : more;
}

function scanEscape(source: YamlSource): string {
  const letter = source.peek(1);
  const length = codeLengths.get(letter);
  const character = escapes.get(letter);
  if (length === undefined && character === undefined) throw source.refusal("found unknown escape character");
  source.skip(2);
  return character ?? scanCode(source, length ?? 0);
}

function scanCode(source: YamlSource, length: number): string {
  let code = 0;
  for (let index = 0; index < length; index++) {
    const digit = source.peek(index);
    if (!/^[\dA-Fa-f]$/.test(digit)) throw source.refusal("did not find expected hexdecimal number");
    code = code * 16 + Number.parseInt(digit, 16);
  }
  if (code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff))
    throw source.refusal("found invalid Unicode character escape code");
  source.skip(length);
  return String.fromCodePoint(code);
}

const codeLengths: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

const escapes: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\u0085"],
  ["_", "\u00a0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);
