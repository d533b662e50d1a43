import { sortedKeys } from "../json/encode-value.ts";
import { quote } from "../quote.ts";
import type { JsonValue } from "../schema.ts";
import type { ResolvedScalar } from "./resolve-scalar.ts";

/** A node whose meaning is known. */
export type YamlValue = {
  readonly json: JsonValue;
  /** How many nodes it takes to make it, those of its aliases included. */
  readonly size: number;
  /** Counted from 1. */
  readonly line: number;
} & (
  | { readonly kind: "scalar"; readonly scalar: ResolvedScalar; readonly isMerge: boolean }
  | { readonly kind: "list"; readonly items: readonly YamlValue[] }
  | { readonly kind: "mapping"; readonly entries: YamlEntries }
);

/** The pairs of a mapping by their keys, which are the same only if their types are: 1 is not "1". */
export type YamlEntries = ReadonlyMap<string, YamlEntry>;

export interface YamlEntry {
  readonly key: ResolvedScalar;
  readonly value: YamlValue;
}

/** What tells a key from others. */
export function identityOf(key: ResolvedScalar): string {
  const kind = key.kind === "timestamp" || key.kind === "merge" ? "string" : key.kind;
  return `${kind}:${String(key.value)}`;
}

/** A value as Go writes it in its sources, with the types of its containers. */
export function goSyntax(value: JsonValue): string {
  if (value === null) return "interface {}(nil)";
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[]interface {}{${value.map((item) => goSyntax(item)).join(", ")}}`;
  const pairs = sortedKeys(value).map((key) => `${quote(key)}:${goSyntax(value[key] ?? null)}`);
  return `map[interface {}]interface {}{${pairs.join(", ")}}`;
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
