import assert from "node:assert/strict";
import { test } from "node:test";
import { durationProblem } from "./go-duration.ts";

const durations: readonly (readonly [text: string, problem: string | undefined])[] = [
  ["0", undefined],
  ["-0", undefined],
  ["5s", undefined],
  ["-1h2.5m", undefined],
  [".5s", undefined],
  ["5.s", undefined],
  ["1\u00b5s", undefined],
  ["2562047h47m16.854775807s", undefined],
  ["", 'time: invalid duration ""'],
  ["bad", 'time: invalid duration "bad"'],
  ["-", 'time: invalid duration "-"'],
  [".s", 'time: invalid duration ".s"'],
  ["5", 'time: missing unit in duration "5"'],
  ["1s5", 'time: missing unit in duration "1s5"'],
  ["5x", 'time: unknown unit "x" in duration "5x"'],
  ["5 s", 'time: unknown unit " s" in duration "5 s"'],
  ["9999999h", 'time: invalid duration "9999999h"'],
  ["\u00e9", 'time: invalid duration "\\xc3\\xa9"'],
];

test("a duration is read as Go's time package reads it", () => {
  for (const [text, problem] of durations) assert.equal(durationProblem(text), problem, text);
});
