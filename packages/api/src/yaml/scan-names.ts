import { goText } from "../json/go-text.ts";
import { nameCharacters, type YamlSource } from "./yaml-source.ts";

/** Reads an anchor (`&name`) or alias (`*name`). */
export function scanAnchor(source: YamlSource): string {
  source.skip();
  const name = source.takeRun(nameCharacters);
  const isClosed = source.isBlankOrEnd() || "?:,]}%@`".includes(source.peek());
  if (name === "" || !isClosed) throw source.refusal("did not find expected alphabetic or numeric character");
  return name;
}

/** A tag: a handle such as `!!`, which stands for a prefix, and what follows it. */
export interface TagName {
  /** Empty when the suffix is the whole tag. */
  readonly handle: string;
  readonly suffix: string;
}

export function scanTag(source: YamlSource): TagName {
  const tag = source.peek(1) === "<" ? scanVerbatimTag(source) : scanShortTag(source);
  if (!source.isBlankOrEnd()) throw source.refusal("did not find expected whitespace or line break");
  return tag;
}

function scanVerbatimTag(source: YamlSource): TagName {
  source.skip(2);
  const suffix = scanUri(source, "");
  if (source.peek() !== ">") throw source.refusal("did not find the expected '>'");
  source.skip();
  return { handle: "", suffix };
}

function scanShortTag(source: YamlSource): TagName {
  const handle = scanHandle(source);
  if (handle.length > 1 && handle.endsWith("!")) return { handle, suffix: scanUri(source, "") };
  const suffix = scanUri(source, handle);
  return suffix === "" ? { handle: "", suffix: "!" } : { handle: "!", suffix };
}

function scanHandle(source: YamlSource): string {
  if (source.peek() !== "!") throw source.refusal("did not find expected '!'");
  const start = source.take() + source.takeRun(nameCharacters);
  return source.peek() === "!" ? start + source.take() : start;
}

/** Reads the rest of a tag; `head` is what was taken for a handle and belongs to it, with its exclamation mark. */
function scanUri(source: YamlSource, head: string): string {
  let uri = head.slice(1);
  let isEmpty = head === "";
  while (/^[\w\-;/?:@&=+$,.!~*'()[\]%]$/.test(source.peek())) {
    uri += source.peek() === "%" ? scanEscapedCharacter(source) : source.take();
    isEmpty = false;
  }
  if (isEmpty) throw source.refusal("did not find expected tag URI");
  return uri;
}

function scanEscapedCharacter(source: YamlSource): string {
  const lead = scanOctet(source);
  const length = lead < 0x80 ? 1 : lead >> 5 === 6 ? 2 : lead >> 4 === 14 ? 3 : lead >> 3 === 30 ? 4 : 0;
  if (length === 0) throw source.refusal("found an incorrect leading UTF-8 octet");
  const octets = [lead];
  source.skip(3);
  while (octets.length < length) {
    const octet = scanOctet(source);
    if (octet >> 6 !== 2) throw source.refusal("found an incorrect trailing UTF-8 octet");
    octets.push(octet);
    source.skip(3);
  }
  return goText(Uint8Array.from(octets));
}

function scanOctet(source: YamlSource): number {
  const digits = source.peek(1) + source.peek(2);
  if (source.peek() !== "%" || !/^[\dA-Fa-f]{2}$/.test(digits))
    throw source.refusal("did not find URI escaped octet");
  return Number.parseInt(digits, 16);
}

/** A line that begins with a percent sign. */
export type Directive =
  | { readonly kind: "version"; readonly major: number; readonly minor: number }
  | { readonly kind: "tag"; readonly handle: string; readonly prefix: string };

export function scanDirective(source: YamlSource): Directive {
  source.skip();
  const name = source.takeRun(nameCharacters);
  if (name === "") throw source.refusal("could not find expected directive name");
  if (!source.isBlankOrEnd()) throw source.refusal("found unexpected non-alphabetical character");
  if (name !== "YAML" && name !== "TAG") throw source.refusal("found unknown directive name");
  skipBlanks(source);
  const directive = name === "YAML" ? scanVersion(source) : scanTagPrefix(source);
  source.finishLine();
  return directive;
}

function scanVersion(source: YamlSource): Directive {
  const major = scanVersionNumber(source);
  if (source.peek() !== ".") throw source.refusal("did not find expected digit or '.' character");
  source.skip();
  return { kind: "version", major, minor: scanVersionNumber(source) };
}

function scanVersionNumber(source: YamlSource): number {
  let digits = "";
  while (/^\d$/.test(source.peek())) {
    if (digits.length === 2) throw source.refusal("found extremely long version number");
    digits += source.take();
  }
  if (digits === "") throw source.refusal("did not find expected version number");
  return Number(digits);
}

function scanTagPrefix(source: YamlSource): Directive {
  const handle = scanHandle(source);
  if (handle !== "!" && !handle.endsWith("!")) throw source.refusal("did not find expected '!'");
  if (!source.isBlank()) throw source.refusal("did not find expected whitespace");
  skipBlanks(source);
  const prefix = scanUri(source, "");
  if (!source.isBlankOrEnd()) throw source.refusal("did not find expected whitespace or line break");
  return { kind: "tag", handle, prefix };
}

function skipBlanks(source: YamlSource): void {
  while (source.isBlank()) source.skip();
}
