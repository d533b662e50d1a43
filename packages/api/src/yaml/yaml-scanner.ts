import { scanBlock } from "./scan-block.ts";
import { type Directive, scanAnchor, scanDirective, scanTag, type TagName } from "./scan-names.ts";
import { scanPlain } from "./scan-plain.ts";
import { scanQuoted } from "./scan-quoted.ts";
import { scannerRefusal } from "./yaml-refusal.ts";
import type { YamlSource } from "./yaml-source.ts";

/** What YAML is made of. Blocks are told by indentation, so their tokens stand for nothing in the text. */
export type YamlToken = { readonly line: number } & (
  | { readonly kind: PlainTokenKind }
  | { readonly kind: "alias" | "anchor"; readonly name: string }
  | { readonly kind: "tag"; readonly tag: TagName }
  | { readonly kind: "directive"; readonly directive: Directive }
  | { readonly kind: "scalar"; readonly text: string; readonly isPlain: boolean }
);

type PlainTokenKind =
  | "document-start"
  | "document-end"
  | "stream-end"
  | "block-sequence-start"
  | "block-mapping-start"
  | "block-end"
  | "block-entry"
  | "flow-sequence-start"
  | "flow-sequence-end"
  | "flow-mapping-start"
  | "flow-mapping-end"
  | "flow-entry"
  | "key"
  | "value";

/** How deep brackets and blocks may nest, as in kube-apiserver's reader. */
const depthMax = 10_000;

/** How long a key may be whose colon follows it without a question mark before it. */
export const simpleKeyLengthMax = 1024;

/** A place where a key may have begun: known for certain only when its colon comes. */
interface PossibleKey {
  /** In a block a line that begins at its column must begin with a key. */
  readonly isRequired: boolean;
  readonly token: number;
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/**
 * Cuts a text into tokens. A key is only known by the colon behind it, so tokens wait in a queue until it is clear whether a key
 * token goes before them.
 *
 * Example: at the colon of `a: 1` the queue holds the scalar `a`; the start of a mapping and a key are put before it.
 */
export class YamlScanner {
  readonly #source: YamlSource;
  readonly #queue: YamlToken[] = [];
  /** How many tokens have left the queue. */
  #taken = 0;
  /** The column of the innermost block; -1 outside of all. */
  #indent = -1;
  readonly #outerIndents: number[] = [];
  /** One for each level of brackets, and one for what is outside of all. */
  readonly #possibleKeys: (PossibleKey | undefined)[] = [undefined];
  /** The levels that have one, by the token before which the key would go. */
  readonly #levelOfToken = new Map<number, number>();
  #mayBeginKey = true;

  constructor(source: YamlSource) {
    this.#source = source;
  }

  /** The next token. After the end of the stream it is an error to ask. */
  peek(): YamlToken {
    while (this.#needsMore()) this.#fetch();
    const [token] = this.#queue;
    if (token === undefined) throw new Error("nothing follows the end of a stream");
    return token;
  }

  take(): YamlToken {
    const token = this.peek();
    this.#queue.shift();
    this.#taken++;
    return token;
  }

  #needsMore(): boolean {
    if (this.#queue.length === 0) return true;
    const level = this.#levelOfToken.get(this.#taken);
    return level !== undefined && this.#validKey(level) !== undefined;
  }

  /** The possible key of a level, unless its colon can no longer come. */
  #validKey(level: number): PossibleKey | undefined {
    const key = this.#possibleKeys[level];
    if (key === undefined) return undefined;
    const { line, index } = this.#source;
    if (key.line >= line && key.index + simpleKeyLengthMax >= index) return key;
    this.#forget(level, key);
    return undefined;
  }

  #forget(level: number, key: PossibleKey): void {
    if (key.isRequired) throw this.#source.refusal("could not find expected ':'");
    this.#possibleKeys[level] = undefined;
    this.#levelOfToken.delete(key.token);
  }

