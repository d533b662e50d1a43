import type { Freshness, List, Read, Write } from "../history/operation.ts";

/**
 * Histories in few words, for the checkers' own tests. `interval` is "called-returned"; all are of one key, "k", unless told. Values end
 * in their revision where it matters: "a" has the revision 1, "b" 2, and so on; a "v" with a number has that number plus one.
 */
export function write(
  interval: string,
  change: string,
  outcome: "done" | "done or created" | "refused" | "unknown" = "done",
): Write {
  const [before = "", after = ""] = change.split(">").map((side) => side.trim());
  const value = after === "" ? undefined : after;
  const told = {
    done: { kind: "done", revision: value === undefined ? undefined : revisionOf(value) },
    refused: { kind: "refused" },
    unknown: { kind: "unknown", because: "the connection broke" },
  } as const;
  return {
    kind: "write",
    client: "writer",
    key: "k",
    ...times(interval),
    expect: before === "" ? undefined : before,
    orAbsent: outcome === "done or created",
    value,
    outcome: told[outcome === "done or created" ? "done" : outcome],
  };
}

export function read(interval: string, value: string | undefined): Read {
  const found = value === undefined ? undefined : { value, revision: revisionOf(value) };
  return { kind: "read", client: "reader", key: "k", ...times(interval), found };
}

/** A list in which "k" is all there is. */
export function list(interval: string, freshness: Freshness, value: string | undefined): List {
  const revision =
    freshness.kind === "newest" && value !== undefined ? revisionOf(value) : revisionIn(freshness);
  const version = value === undefined ? undefined : { value, revision: revisionOf(value) };
  const items = new Map(version === undefined ? [] : [["k", version]]);
  return { kind: "list", client: "lister", ...times(interval), freshness, revision, items };
}

export function revisionOf(value: string): number {
  const number = /^v(\d+)$/.exec(value)?.[1];
  return number === undefined ? value.charCodeAt(0) - "a".charCodeAt(0) + 1 : Number(number) + 1;
}

function revisionIn(freshness: Freshness): number {
  return freshness.kind === "newest" ? 0 : freshness.revision;
}

function times(interval: string): { readonly calledAt: number; readonly returnedAt: number } {
  const [calledAt = 0, returnedAt = 0] = interval.split("-").map(Number);
  return { calledAt, returnedAt };
}
