import { quote } from "@leasehold/api";
import { unescapedText } from "./unescaped-text.ts";

/** The parameters of a URL, each with all its values in order. */
export type Query = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a raw query as Go's `url.ParseQuery` does: a plus is a space, and a pair that cannot be decoded or holds a semicolon
 * is dropped without a word.
 */
export function parseQuery(raw: string): Query {
  if (raw === "") return noParameters;
  const query = new Map<string, string[]>();
  for (const pair of raw.split("&")) {
    if (pair === "" || pair.includes(";")) continue;
    const equals = pair.indexOf("=");
    const name = unescapePart(equals === -1 ? pair : pair.slice(0, equals));
    const value = unescapePart(equals === -1 ? "" : pair.slice(equals + 1));
    if (name === undefined || value === undefined) continue;
    const values = query.get(name);
    if (values === undefined) query.set(name, [value]);
    else values.push(value);
  }
  return query;
}

/** The first value, as all single-valued parameters are read; empty when there is none. */
export function textParameter(query: Query, name: string): string {
  return query.get(name)?.[0] ?? "";
}

/** Present and not "false" (in any case) or "0" is true: `?watch`, `watch=1` and `watch=bogus` all are. */
export function flagParameter(query: Query, name: string): boolean | undefined {
  const value = query.get(name)?.[0];
  return value === undefined ? undefined : value !== "0" && value.toLowerCase() !== "false";
}

/** A number, or Go's complaint about it. */
export type IntegerParameter =
  | { readonly kind: "absent" }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "malformed"; readonly message: string };

export function integerParameter(query: Query, name: string): IntegerParameter {
  const text = query.get(name)?.[0];
  if (text === undefined) return { kind: "absent" };
  const problem = integerProblem(text);
  if (problem === undefined) return { kind: "integer", value: BigInt(text.replace("+", "")) };
  return { kind: "malformed", message: `strconv.ParseInt: parsing ${quote(text)}: ${problem}` };
}

const noParameters: Query = new Map();

function integerProblem(text: string): string | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return "invalid syntax";
  const value = BigInt(text.replace("+", ""));
  return BigInt.asIntN(64, value) === value ? undefined : "value out of range";
}

function unescapePart(part: string): string | undefined {
  const spaced = part.includes("+") ? part.replaceAll("+", " ") : part;
  return /%(?![0-9A-Fa-f]{2})/.test(spaced) ? undefined : unescapedText(spaced);
}
