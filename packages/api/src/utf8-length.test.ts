import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8Length } from "./utf8-length.ts";

test("a text is as long as its UTF-8", () => {
  for (const text of [
    "",
    "ascii",
    "é",
    "日本",
    "😀",
    "a😀é日",
    "\ud800",
    "\udc00a",
    "\ud800\ud800",
    "\ud83d\ude00\ud83d",
  ]) {
    assert.equal(utf8Length(text), Buffer.byteLength(text, "utf8"), JSON.stringify(text));
  }
});
