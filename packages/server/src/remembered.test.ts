import assert from "node:assert/strict";
import { test } from "node:test";
import { Remembered } from "./remembered.ts";

test("what was remembered last is there, and what is asked for stays", () => {
  const remembered = new Remembered<object, number>(3);
  const keys = Array.from({ length: 9 }, () => ({}));
  for (const [index, key] of keys.entries()) {
    remembered.set(key, index);
    assert.equal(remembered.get(keys[0] ?? {}), 0, "the first key is asked for all the time");
  }
  assert.deepEqual(
    keys.slice(-3).map((key) => remembered.get(key)),
    [6, 7, 8],
  );
});

test("never more than twice the count is remembered", () => {
  const remembered = new Remembered<object, number>(10);
  const keys = Array.from({ length: 100 }, () => ({}));
  for (const [index, key] of keys.entries()) remembered.set(key, index);
  const left = keys.filter((key, index) => index < 79 && remembered.get(key) !== undefined);
  assert.deepEqual(left, []);
});
