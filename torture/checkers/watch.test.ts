import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../history/operation.ts";
import {
  changesIn,
  reachedBy,
  WatchChecker,
  type WatchItem,
  type WatchSession,
  type WatchStart,
} from "./watch.ts";

/** j and k are created, replaced by turns, and j is deleted at 6. */
const changes: readonly Change[] = [
  { revision: 1, key: "j", type: "ADDED", value: "j1" },
  { revision: 2, key: "k", type: "ADDED", value: "k2" },
  { revision: 3, key: "j", type: "MODIFIED", value: "j3" },
  { revision: 4, key: "k", type: "MODIFIED", value: "k4" },
  { revision: 5, key: "j", type: "MODIFIED", value: "j5" },
  { revision: 6, key: "j", type: "DELETED", value: "j5" },
  { revision: 7, key: "k", type: "MODIFIED", value: "k7" },
];
const [one, two, three, four, five, six, seven] = changes.map((change): WatchItem => ({
  kind: "event",
  ...change,
})) as [WatchItem, WatchItem, WatchItem, WatchItem, WatchItem, WatchItem, WatchItem];
const expired: WatchItem = { kind: "expired" };
const state: WatchStart = { kind: "state" };
const stateAt3 = [added("j", "j3", 3), added("k", "k2", 2)];

const good: readonly (readonly [string, WatchSession])[] = [
  ["nothing was told", session(after(0), [])],
  ["everything from the beginning", session(after(0), [one, two, three, four, five, six, seven])],
  ["a part, cut off anywhere", session(after(2), [three, four])],
  [
    "bookmarks where nothing follows",
    session(after(2), [bookmark(2), three, bookmark(3), bookmark(3), four]),
  ],
  ["a bookmark beyond the last change", session(after(6), [seven, bookmark(20)])],
  ["one key alone", session(after(1), [two, bookmark(3), four, bookmark(6), seven], "k")],
  ["an end that is said aloud", session(after(2), [three, expired])],
  ["a state, and what follows", session(state, [...stateAt3, endOfState(3), four, five])],
  ["an empty state of a key that is gone", session(state, [endOfState(6)], "j")],
  ["a state that was cut off", session(state, stateAt3.slice(1))],
];

const bad: readonly (readonly [string, WatchSession, RegExp])[] = [
  ["a change is missing", session(after(2), [three, five]), /gap: .* at 5 came, and .* at 4 did not/],
  ["the first change is missing", session(after(2), [four]), /gap: .* at 4 came, and .* at 3 did not/],
  ["a bookmark swallows a change", session(after(2), [bookmark(3), four]), /gap: the bookmark 3 came before/],
  ["a change comes twice", session(after(2), [three, three]), /came again, or too late/],
  ["a change comes late", session(after(0), [two, one]), /came again, or too late/],
  ["a change from before the start", session(after(2), [two]), /came after 2 was over/],
  ["a change after a bookmark that was beyond it", session(after(6), [bookmark(8), seven]), /came after 8/],
  ["bookmarks that go back", session(after(0), [one, bookmark(1), bookmark(0)]), /goes back behind 1/],
  ["another value", session(after(2), [{ ...three, value: "x" } as WatchItem]), /never happened/],
  ["another kind of event", session(after(2), [{ ...three, type: "ADDED" } as WatchItem]), /never happened/],
  ["a change that was rolled back", session(after(7), [added("k", "k8", 8)]), /never happened/],
  ["another key than was asked for", session(after(1), [two, three], "k"), /never happened/],
  [
    "a state that lacks a key",
    session(state, [...stateAt3.slice(1), endOfState(3)]),
    /the state at 3 was told/,
  ],
  [
    "a state that is older than it says",
    session(state, [...stateAt3, endOfState(4)]),
    /the state at 4 was told/,
  ],
  ["a state with a key twice", session(state, [...stateAt3, ...stateAt3, endOfState(3)]), /twice/],
  ["a state that is not told as additions", session(state, [three, two, endOfState(3)]), /inside the state/],
  ["a gap behind the state", session(state, [...stateAt3, endOfState(3), five]), /gap/],
  ["a state that ends twice", session(state, [...stateAt3, endOfState(3), endOfState(3)]), /second time/],
];

const checker = new WatchChecker(changes);
for (const [name, told] of good)
  test(`a watch holds: ${name}`, () => assert.deepEqual(checker.check(told), []));

for (const [name, told, says] of bad)
  test(`a watch does not hold: ${name}`, () => assert.match(checker.check(told).join("\n"), says));

test("a session has come as far as its last event or bookmark, and nowhere before its state is told", () => {
  assert.equal(reachedBy(session(after(2), [])), 2);
  assert.equal(reachedBy(session(after(2), [three, bookmark(9), expired])), 9);
  assert.equal(reachedBy(session(state, stateAt3)), undefined);
  assert.equal(reachedBy(session(state, [...stateAt3, endOfState(3), four])), 4);
});

test("the events that tell a state are no changes", () => {
  assert.deepEqual(changesIn(session(state, [...stateAt3, endOfState(3), four])), [four]);
  assert.deepEqual(changesIn(session(state, stateAt3)), []);
});

function session(start: WatchStart, items: readonly WatchItem[], key?: string): WatchSession {
  return { watcher: "w", key, start, items };
}

function after(revision: number): WatchStart {
  return { kind: "after", revision };
}

function added(key: string, value: string, revision: number): WatchItem {
  return { kind: "event", type: "ADDED", key, value, revision };
}

function bookmark(revision: number): WatchItem {
  return { kind: "bookmark", revision, endsState: false };
}

function endOfState(revision: number): WatchItem {
  return { kind: "bookmark", revision, endsState: true };
}
