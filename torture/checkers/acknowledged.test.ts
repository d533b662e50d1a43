import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoreLine } from "../scenarios/store-lines.ts";
import { Acknowledged } from "./acknowledged.ts";

const firstLife: readonly StoreLine[] = [
  { kind: "opened", revision: 0 },
  attempt("a1"),
  acknowledged(1),
  attempt("a2"),
  acknowledged(2),
];

const good: Readonly<Record<string, readonly StoreLine[]>> = {
  "what was acknowledged is there": [...firstLife, found("a2", 2), opened(2)],
  "what was under way happened": [...firstLife, attempt("a3"), found("a3", 3), opened(3)],
  "what was under way did not happen": [...firstLife, attempt("a3"), found("a2", 2), opened(2)],
  "what failed happened after all, at the next opening": [
    ...firstLife,
    attempt("a3"),
    { kind: "failed", key: "k", reason: "disk full" },
    found("a3", 3),
    opened(3),
  ],
  "a deletion": [...firstLife, attempt("-"), acknowledged(3), opened(3)],
  "a deletion that was under way": [...firstLife, attempt("-"), opened(3)],
  "revisions with holes": [...firstLife, found("a2", 2), opened(2), attempt("a3"), acknowledged(9)],
};

const bad: Readonly<Record<string, readonly [readonly StoreLine[], RegExp]>> = {
  "what was acknowledged is gone": [
    [...firstLife, opened(2)],
    /lost: k was acknowledged as a2 at 2, and is -/,
  ],
  "an older version is back": [[...firstLife, found("a1", 1), opened(2)], /lost: k/],
  "it stands at another revision": [[...firstLife, found("a2", 5), opened(5)], /lost: k/],
  "something that nobody wrote": [[...firstLife, found("x", 3), opened(3)], /lost: k/],
  "a deleted key is back": [
    [...firstLife, attempt("-"), acknowledged(3), found("a2", 2), opened(3)],
    /lost: k/,
  ],
  "the store goes back": [[...firstLife, found("a2", 2), opened(1)], /opens at revision 1, after 2/],
  "a revision is used twice": [
    [
      ...firstLife,
      { kind: "attempt", key: "other", value: "b1" },
      { kind: "acknowledged", key: "other", revision: 2 },
    ],
    /revision 2 was used twice/,
  ],
  "a revision from before": [[...firstLife, attempt("a3"), acknowledged(1)], /got revision 1 after it had 2/],
  "what an opening showed is gone at the next": [
    [...firstLife, attempt("a3"), found("a3", 3), opened(3), found("a2", 2), opened(3)],
    /lost: k was acknowledged as a3 at 3/,
  ],
  "what failed is shown in the same life": [
    [...firstLife, { kind: "shown", key: "k", value: "a3" }],
    /had failed/,
  ],
  "it does not open": [[...firstLife, { kind: "refused", reason: "damaged" }], /does not open: damaged/],
};

for (const [name, lines] of Object.entries(good))
  test(`kept: ${name}`, () => assert.deepEqual(breachesIn(lines), []));

for (const [name, [lines, says]] of Object.entries(bad))
  test(`not kept: ${name}`, () => assert.match(breachesIn(lines).join("\n"), says));

function breachesIn(lines: readonly StoreLine[]): readonly string[] {
  const book = new Acknowledged();
  for (const line of lines) book.hear(line);
  return book.breaches;
}

function attempt(value: string): StoreLine {
  return { kind: "attempt", key: "k", value };
}

function acknowledged(revision: number): StoreLine {
  return { kind: "acknowledged", key: "k", revision };
}

function found(value: string, revision: number): StoreLine {
  return { kind: "found", key: "k", value, revision };
}

function opened(revision: number): StoreLine {
  return { kind: "opened", revision };
}
