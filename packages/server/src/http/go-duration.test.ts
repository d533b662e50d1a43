import assert from "node:assert/strict";
import { test } from "node:test";
import { durationProblem } from "./go-duration.ts";

test("a duration is read as Go reads it, and refused in Go's words", () => {
  const cases: readonly (readonly [text: string, problem: string | undefined])[] = [
    ["1s", undefined],
    ["-1s", undefined],
    ["0", undefined],
    ["1.5h3m", undefined],
    [".5ms", undefined],
    ["1µs", undefined],
    ["abc", 'time: invalid duration "abc"'],
    ["-", 'time: invalid duration "-"'],
    [".s", 'time: invalid duration ".s"'],
    ['"a', 'time: invalid duration "\\"a"'],
    ["5", 'time: missing unit in duration "5"'],
    ["5x", 'time: unknown unit "x" in duration "5x"'],
    ["1s2constructor", 'time: unknown unit "constructor" in duration "1s2constructor"'],
    ["999999999999h", 'time: invalid duration "999999999999h"'],
  ];
  for (const [text, problem] of cases) assert.equal(durationProblem(text), problem, text);
});
