import { quote } from "../quote.ts";

/** How deep objects and arrays may nest, as in Go: deeper bodies are refused, whatever reads them. */
export const jsonDepthMax = 10_000;

/**
 * What Go's encoding/json says of a text that is not JSON; undefined when it is. The decoders only find out that
 * something is wrong: this walks the bytes again, one by one, in Go's states, and has the words for each.
 */
export function jsonSyntaxError(bytes: Uint8Array): string | undefined {
  const scan: Scan = { open: [], step: beginValue };
  for (const byte of bytes) {
    const wrong = scan.step(scan, byte);
    if (wrong !== undefined) return `invalid character ${quotedByte(byte)} ${wrong}`;
  }
  // The end counts as a space, which ends a number; Go then complains of that space where none may stand.
  const wrong = scan.step(scan, space);
  if (wrong !== undefined) return `invalid character ' ' ${wrong}`;
  return scan.step === endTop ? undefined : "unexpected end of JSON input";
}

/** What is being read, with what surrounds it. */
interface Scan {
  readonly open: Open[];
  step: Step;
}

type Open = "object-key" | "object-value" | "array";

/** Takes the next byte; answers what is wrong with it, in Go's words. */
type Step = (scan: Scan, byte: number) => string | undefined;

const space = 0x20;
const quotationMark = 0x22;
const backslash = 0x5c;

function isSpace(byte: number): boolean {
  return byte === space || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function beginValue(scan: Scan, byte: number): string | undefined {
  if (isSpace(byte)) return undefined;
  switch (byte) {
    case 0x7b:
      return enter(scan, "object-key", beginKeyOrEmpty);
    case 0x5b:
      return enter(scan, "array", beginValueOrEmpty);
    case quotationMark:
      return next(scan, inString);
    case 0x2d:
      return next(scan, afterMinus);
    case 0x30:
      return next(scan, afterInteger);
    case 0x74:
      return next(scan, literal({ word: "true", at: 1 }));
    case 0x66:
      return next(scan, literal({ word: "false", at: 1 }));
    case 0x6e:
      return next(scan, literal({ word: "null", at: 1 }));
    default:
      return isDigit(byte) ? next(scan, inInteger) : "looking for beginning of value";
  }
}

function next(scan: Scan, step: Step): undefined {
  scan.step = step;
}

function enter(scan: Scan, open: Open, step: Step): string | undefined {
  scan.step = step;
  return scan.open.push(open) > jsonDepthMax ? "exceeded max depth" : undefined;
}

function beginValueOrEmpty(scan: Scan, byte: number): string | undefined {
  if (isSpace(byte)) return undefined;
  return byte === 0x5d ? endValue(scan, byte) : beginValue(scan, byte);
}

function beginKeyOrEmpty(scan: Scan, byte: number): string | undefined {
  if (isSpace(byte)) return undefined;
  if (byte !== 0x7d) return beginKey(scan, byte);
  scan.open[scan.open.length - 1] = "object-value";
  return endValue(scan, byte);
}

function beginKey(scan: Scan, byte: number): string | undefined {
  if (isSpace(byte)) return undefined;
  return byte === quotationMark ? next(scan, inString) : "looking for beginning of object key string";
}

function endValue(scan: Scan, byte: number): string | undefined {
  const open = scan.open.at(-1);
  if (open === undefined) {
    scan.step = endTop;
    return endTop(scan, byte);
  }
  if (isSpace(byte)) return next(scan, endValue);
  return afterValue[open](scan, byte);
}

const afterValue: Readonly<Record<Open, Step>> = {
  "object-key": (scan, byte) => {
    if (byte !== 0x3a) return "after object key";
    scan.open[scan.open.length - 1] = "object-value";
    return next(scan, beginValue);
  },
  "object-value": (scan, byte) => {
    if (byte === 0x7d) return leave(scan);
    if (byte !== 0x2c) return "after object key:value pair";
    scan.open[scan.open.length - 1] = "object-key";
    return next(scan, beginKey);
  },
  array: (scan, byte) => {
    if (byte === 0x5d) return leave(scan);
    return byte === 0x2c ? next(scan, beginValue) : "after array element";
  },
};

function leave(scan: Scan): undefined {
  scan.open.pop();
  scan.step = scan.open.length === 0 ? endTop : endValue;
}

function endTop(_scan: Scan, byte: number): string | undefined {
  return isSpace(byte) ? undefined : "after top-level value";
}

function inString(scan: Scan, byte: number): string | undefined {
  if (byte === quotationMark) return next(scan, endValue);
  if (byte === backslash) return next(scan, inEscape);
  return byte < space ? "in string literal" : undefined;
}

function inEscape(scan: Scan, byte: number): string | undefined {
  if (byte === 0x75) return next(scan, hexDigit(1));
  return '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? next(scan, inString) : "in string escape code";
}

function hexDigit(count: number): Step {
  return (scan, byte) => {
    if (!/[\dA-Fa-f]/.test(String.fromCharCode(byte))) return "in \\u hexadecimal character escape";
    return next(scan, count === 4 ? inString : hexDigit(count + 1));
  };
}

function afterMinus(scan: Scan, byte: number): string | undefined {
  if (!isDigit(byte)) return "in numeric literal";
  return next(scan, byte === 0x30 ? afterInteger : inInteger);
}

function inInteger(scan: Scan, byte: number): string | undefined {
  return isDigit(byte) ? undefined : afterInteger(scan, byte);
}

function afterInteger(scan: Scan, byte: number): string | undefined {
  return byte === 0x2e ? next(scan, afterPoint) : exponentOrEnd(scan, byte);
}

function exponentOrEnd(scan: Scan, byte: number): string | undefined {
  return byte === 0x65 || byte === 0x45 ? next(scan, afterE) : endValue(scan, byte);
}

function afterPoint(scan: Scan, byte: number): string | undefined {
  return isDigit(byte) ? next(scan, inFraction) : "after decimal point in numeric literal";
}

function inFraction(scan: Scan, byte: number): string | undefined {
  return isDigit(byte) ? undefined : exponentOrEnd(scan, byte);
}

function afterE(scan: Scan, byte: number): string | undefined {
  return byte === 0x2b || byte === 0x2d ? next(scan, afterExponentSign) : afterExponentSign(scan, byte);
}

function afterExponentSign(scan: Scan, byte: number): string | undefined {
  return isDigit(byte) ? next(scan, inExponent) : "in exponent of numeric literal";
}

function inExponent(scan: Scan, byte: number): string | undefined {
  return isDigit(byte) ? undefined : endValue(scan, byte);
}

function literal({ word, at }: { readonly word: string; readonly at: number }): Step {
  return (scan, byte) => {
    if (byte !== word.charCodeAt(at)) return `in literal ${word} (expecting '${word.charAt(at)}')`;
    return next(scan, at === word.length - 1 ? endValue : literal({ word, at: at + 1 }));
  };
}

/** A byte as Go quotes it: as the character of that number, whatever the text's encoding makes of it. */
function quotedByte(byte: number): string {
  if (byte === 0x27) return String.raw`'\''`;
  if (byte === quotationMark) return `'"'`;
  return `'${quote(String.fromCharCode(byte)).slice(1, -1)}'`;
}
