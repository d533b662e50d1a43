import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operation } from "../history/operation.ts";
import { checkLinearizability } from "./linearizability.ts";
import { list, read, write } from "./sample-history.ts";

/** Each operation is drawn as the stretch of time between its call and its return. */
const good: Readonly<Record<string, readonly Operation[]>> = {
  "an empty history": [],
  "one after the other": [write("0-1", "> a"), read("2-3", "a"), write("4-5", "a > b"), read("6-7", "b")],
  "a read beside a write sees the old or the new": [
    write("0-1", "> a"),
    write("2-9", "a > b"),
    read("3-4", "a"),
    read("5-6", "b"),
  ],
  "two reads beside a write agree on an order": [
    write("0-1", "> a"),
    write("2-9", "a > b"),
    read("3-8", "b"),
    read("4-7", "a"),
  ],
  "of two with the same condition one wins": [
    write("0-1", "> a"),
    write("2-5", "a > b"),
    write("3-4", "a > c", "refused"),
  ],
  "the loser may return first": [
    write("0-1", "> a"),
    write("2-9", "a > b"),
    write("3-4", "a > c", "refused"),
    read("5-6", "b"),
  ],
  "a lost answer, and it happened": [write("0-1", "> a"), write("2-3", "a > b", "unknown"), read("4-5", "b")],
  "a lost answer, and it did not happen": [
    write("0-1", "> a"),
    write("2-3", "a > b", "unknown"),
    read("4-5", "a"),
    write("6-7", "a > c"),
  ],
  "a lost answer, and it happened much later": [
    write("0-1", "> a"),
    write("2-3", "a > b", "unknown"),
    read("4-5", "a"),
    read("6-7", "b"),
  ],
  "a refusal that only a lost write explains": [
    write("0-1", "> a"),
    write("2-3", "a > b", "unknown"),
    write("4-5", "a > c", "refused"),
    read("6-7", "b"),
  ],
  "two lost writes, the second on top of the first": [
    write("0-1", "> a", "unknown"),
    write("2-3", "a > b", "unknown"),
    read("4-5", "b"),
  ],
  "a lost creation between two others": [
    write("0-1", "> a"),
    write("2-3", "> b", "unknown"),
    write("4-5", "a >"),
    read("6-7", "b"),
    write("8-9", "b >"),
    write("10-11", "> c"),
  ],
  "a deletion, and a creation that waited for it": [
    write("0-1", "> a"),
    write("2-9", "a >"),
    write("3-8", "> b"),
    read("10-11", "b"),
  ],
  "a PUT of what is gone creates it": [
    write("0-1", "> a"),
    write("2-3", "a >"),
    write("4-5", "a > b", "done or created"),
    read("6-7", "b"),
  ],
  "a list of an older state may be stale": [
    write("0-1", "> a"),
    write("2-3", "a > b"),
    list("4-5", { kind: "exactly", revision: 1 }, "a"),
  ],
};

const bad: Readonly<Record<string, readonly Operation[]>> = {
  "a stale read": [write("0-1", "> a"), write("2-3", "a > b"), read("4-5", "a")],
  "a read of nothing after a write": [write("0-1", "> a"), read("2-3", undefined)],
  "a read from the future": [write("0-1", "> a"), read("2-3", "b"), write("4-5", "a > b")],
  "two reads that go back": [write("0-1", "> a"), write("2-9", "a > b"), read("3-4", "b"), read("5-6", "a")],
  "a lost update": [write("0-1", "> a"), write("2-3", "a > b"), write("4-5", "a > c"), read("6-7", "c")],
  "two winners of one condition": [write("0-1", "> a"), write("2-5", "a > b"), write("3-4", "a > c")],
  "two creations of one key": [write("0-3", "> a"), write("1-2", "> b")],
  "two deletions of one version": [write("0-1", "> a"), write("2-5", "a >"), write("3-4", "a >")],
  "a refusal of what was as expected": [
    write("0-1", "> a"),
    write("2-3", "a > b", "refused"),
    read("4-5", "a"),
  ],
  "a refused write that happened": [write("0-1", "> a"), write("2-3", "a > b", "refused"), read("4-5", "b")],
  "a write that failed, was read, and vanished": [
    write("0-1", "> a"),
    write("2-3", "a > b", "unknown"),
    read("4-5", "b"),
    read("6-7", "a"),
  ],
  "a lost write that happens twice": [
    write("0-1", "> a", "unknown"),
    read("2-3", "a"),
    write("4-5", "a >"),
    read("6-7", undefined),
    read("8-9", "a"),
  ],
  "a lost write that happens before its call": [
    write("0-1", "> a"),
    read("2-3", "b"),
    write("4-5", "a > b", "unknown"),
  ],
  "an acknowledged write that a crash has lost": [
    write("0-1", "> a"),
    write("2-3", "a > b"),
    write("4-5", "b > c", "unknown"),
    read("6-7", "a"),
  ],
  "a deleted key that comes back": [write("0-1", "> a"), write("2-3", "a >"), read("4-5", "a")],
  "a stale list": [write("0-1", "> a"), write("2-3", "a > b"), list("4-5", { kind: "newest" }, "a")],
};

for (const [name, operations] of Object.entries(good))
  test(`linearizable: ${name}`, () => assert.deepEqual(checkLinearizability(operations), []));

for (const [name, operations] of Object.entries(bad))
  test(`not linearizable: ${name}`, () => assert.equal(checkLinearizability(operations).length, 1));

test("a long history of many clients is checked in a moment, and one wrong read in it is found", () => {
  const operations: Operation[] = [write("0-1", "> v0")];
  for (let count = 1; count < 3000; count += 1) {
    const at = count * 10;
    // Each write lies beside three reads, and every tenth write is lost after it happened.
    const outcome = count % 10 === 0 ? "unknown" : "done";
    operations.push(write(`${at}-${at + 12}`, `v${count - 1} > v${count}`, outcome));
    for (const late of [0, 1, 2]) operations.push(read(`${at + 2 + late}-${at + 15 + late}`, `v${count}`));
  }
  assert.deepEqual(checkLinearizability(operations), []);
  const wrong = read("20004-20005", "v1900");
  const [violation] = checkLinearizability([...operations, wrong]);
  assert.equal(violation?.operation, wrong);
});
