import { limits } from "../limits.ts";
import type { RequestHeaders } from "./exchange.ts";

/**
 * Reads header lines as Node leaves them (name, value, name, value, …). A repeated name keeps its values apart, in order:
 * joined by commas, `Impersonate-Group: a, b` could not be told from two groups.
 */
export function readHeaders(lines: readonly string[]): RequestHeaders {
  const headers: Record<string, string | string[] | undefined> = { __proto__: null as never };
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lowerCase(lines[at] ?? "");
    const value = lines[at + 1] ?? "";
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (typeof before === "string") headers[name] = [before, value];
    else before.push(value);
  }
  return headers;
}

/**
 * The same, where Node has joined the lines already: as long as nothing was repeated, its object says all, and need not be
 * made a second time.
 */
export function distinctHeaders(joined: RequestHeaders, lines: readonly string[]): RequestHeaders {
  let names = 0;
  for (const name in joined) if (name !== "") names++;
  return names * 2 === lines.length ? joined : readHeaders(lines);
}

/** The first value of a header, as Go's `Header.Get` gives it; empty when there is none. `name` in lower case. */
export function firstHeader(headers: RequestHeaders, name: string): string {
  const value = headers[name];
  if (value === undefined) return "";
  return typeof value === "string" ? value : (value[0] ?? "");
}

/** Every value of a header, in order. `name` in lower case. */
export function allHeaders(headers: RequestHeaders, name: string): readonly string[] {
  const value = headers[name];
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** Clients spell a few dozen names in a few ways; a hit saves making the lower-case string anew for each request. */
function lowerCase(name: string): string {
  const known = spellings.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (spellings.size < limits.httpRememberedHeadersMax) spellings.set(name, lower);
  return lower;
}

const spellings = new Map<string, string>();
