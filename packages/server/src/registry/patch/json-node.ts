import { compareText, jsonString } from "@leasehold/api";
import { compactJson, JsonSource, type Span } from "./json-source.ts";

/**
 * A value inside a JSON document that is being patched. It stays the text that it was until somebody looks into it;
 * what nobody looks into keeps its order of keys and its way of writing numbers, as in kube-apiserver.
 *
 * Undefined stands for `null` in a document. Nothing here recurses: a body may nest deeper than a stack.
 */
export class JsonNode {
  readonly #source: JsonSource;
  readonly #span: Span;
  #members: JsonMembers | undefined;
  #items: JsonItems | undefined;

  private constructor(source: JsonSource, span: Span) {
    this.#source = source;
    this.#span = span;
  }

  /** The value of a text that is known to be JSON. */
  static parse(text: string): JsonNode | undefined {
    const source = new JsonSource(text);
    return JsonNode.#at(source, source.all);
  }

  static #at(source: JsonSource, span: Span): JsonNode | undefined {
    return source.text.startsWith("null", span.start) ? undefined : new JsonNode(source, span);
  }

  /** The members of an object, to be read and changed; undefined for anything else. */
  members(): JsonMembers | undefined {
    if (this.#members !== undefined || this.#first() !== "{") return this.#members;
    this.#members = new Map();
    for (const [key, span] of this.#source.members(this.#span)) {
      this.#members.set(key, JsonNode.#at(this.#source, span));
    }
    return this.#members;
  }

  /** The items of an array, to be read and changed; undefined for anything else. */
  items(): JsonItems | undefined {
    if (this.#items !== undefined || this.#first() !== "[") return this.#items;
    this.#items = this.#source.items(this.#span).map((span) => JsonNode.#at(this.#source, span));
    return this.#items;
  }

  /** The value of a string; undefined for anything else. */
  string(): string | undefined {
    return this.#first() === '"' ? (JSON.parse(this.#text()) as string).toWellFormed() : undefined;
  }

  /** Whether it is an array of nothing but scalars that nobody has looked into: such may be long. */
  isPlainArray(): boolean {
    return this.#items === undefined && this.#first() === "[" && !this.#source.holdsContainers(this.#span);
  }

  /** The node as pieces of JSON text and of nodes: an object that was looked into has its keys sorted. */
  pieces(): readonly (string | JsonNode | undefined)[] {
    if (this.#items !== undefined)
      return ["[", ...this.#items.flatMap((item, i) => (i === 0 ? [item] : [",", item])), "]"];
    if (this.#members === undefined) return [compactJson(this.#text())];
    const members = [...this.#members].toSorted(([a], [b]) => compareText(a, b));
    return [
      "{",
      ...members.flatMap(([key, node], i) => [`${i === 0 ? "" : ","}${jsonString(key)}:`, node]),
      "}",
    ];
  }

  #first(): string {
    return this.#source.text.charAt(this.#span.start);
  }

  #text(): string {
    return this.#source.text.slice(this.#span.start, this.#span.end);
  }
}

export type JsonMembers = Map<string, JsonNode | undefined>;
export type JsonItems = (JsonNode | undefined)[];

/** JSON text without space between its tokens. */
export function nodeText(node: JsonNode | undefined): string {
  let text = "";
  const rest: (string | JsonNode | undefined)[] = [node];
  while (rest.length > 0) {
    const piece = rest.pop();
    if (piece === undefined) text += "null";
    else if (typeof piece === "string") text += piece;
    else for (const inner of piece.pieces().toReversed()) rest.push(inner);
  }
  return text;
}

/** Deep equality; scalars are equal when they are written alike. */
export function equalNodes(a: JsonNode | undefined, b: JsonNode | undefined): boolean {
  const pairs: (readonly [JsonNode | undefined, JsonNode | undefined])[] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair;
    if (left === undefined || right === undefined) {
      if (left !== right) return false;
      continue;
    }
    const inner = innerPairs(left, right);
    if (inner === undefined) return false;
    for (const next of inner) pairs.push(next);
  }
  return true;
}

/** What must be equal for two values to be; undefined when they are not, whatever they contain. */
function innerPairs(
  left: JsonNode,
  right: JsonNode,
): readonly (readonly [JsonNode | undefined, JsonNode | undefined])[] | undefined {
  if (left.isPlainArray() && right.isPlainArray()) return nodeText(left) === nodeText(right) ? [] : undefined;
  const members = left.members();
  const others = right.members();
  if (members !== undefined || others !== undefined) {
    if (
      members?.size !== others?.size ||
      [...(members?.keys() ?? [])].some((key) => others?.has(key) !== true)
    )
      return undefined;
    return [...(members ?? [])].map(([key, node]) => [node, others?.get(key)]);
  }
  const items = left.items();
  const otherItems = right.items();
  if (items === undefined && otherItems === undefined)
    return nodeText(left) === nodeText(right) ? [] : undefined;
  return items?.length === otherItems?.length ? items?.map((item, i) => [item, otherItems?.[i]]) : undefined;
}
