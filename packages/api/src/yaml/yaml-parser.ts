import { parserRefusal } from "./yaml-refusal.ts";
import type { YamlScanner, YamlToken } from "./yaml-scanner.ts";

/** What a document consists of, in its order. */
export type YamlEvent = { readonly line: number } & (
  | { readonly kind: "alias"; readonly name: string }
  | ({ readonly kind: "scalar" } & ScalarContent)
  | { readonly kind: "sequence-start" | "mapping-start"; readonly anchor: string | undefined }
  | { readonly kind: "sequence-end" | "mapping-end" | "document-start" | "document-end" | "stream-end" }
);

export interface ScalarContent {
  readonly anchor: string | undefined;
  /** In full; empty when there is none. */
  readonly tag: string;
  readonly text: string;
  /** Neither in quotation marks nor a block, so that it may mean something else than its text. */
  readonly isPlain: boolean;
}

/** What is expected next. It answers with the event, having set what is expected after it. */
type State = () => YamlEvent;

/** Properties before a node. */
interface Properties {
  readonly line: number;
  readonly anchor: string | undefined;
  readonly tag: string;
}

/** Turns tokens into events. States that are left for a nested node wait in a list, so that depth costs no stack. */
export class YamlParser {
  readonly #scanner: YamlScanner;
  #state: State = () => this.#documentStart(true);
  readonly #after: State[] = [];
  #tagPrefixes = new Map(defaultTagPrefixes);

  constructor(scanner: YamlScanner) {
    this.#scanner = scanner;
  }

  next(): YamlEvent {
    return this.#state();
  }

