import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../coordination/testing/manual-clock.ts";
import { BookmarkTimer } from "./bookmark-timer.ts";

/** Seconds: how long the watch lives, whether it began with the state, and when it has bookmarks. */
const lives: readonly (readonly [life: number, soon: boolean, at: readonly number[]])[] = [
  [1, false, []],
  [2, false, []],
  [4, false, [2]],
  [62, false, [60]],
  [63, false, [60, 61]],
  [130, false, [60, 120, 128]],
  [2, true, [1.5]],
  [3, true, [1]],
  [4, true, [1.5, 2]],
  [65, true, [1.5, 61.5, 63]],
];

for (const [life, soon, at] of lives) {
  const beginning = soon ? "the present state" : "a version";
  test(`a watch of ${life} s from ${beginning} has bookmarks after [${at.join()}] s`, async () => {
    const clock = new ManualClock();
    const timer = new BookmarkTimer(clock, { deadlineMs: life * 1000, soon });
    const end = Promise.withResolvers<string>();
    clock.schedule(life * 1000, () => end.resolve("over"));
    const due: number[] = [];
    const watching = (async () => {
      while ((await timer.wait(end.promise)).kind === "bookmark-due") due.push(clock.monotonicMs() / 1000);
    })();
    await clock.advance(life * 1000);
    await watching;
    timer.stop();
    assert.deepEqual(due, at);
  });
}

test("an item that is there goes before a bookmark that is due", async () => {
  const clock = new ManualClock();
  const timer = new BookmarkTimer(clock, { deadlineMs: 600_000, soon: false });
  assert.deepEqual(await timer.wait(Promise.resolve("event")), { kind: "item", item: "event" });
  await clock.advance(60_000);
  assert.deepEqual(await timer.wait(new Promise(() => undefined)), { kind: "bookmark-due" });
  timer.stop();
});