  get #level(): number {
    return this.#possibleKeys.length - 1;
  }

  get #isInFlow(): boolean {
    return this.#level > 0;
  }

  #removeKey(): void {
    const key = this.#possibleKeys[this.#level];
    if (key !== undefined) this.#forget(this.#level, key);
  }

  #saveKey(): void {
    if (!this.#mayBeginKey) return;
    this.#removeKey();
    const { index, line, column } = this.#source;
    const token = this.#taken + this.#queue.length;
    const isRequired = !this.#isInFlow && this.#indent === column;
    this.#possibleKeys[this.#level] = { isRequired, token, index, line, column };
    this.#levelOfToken.set(token, this.#level);
  }

  #fetch(): void {
    const source = this.#source;
    this.#skipToToken();
    this.#closeBlocks(source.column);
    if (source.isEnd()) return this.#fetchStreamEnd();
    if (source.column === 0 && source.peek() === "%") return this.#fetchDirective();
    if (source.isDocumentMark("---")) return this.#fetchDocumentMark("document-start");
    if (source.isDocumentMark("...")) return this.#fetchDocumentMark("document-end");
    const indicator = source.peek();
    const isAlone = source.isBlankOrEnd(1);
    if (indicator === "-" && isAlone) return this.#fetchEntry();
    if (indicator === "?" && (this.#isInFlow || isAlone)) return this.#fetchKey();
    if (indicator === ":" && (this.#isInFlow || isAlone)) return this.#fetchValue();
    const fetch = this.#byIndicator(indicator);
    if (fetch !== undefined) return fetch();
    if (this.#isPlainStart(indicator)) return this.#fetchPlain();
    throw source.refusal("found character that cannot start any token");
  }

  #byIndicator(indicator: string): (() => void) | undefined {
    switch (indicator) {
      case "[":
        return () => this.#fetchFlowStart("flow-sequence-start");
      case "{":
        return () => this.#fetchFlowStart("flow-mapping-start");
      case "]":
        return () => this.#fetchFlowEnd("flow-sequence-end");
      case "}":
        return () => this.#fetchFlowEnd("flow-mapping-end");
      case ",":
        return () => this.#fetchFlowEntry();
      case "*":
        return () => this.#fetchName("alias");
      case "&":
        return () => this.#fetchName("anchor");
      case "!":
        return () => this.#fetchTag();
      case "|":
      case ">":
        return this.#isInFlow ? undefined : () => this.#fetchBlock();
      case "'":
      case '"':
        return () => this.#fetchQuoted();
      default:
        return undefined;
    }
  }

  #isPlainStart(indicator: string): boolean {
    const source = this.#source;
    if (!source.isBlankOrEnd() && !"-?:,[]{}#&*!|>'\"%@`".includes(indicator)) return true;
    if (indicator === "-") return !source.isBlank(1);
    return !this.#isInFlow && (indicator === "?" || indicator === ":") && !source.isBlankOrEnd(1);
  }

  /** Tabs count as spaces only where no key may begin. */
  #skipToToken(): void {
    const source = this.#source;
    for (;;) {
      if (source.column === 0 && source.peek() === "\ufeff") source.skip();
      while (source.peek() === " " || (source.peek() === "\t" && (this.#isInFlow || !this.#mayBeginKey)))
        source.skip();
      if (source.peek() === "#") source.skipComment();
      if (!source.isBreak()) return;
      source.skipLine();
      if (!this.#isInFlow) this.#mayBeginKey = true;
    }
  }

  #push(kind: PlainTokenKind, line = this.#source.line): void {
    this.#queue.push({ kind, line });
  }

  /** Opens a block at a column further in than the innermost; its token goes before the token of that number. */
  #openBlock(
    kind: PlainTokenKind,
    at: { readonly column: number; readonly line: number; readonly token?: number },
  ): void {
    if (this.#isInFlow || this.#indent >= at.column) return;
    this.#outerIndents.push(this.#indent);
    this.#indent = at.column;
    if (this.#outerIndents.length > depthMax)
      throw scannerRefusal(`exceeded max depth of ${depthMax}`, this.#source.line);
    const position = at.token === undefined ? this.#queue.length : at.token - this.#taken;
    this.#queue.splice(position, 0, { kind, line: at.line });
  }

  #closeBlocks(column: number): void {
    if (this.#isInFlow) return;
    while (this.#indent > column) {
      this.#push("block-end");
      this.#indent = this.#outerIndents.pop() ?? -1;
    }
  }

  /** What stands at the start of a line, outside of everything. */
  #closeAll(): void {
    this.#closeBlocks(-1);
    this.#removeKey();
    this.#mayBeginKey = false;
  }

  #fetchStreamEnd(): void {
    const source = this.#source;
    if (source.column !== 0) {
      source.column = 0;
      source.line++;
    }
    this.#closeAll();
    this.#push("stream-end");
  }

  #fetchDirective(): void {
    this.#closeAll();
    const { line } = this.#source;
    this.#queue.push({ kind: "directive", line, directive: scanDirective(this.#source) });
  }

  #fetchDocumentMark(kind: "document-start" | "document-end"): void {
    this.#closeAll();
    this.#push(kind);
    this.#source.skip(3);
  }

  #fetchFlowStart(kind: "flow-sequence-start" | "flow-mapping-start"): void {
    this.#saveKey();
    this.#possibleKeys.push(undefined);
    if (this.#level > depthMax) throw this.#source.refusal(`exceeded max depth of ${depthMax}`);
    this.#mayBeginKey = true;
    this.#push(kind);
    this.#source.skip();
  }

  #fetchFlowEnd(kind: "flow-sequence-end" | "flow-mapping-end"): void {
    this.#removeKey();
    if (this.#isInFlow) this.#possibleKeys.pop();
    this.#mayBeginKey = false;
    this.#push(kind);
    this.#source.skip();
  }

  #fetchFlowEntry(): void {
    this.#removeKey();
    this.#mayBeginKey = true;
    this.#push("flow-entry");
    this.#source.skip();
  }

  #fetchEntry(): void {
    const { line, column } = this.#source;
    if (!this.#isInFlow && !this.#mayBeginKey)
      throw this.#source.refusal("block sequence entries are not allowed in this context");
    this.#openBlock("block-sequence-start", { column, line });
    this.#removeKey();
    this.#mayBeginKey = true;
    this.#push("block-entry");
    this.#source.skip();
  }

  #fetchKey(): void {
    const { line, column } = this.#source;
    if (!this.#isInFlow && !this.#mayBeginKey)
      throw this.#source.refusal("mapping keys are not allowed in this context");
    this.#openBlock("block-mapping-start", { column, line });
    this.#removeKey();
    this.#mayBeginKey = !this.#isInFlow;
    this.#push("key");
    this.#source.skip();
  }

  #fetchValue(): void {
    const key = this.#validKey(this.#level);
    if (key === undefined) this.#beginComplexValue();
    else {
      this.#queue.splice(key.token - this.#taken, 0, { kind: "key", line: key.line });
      this.#openBlock("block-mapping-start", key);
      this.#possibleKeys[this.#level] = undefined;
      this.#levelOfToken.delete(key.token);
      this.#mayBeginKey = false;
    }
    this.#push("value");
    this.#source.skip();
  }

  /** A colon without a simple key before it. */
  #beginComplexValue(): void {
    const { line, column } = this.#source;
    if (!this.#isInFlow && !this.#mayBeginKey)
      throw this.#source.refusal("mapping values are not allowed in this context");
    this.#openBlock("block-mapping-start", { column, line });
    this.#mayBeginKey = !this.#isInFlow;
  }

  #fetchName(kind: "alias" | "anchor"): void {
    this.#beginPart();
    const { line } = this.#source;
    this.#queue.push({ kind, line, name: scanAnchor(this.#source) });
  }

  #fetchTag(): void {
    this.#beginPart();
    const { line } = this.#source;
    this.#queue.push({ kind: "tag", line, tag: scanTag(this.#source) });
  }

  #fetchQuoted(): void {
    this.#beginPart();
    const { line } = this.#source;
    this.#queue.push({ kind: "scalar", line, text: scanQuoted(this.#source), isPlain: false });
  }

  #fetchPlain(): void {
    this.#beginPart();
    const { line } = this.#source;
    const scalar = scanPlain(this.#source, { indent: this.#indent, isInFlow: this.#isInFlow });
    if (scalar.endsLine) this.#mayBeginKey = true;
    this.#queue.push({ kind: "scalar", line, text: scalar.text, isPlain: true });
  }

  #fetchBlock(): void {
    this.#removeKey();
    this.#mayBeginKey = true;
    const { line } = this.#source;
    this.#queue.push({ kind: "scalar", line, text: scanBlock(this.#source, this.#indent), isPlain: false });
  }

  /** What may be a key by itself, but cannot be followed by another without a colon. */
  #beginPart(): void {
    this.#saveKey();
    this.#mayBeginKey = false;
  }
}
