import assert from "node:assert/strict";
import { test } from "node:test";
import { Witness } from "./witness.ts";

/** What is said, and how often two lead at once in it. */
const cases: readonly (readonly [name: string, lines: string, overlaps: number])[] = [
  ["one after the other", "a started, a leading, a stopped, b started, b leading", 0],
  ["two at once, however often they say so", "a started, b started, a leading, b leading, a leading", 1],
  ["a claim that nothing announced", "a started, b leading", 1],
  ["one that says a last word too late", "a started, b started, a stopped", 1],
  ["one that is dead", "a started, a gone, b started", 0],
  [
    "one that is paused and has noticed",
    "a started, a paused, b started, a resumed, a stopped, b leading",
    0,
  ],
  ["one that is paused and has not noticed", "a started, a paused, b started, a resumed, a leading", 1],
  [
    "one that is paused and whom nobody has followed",
    "a started, a paused, a resumed, a leading, b stopped",
    0,
  ],
  ["one that comes back", "a started, a stopped, b started, b stopped, a started", 0],
];

for (const [name, lines, overlaps] of cases) {
  test(`the witness sees ${overlaps === 0 ? "no overlap" : "an overlap"} of ${name}`, () => {
    const witness = new Witness();
    for (const line of lines.split(", ")) witness.hear(line);
    assert.equal(witness.overlaps.length, overlaps);
  });
}
