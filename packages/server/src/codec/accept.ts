import { limits } from "../limits.ts";

/** One alternative of an Accept header. */
export interface AcceptClause {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  /** Without `q`. The last of equal names counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads an Accept header into its alternatives, the preferred first. What cannot be read is left out.
 *
 * As munnerz/goautoneg, with its oddities, because clients were tried against them: whitespace is spaces only, a quality
 * that is no number is 0, and 0 still counts as acceptable.
 */
export function parseAccept(header: string): readonly AcceptClause[] {
  const alternatives = pieces(header, ",").slice(0, limits.httpAcceptAlternativesMax);
  const clauses = alternatives.flatMap((part) => readClause(trim(part)) ?? []);
  return sortAsGo(clauses);
}

function readClause(part: string): AcceptClause | undefined {
  const [media = "", ...parameters] = pieces(part, ";");
  const [type = "", subtype, ...more] = pieces(media, "/");
  if (more.length > 0) return undefined;
  const name = trim(type);
  if (subtype === undefined && name !== "*") return undefined;
  return { type: name, subtype: subtype === undefined ? "*" : trim(subtype), ...readParameters(parameters) };
}

function readParameters(parts: readonly string[]): Pick<AcceptClause, "quality" | "parameters"> {
  let quality = 1;
  const parameters = new Map<string, string>();
  for (const part of parts) {
    const [name = "", value, ...more] = pieces(part, "=");
    if (value === undefined || more.length > 0) continue;
    if (trim(name) === "q") quality = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : 0;
    else parameters.set(trim(name), trim(value));
  }
  return { quality, parameters };
}

/** Up to here Go's sort.Sort sorts by insertion, which takes the square of its time. */
const insertedMax = 12;

/**
 * Go's sort.Sort of a dozen elements or fewer: insertion, with an order that is not one (a wildcard loses against a name
 * whatever their qualities). The outcome depends on the algorithm, so it is repeated here. No client means anything by more
 * alternatives than that, and they are sorted by the same order in another way.
 */
function sortAsGo(clauses: AcceptClause[]): readonly AcceptClause[] {
  if (clauses.length > insertedMax) {
    return clauses.toSorted(
      (one, other) => Number(isPreferred(other, one)) - Number(isPreferred(one, other)),
    );
  }
  for (let end = 1; end < clauses.length; end++) {
    for (let at = end; at > 0; at--) {
      const before = clauses[at - 1];
      const here = clauses[at];
      if (before === undefined || here === undefined || !isPreferred(here, before)) break;
      clauses[at - 1] = here;
      clauses[at] = before;
    }
  }
  return clauses;
}

function isPreferred(clause: AcceptClause, other: AcceptClause): boolean {
  if (clause.quality > other.quality) return true;
  if (clause.type !== "*" && other.type === "*") return true;
  return clause.subtype !== "*" && other.subtype === "*";
}

/** Splits, without the empty piece behind a separator that ends the text. */
function pieces(text: string, separator: string): string[] {
  const all = text.split(separator);
  if (all.at(-1) === "") all.pop();
  return all;
}

function trim(text: string): string {
  return text.replace(/^ +| +$/g, "");
}
