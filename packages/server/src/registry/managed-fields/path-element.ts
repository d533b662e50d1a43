import { compareText, encodeJsonValue, quote, type JsonValue } from "@leasehold/api";
import { goPrint, isJsonList } from "./go-text.ts";

/**
 * One step from a value to a part of it: the field of a message or map, the item of a list by its keys, the item of a
 * set by its value, the item of another list by its place.
 *
 * `id` is the form in which the step stands in FieldsV1, e.g. `f:spec` or `k:{"uid":"1"}`; equal steps have equal ids.
 */
export type PathElement =
  | { readonly kind: "field"; readonly id: string; readonly name: string }
  | { readonly kind: "key"; readonly id: string; readonly fields: readonly KeyField[] }
  | { readonly kind: "value"; readonly id: string; readonly value: JsonValue }
  | { readonly kind: "index"; readonly id: string; readonly index: number };

export interface KeyField {
  readonly name: string;
  readonly value: JsonValue;
}

export type Path = readonly PathElement[];

export function fieldElement(name: string): PathElement {
  return { kind: "field", id: `f:${name}`, name };
}

export function keyElement(fields: readonly KeyField[]): PathElement {
  const sorted = fields.toSorted((a, b) => compareText(a.name, b.name));
  const members = sorted.map((field) => `${encodeJsonValue(field.name)}:${encodeJsonValue(field.value)}`);
  return { kind: "key", id: `k:{${members.join(",")}}`, fields: sorted };
}

export function valueElement(value: JsonValue): PathElement {
  return { kind: "value", id: `v:${encodeJsonValue(value)}`, value };
}

export function indexElement(index: number): PathElement {
  return { kind: "index", id: `i:${index}`, index };
}

export type ParsedElement =
  | { readonly kind: "element"; readonly element: PathElement }
  /** A form that a later version may know: left out. */
  | { readonly kind: "unknown" }
  | { readonly kind: "invalid" };

/** Reads a step as it stands in FieldsV1. */
export function parsePathElement(text: string): ParsedElement {
  if (text.length < 2 || text[1] !== ":") return { kind: "invalid" };
  const rest = text.slice(2);
  switch (text[0]) {
    case "f":
      return { kind: "element", element: fieldElement(rest) };
    case "v":
      return parseValue(rest);
    case "k":
      return parseKey(rest);
    case "i":
      return /^[+-]?\d+$/.test(rest)
        ? { kind: "element", element: indexElement(Number(rest)) }
        : { kind: "invalid" };
    default:
      return { kind: "unknown" };
  }
}

/** The order in which FieldsV1 lists steps: fields, keys, values, places. */
export function comparePathElements(a: PathElement, b: PathElement): number {
  if (a.kind === "field" && b.kind === "field") return compareText(a.name, b.name);
  if (a.kind === "key" && b.kind === "key") return compareKeys(a.fields, b.fields);
  if (a.kind === "value" && b.kind === "value") return compareValues(a.value, b.value);
  if (a.kind === "index" && b.kind === "index") return a.index - b.index;
  return kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind);
}

/** `.spec.holderIdentity`, `.metadata.ownerReferences[uid="1"]`, `.metadata.finalizers[="a"]` */
export function printPath(path: Path): string {
  return path.map(printPathElement).join("");
}

export function printPathElement(element: PathElement): string {
  switch (element.kind) {
    case "field":
      return `.${element.name}`;
    case "key":
      return `[${element.fields.map((field) => `${field.name}=${printValue(field.value)}`).join(",")}]`;
    case "value":
      return `[=${printValue(element.value)}]`;
    case "index":
      return `[${element.index}]`;
  }
}

const kindOrder: readonly PathElement["kind"][] = ["field", "key", "value", "index"];

function parseValue(text: string): ParsedElement {
  const value = parseJson(text);
  return value === undefined ? { kind: "invalid" } : { kind: "element", element: valueElement(value) };
}

function parseKey(text: string): ParsedElement {
  const value = parseJson(text);
  if (value === undefined || value === null || typeof value !== "object" || isJsonList(value)) {
    return { kind: "invalid" };
  }
  const fields: KeyField[] = [];
  for (const [name, item] of Object.entries(value))
    if (item !== undefined) fields.push({ name, value: item });
  return { kind: "element", element: keyElement(fields) };
}

function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text) as JsonValue;
    return value;
  } catch {
    return undefined;
  }
}

function compareKeys(a: readonly KeyField[], b: readonly KeyField[]): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined) return 1;
    const order = compareText(left.name, right.name) || compareValues(left.value, right.value);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numbers, then strings, then booleans, then everything else, of which no key is made. */
function compareValues(a: JsonValue, b: JsonValue): number {
  const order = valueRank(a) - valueRank(b);
  if (order !== 0) return order;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  return compareText(encodeJsonValue(a), encodeJsonValue(b));
}

function isNumber(value: JsonValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function valueRank(value: JsonValue): number {
  if (isNumber(value)) return 0;
  if (typeof value === "string") return 1;
  if (typeof value === "boolean") return 2;
  return isJsonList(value) ? 3 : value === null ? 5 : 4;
}

function printValue(value: JsonValue): string {
  if (typeof value === "string") return quote(value);
  if (value === null) return "null";
  if (isJsonList(value)) return `[${value.map(printValue).join(",")}]`;
  return goPrint(value);
}
