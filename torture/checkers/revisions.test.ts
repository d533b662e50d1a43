import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change, Operation, Write } from "../history/operation.ts";
import { checkRevisions } from "./revisions.ts";
import { list, read, revisionOf, write } from "./sample-history.ts";

const a = change("ADDED", "a");
const b = change("MODIFIED", "b");
const c = change("MODIFIED", "c");
const chain = [write("0-1", "> a"), write("2-3", "a > b"), write("4-5", "b > c")];

const good: Readonly<Record<string, readonly [readonly Operation[], readonly Change[]]>> = {
  "a chain of acknowledged writes": [chain, [a, b, c]],
  "a write of unknown outcome that happened": [
    [write("0-1", "> a"), write("2-3", "a > b", "unknown")],
    [a, b],
  ],
  "a write of unknown outcome that did not": [[write("0-1", "> a"), write("2-3", "a > b", "unknown")], [a]],
  "a write that was refused, and did not happen": [
    [write("0-1", "> a"), write("2-5", "a > b"), write("3-4", "a > x", "refused")],
    [a, b],
  ],
  "a deletion, tried by two": [
    [write("0-1", "> a"), write("2-3", "a >"), write("2-3", "a >", "refused")],
    [a, { ...change("DELETED", "a"), revision: 2 }],
  ],
  "a PUT that created": [
    [write("0-1", "> a"), write("2-3", "a >"), write("4-5", "a > c", "done or created")],
    [a, { ...change("DELETED", "a"), revision: 2 }, { ...change("ADDED", "c"), revision: 3 }],
  ],
  "lists that show the state of their revision": [
    [
      ...chain,
      list("6-7", { kind: "exactly", revision: 2 }, "b"),
      list("6-7", { kind: "newest" }, "c"),
      list("6-7", { kind: "exactly", revision: 1 }, "a"),
    ],
    [a, b, c],
  ],
};

const bad: Readonly<Record<string, readonly [readonly Operation[], readonly Change[], RegExp]>> = {
  "an acknowledged write that nobody saw": [chain, [a, b], /^lost: writer's write of k from b to c/],
  "an acknowledged write at another revision": [
    [write("0-1", "> a")],
    [{ ...a, revision: 7 }],
    /told revision 1 and happened at 7/,
  ],
  "a revision that goes back": [chain, [a, c, b], /revision 2 follows revision 3/],
  "a revision used twice": [
    [write("0-1", "> a"), otherKey(write("0-1", "> x", "unknown"))],
    [a, { ...change("ADDED", "x"), key: "other", revision: 1 }],
    /revision 1 follows revision 1/,
  ],
  "a refused write that happened": [
    [write("0-1", "> a"), write("2-3", "a > b", "refused")],
    [a, b],
    /was refused, and happened/,
  ],
  "a change that nobody asked for": [[write("0-1", "> a")], [a, b], /was written by nobody/],
  "a write over something else than it expected": [
    [write("0-1", "> a"), write("2-3", "a > b"), write("4-5", "a > c", "unknown")],
    [a, b, c],
    /expected a and replaced b/,
  ],
  "an event of the wrong kind": [[write("0-1", "> a")], [change("MODIFIED", "a")], /follows nothing/],
  "a smaller revision after a greater one was told": [
    [write("0-1", "> b"), otherKey(write("2-3", "> a"))],
    [
      { ...a, key: "other" },
      { ...b, type: "ADDED" },
    ],
    /got revision 1 after somebody had been told 2/,
  ],
  "a newest list that is older than what is known": [
    [...chain, list("6-7", { kind: "newest" }, "b")],
    [a, b, c],
    /listed newest at 2 when 3 was known/,
  ],
  "a list that is older than what it asked for": [
    [...chain, { ...list("6-7", { kind: "not-older-than", revision: 3 }, "b"), revision: 2 }],
    [a, b, c],
    /listed not-older-than at 2/,
  ],
  "a list at another revision than exactly that": [
    [...chain, { ...list("6-7", { kind: "exactly", revision: 1 }, "b"), revision: 2 }],
    [a, b, c],
    /when asking for exactly 1/,
  ],
  "a list that mixes two states": [
    [...chain, list("6-7", { kind: "exactly", revision: 2 }, "a")],
    [a, b, c],
    /listed at 2: k=a@1; it was: k=b@2/,
  ],
  "a read with a revision that the value never had": [
    [...chain, { ...read("6-7", "c"), found: { value: "c", revision: 2 } }],
    [a, b, c],
    /read k = c at 2; it was written at 3/,
  ],
};

for (const [name, [operations, changes]] of Object.entries(good))
  test(`revisions hold: ${name}`, () => assert.deepEqual(checkRevisions({ operations, changes }), []));

for (const [name, [operations, changes, says]] of Object.entries(bad))
  test(`revisions do not hold: ${name}`, () =>
    assert.match(checkRevisions({ operations, changes }).join("\n"), new RegExp(says, "m")));

function change(type: Change["type"], value: string): Change {
  return { type, key: "k", value, revision: revisionOf(value) };
}

function otherKey(write: Write): Write {
  return { ...write, key: "other" };
}