  #isNext(...kinds: readonly YamlToken["kind"][]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  /** Goes back to what waits for the end of a nested node. */
  #return(): void {
    const state = this.#after.pop();
    if (state === undefined) throw new Error("a node ended that had not begun");
    this.#state = state;
  }

  #refusal(problem: string): Error {
    return parserRefusal(problem, this.#scanner.peek().line);
  }

  #documentStart(isFirst: boolean): YamlEvent {
    if (!isFirst) while (this.#isNext("document-end")) this.#scanner.take();
    const { line } = this.#scanner.peek();
    if (this.#isNext("stream-end")) return { kind: "stream-end", line };
    const isImplicit = isFirst && !this.#isNext("directive", "document-start");
    this.#after.push(() => this.#documentEnd());
    if (isImplicit) this.#state = () => this.#node({ isBlock: true });
    else {
      this.#readDirectives();
      if (!this.#isNext("document-start")) throw this.#refusal("did not find expected <document start>");
      this.#scanner.take();
      this.#state = () => this.#documentContent();
    }
    return { kind: "document-start", line };
  }

  #readDirectives(): void {
    let hasVersion = false;
    const handles = new Set<string>();
    for (let token = this.#scanner.peek(); token.kind === "directive"; token = this.#scanner.peek()) {
      const { directive } = token;
      if (directive.kind === "version") {
        if (hasVersion) throw this.#refusal("found duplicate %YAML directive");
        if (directive.major !== 1 || directive.minor !== 1)
          throw this.#refusal("found incompatible YAML document");
        hasVersion = true;
      } else {
        if (handles.has(directive.handle)) throw this.#refusal("found duplicate %TAG directive");
        handles.add(directive.handle);
        this.#tagPrefixes.set(directive.handle, directive.prefix);
      }
      this.#scanner.take();
    }
  }

  #documentContent(): YamlEvent {
    if (!this.#isNext("directive", "document-start", "document-end", "stream-end"))
      return this.#node({ isBlock: true });
    this.#return();
    return emptyScalar(this.#scanner.peek().line);
  }

  #documentEnd(): YamlEvent {
    const { line } = this.#scanner.peek();
    if (this.#isNext("document-end")) this.#scanner.take();
    this.#tagPrefixes = new Map(defaultTagPrefixes);
    this.#state = () => this.#documentStart(false);
    return { kind: "document-end", line };
  }

  /** `isIndentless`: a list may stand at the level of its key. */
  #node({ isBlock, isIndentless = false }: { isBlock: boolean; isIndentless?: boolean }): YamlEvent {
    const first = this.#scanner.peek();
    if (first.kind === "alias") {
      this.#return();
      this.#scanner.take();
      return { kind: "alias", line: first.line, name: first.name };
    }
    const properties = this.#properties();
    const token = this.#scanner.peek();
    if (token.kind === "scalar") return this.#scalar(properties, token);
    const state = this.#collectionState(token.kind, { isBlock, isIndentless });
    if (state !== undefined) {
      const isMapping = token.kind === "flow-mapping-start" || token.kind === "block-mapping-start";
      this.#state = state;
      const { line, anchor } = properties;
      return { kind: isMapping ? "mapping-start" : "sequence-start", line, anchor };
    }
    if (properties.anchor === undefined && properties.tag === "")
      throw this.#refusal("did not find expected node content");
    this.#return();
    return { ...emptyScalar(properties.line), ...properties, isPlain: properties.tag === "" };
  }

  #scalar(properties: Properties, token: YamlToken & { kind: "scalar" }): YamlEvent {
    this.#return();
    this.#scanner.take();
    const isPlain = properties.tag === "!" || (properties.tag === "" && token.isPlain);
    return { kind: "scalar", ...properties, text: token.text, isPlain };
  }

  /** An anchor and a tag, in either order. */
  #properties(): Properties {
    const { line } = this.#scanner.peek();
    let anchor = this.#anchor();
    const tag = this.#tag(line);
    if (tag !== "") anchor ??= this.#anchor();
    return { line, anchor, tag };
  }

  #anchor(): string | undefined {
    const token = this.#scanner.peek();
    if (token.kind !== "anchor") return undefined;
    this.#scanner.take();
    return token.name;
  }

  #tag(line: number): string {
    const token = this.#scanner.peek();
    if (token.kind !== "tag") return "";
    this.#scanner.take();
    const { handle, suffix } = token.tag;
    if (handle === "") return suffix;
    const prefix = this.#tagPrefixes.get(handle);
    if (prefix === undefined)
      throw parserRefusal("found undefined tag handle", token.line === 0 ? line : token.line);
    return prefix + suffix;
  }

  #collectionState(
    kind: YamlToken["kind"],
    { isBlock, isIndentless }: { isBlock: boolean; isIndentless: boolean },
  ): State | undefined {
    if (kind === "block-entry" && isIndentless) return () => this.#indentlessEntry();
    if (kind === "flow-sequence-start") return this.#entered(() => this.#flowEntry(true));
    if (kind === "flow-mapping-start") return this.#entered(() => this.#flowKey(true));
    if (kind === "block-sequence-start" && isBlock) return this.#entered(() => this.#blockEntry());
    if (kind === "block-mapping-start" && isBlock) return this.#entered(() => this.#blockKey());
    return undefined;
  }

  /** The token that opens a collection is taken when its first member is asked for. */
  #entered(state: State): State {
    return () => {
      this.#scanner.take();
      return state();
    };
  }

  /** Reads a nested node, and then goes on with `state`. */
  #nested(state: State, context: { isBlock: boolean; isIndentless?: boolean }): YamlEvent {
    this.#after.push(state);
    return this.#node(context);
  }

  #empty(state: State, line: number): YamlEvent {
    this.#state = state;
    return emptyScalar(line);
  }

  #end(kind: "sequence-end" | "mapping-end"): YamlEvent {
    this.#return();
    return { kind, line: this.#scanner.take().line };
  }

  #blockEntry(): YamlEvent {
    const state = () => this.#blockEntry();
    if (this.#isNext("block-end")) return this.#end("sequence-end");
    if (!this.#isNext("block-entry")) throw this.#refusal("did not find expected '-' indicator");
    const { line } = this.#scanner.take();
    if (this.#isNext("block-entry", "block-end")) return this.#empty(state, line);
    return this.#nested(state, { isBlock: true });
  }

  #indentlessEntry(): YamlEvent {
    const state = () => this.#indentlessEntry();
    if (!this.#isNext("block-entry")) {
      this.#return();
      return { kind: "sequence-end", line: this.#scanner.peek().line };
    }
    const { line } = this.#scanner.take();
    if (this.#isNext("block-entry", "key", "value", "block-end")) return this.#empty(state, line);
    return this.#nested(state, { isBlock: true });
  }

  #blockKey(): YamlEvent {
    const state = () => this.#blockValue();
    if (this.#isNext("block-end")) return this.#end("mapping-end");
    if (!this.#isNext("key")) throw this.#refusal("did not find expected key");
    const { line } = this.#scanner.take();
    if (this.#isNext("key", "value", "block-end")) return this.#empty(state, line);
    return this.#nested(state, { isBlock: true, isIndentless: true });
  }

  #blockValue(): YamlEvent {
    const state = () => this.#blockKey();
    const { line } = this.#scanner.peek();
    if (!this.#isNext("value")) return this.#empty(state, line);
    this.#scanner.take();
    if (this.#isNext("key", "value", "block-end")) return this.#empty(state, line);
    return this.#nested(state, { isBlock: true, isIndentless: true });
  }

  #flowEntry(isFirst: boolean): YamlEvent {
    if (!this.#isNext("flow-sequence-end")) {
      if (!isFirst) this.#separator("did not find expected ',' or ']'");
      if (this.#isNext("key")) {
        this.#state = () => this.#flowPairKey();
        return { kind: "mapping-start", line: this.#scanner.take().line, anchor: undefined };
      }
      if (!this.#isNext("flow-sequence-end"))
        return this.#nested(() => this.#flowEntry(false), { isBlock: false });
    }
    return this.#end("sequence-end");
  }

  #separator(problem: string): void {
    if (!this.#isNext("flow-entry")) throw this.#refusal(problem);
    this.#scanner.take();
  }

  /** A pair as an item of a list, `[a: b]`: a mapping of one. */
  #flowPairKey(): YamlEvent {
    const state = () => this.#flowPairValue();
    if (!this.#isNext("value", "flow-entry", "flow-sequence-end"))
      return this.#nested(state, { isBlock: false });
    return this.#empty(state, this.#scanner.take().line);
  }

  #flowPairValue(): YamlEvent {
    const state = () => this.#flowPairEnd();
    if (this.#isNext("value")) {
      this.#scanner.take();
      if (!this.#isNext("flow-entry", "flow-sequence-end")) return this.#nested(state, { isBlock: false });
    }
    return this.#empty(state, this.#scanner.peek().line);
  }

  #flowPairEnd(): YamlEvent {
    this.#state = () => this.#flowEntry(false);
    return { kind: "mapping-end", line: this.#scanner.peek().line };
  }

  #flowKey(isFirst: boolean): YamlEvent {
    if (!this.#isNext("flow-mapping-end")) {
      if (!isFirst) this.#separator("did not find expected ',' or '}'");
      if (this.#isNext("key")) {
        this.#scanner.take();
        const state = () => this.#flowValue();
        if (!this.#isNext("value", "flow-entry", "flow-mapping-end"))
          return this.#nested(state, { isBlock: false });
        return this.#empty(state, this.#scanner.peek().line);
      }
      if (!this.#isNext("flow-mapping-end"))
        return this.#nested(() => this.#flowEmptyValue(), { isBlock: false });
    }
    return this.#end("mapping-end");
  }

  #flowValue(): YamlEvent {
    const state = () => this.#flowKey(false);
    if (this.#isNext("value")) {
      this.#scanner.take();
      if (!this.#isNext("flow-entry", "flow-mapping-end")) return this.#nested(state, { isBlock: false });
    }
    return this.#empty(state, this.#scanner.peek().line);
  }

  #flowEmptyValue(): YamlEvent {
    return this.#empty(() => this.#flowKey(false), this.#scanner.peek().line);
  }
}

const defaultTagPrefixes: readonly (readonly [handle: string, prefix: string])[] = [
  ["!", "!"],
  ["!!", "tag:yaml.org,2002:"],
];

function emptyScalar(line: number): YamlEvent & { kind: "scalar" } {
  return { kind: "scalar", line, anchor: undefined, tag: "", text: "", isPlain: true };
}
