import { textOf } from "../json/go-text.ts";
import { sortedKeys } from "../json/encode-value.ts";
import { parseJsonValue } from "../json/parse-json-value.ts";
import type { JsonObject, JsonValue } from "../schema.ts";
import { YamlBuilder } from "./yaml-builder.ts";
import { YamlParser } from "./yaml-parser.ts";
import { YamlRefusal } from "./yaml-refusal.ts";
import { simpleKeyLengthMax, YamlScanner } from "./yaml-scanner.ts";
import { YamlSource } from "./yaml-source.ts";

export type YamlReading =
  | {
      readonly kind: "read";
      /** Integers are bigints, other numbers numbers; aliases are shared, not copied. */
      readonly value: JsonValue;
      /** Go's words for keys that stand twice, in several lines: only strict readers mind. */
      readonly strictError: string | undefined;
    }
  /** Go's words, e.g. `yaml: line 3: did not find expected node content`. */
  | { readonly kind: "malformed"; readonly message: string };

/**
 * Reads the first document of a YAML text as kube-apiserver does, by the rules of YAML 1.1: `on` is true, `017` is 15, but times are
 * strings. No document is `null`.
 *
 * The scanner and parser are written here and not taken from a library because others differ in what they take: they know YAML 1.2's rules
 * for brackets inside blocks, and their words for mistakes are not those on this wire.
 */
export function readYaml(bytes: Uint8Array): YamlReading {
  const json = readAsJson(bytes);
  if (json !== undefined) return json;
  const text = documentText(bytes);
  if (text === undefined) return { kind: "malformed", message: `yaml: ${utf8Problem(bytes)}` };
  if (notAllowed.test(text))
    return { kind: "malformed", message: "yaml: control characters are not allowed" };
  try {
    return build(text);
  } catch (error) {
    if (!(error instanceof YamlRefusal)) throw error;
    return { kind: "malformed", message: `yaml: ${error.message}` };
  }
}

function build(text: string): YamlReading {
  const builder = new YamlBuilder();
  const parser = new YamlParser(new YamlScanner(new YamlSource(text)));
  for (let isWhole = false; !isWhole;) {
    const event = parser.next();
    builder.take(event);
    isWhole = event.kind === "document-end" || event.kind === "stream-end";
  }
  if (builder.refusal !== undefined) throw new YamlRefusal(builder.refusal);
  if (builder.badKey !== undefined) return { kind: "malformed", message: builder.badKey };
  const { duplicates } = builder;
  const value = builder.root?.json ?? null;
  const infinite = builder.hasInfinite ? infiniteIn(value) : undefined;
  if (infinite !== undefined) return { kind: "malformed", message: `json: unsupported value: ${infinite}` };
  const strictError =
    duplicates.length === 0 ? undefined : `yaml: unmarshal errors:\n  ${duplicates.join("\n  ")}`;
  return { kind: "read", value, strictError };
}

/** The first number that JSON cannot write, as Go names it. */
function infiniteIn(value: JsonValue): string | undefined {
  if (typeof value === "number")
    return Number.isFinite(value) ? undefined : Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (typeof value !== "object" || value === null) return undefined;
  const keys = Array.isArray(value) ? Object.keys(value) : sortedKeys(value as JsonObject);
  for (const key of keys) {
    const found = infiniteIn((value as JsonObject)[key] ?? null);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Most bodies of this media type are JSON, which nearly always means the same in YAML, and is read much faster. */
function readAsJson(bytes: Uint8Array): YamlReading | undefined {
  if (bytes[0] !== 0x7b) return undefined;
  const text = textOf(bytes);
  if (text === undefined || notAllowed.test(text) || meansOtherwise.test(text) || hasLongGap(text))
    return undefined;
  const parsing = parseJsonValue(bytes);
  if (parsing.kind === "malformed" || parsing.strictErrors.length > 0) return undefined;
  // To YAML, a number that is out of range is a text.
  if (parsing.outOfRange !== undefined) return undefined;
  return { kind: "read", value: parsing.value, strictError: undefined };
}

/**
 * JSON of which YAML thinks otherwise: escapes for halves of characters, line breaks that only YAML knows, and keys that are too
 * long, or too far from their colon, to be known as such.
 */
const meansOtherwise = /\\[u/]|[\u0085\u2028\u2029]|"[\t ]*[\n\r]\s*:/;

/** Whether a string, or what stands between two, is too long for a key. */
function hasLongGap(text: string): boolean {
  for (let from = 0; ;) {
    const mark = text.indexOf('"', from);
    if ((mark === -1 ? text.length : mark) - from >= simpleKeyLengthMax) return true;
    if (mark === -1) return false;
    from = mark + 1;
  }
}

/** What YAML may not hold, not even in strings. */
// oxlint-disable-next-line no-control-regex -- these are what may not be
const notAllowed = /[\0-\x08\v\f\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** The text without its byte order mark, which also tells UTF-16 from UTF-8. */
function documentText(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return textOf(bytes)?.replace(/^\ufeff/, "");
}

/** What is wrong with bytes that are not UTF-8. */
function utf8Problem(bytes: Uint8Array): string {
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead >> 5 === 6 ? 2 : lead >> 4 === 14 ? 3 : lead >> 3 === 30 ? 4 : 0;
    if (length === 0) return "invalid leading UTF-8 octet";
    if (at + length > bytes.length) return "incomplete UTF-8 octet sequence";
    const character = bytes.subarray(at, at + length);
    if (character.subarray(1).some((octet) => octet >> 6 !== 2)) return "invalid trailing UTF-8 octet";
    if (textOf(character) === undefined)
      return lead === 0xed || lead >= 0xf4
        ? "invalid Unicode character"
        : "invalid length of a UTF-8 sequence";
    at += length;
  }
  return "invalid Unicode character";
}
