import assert from "node:assert/strict";
import { test } from "node:test";
import { codePointName, quote } from "./quote.ts";

/** Checked against Go's `%q`. */
const quoted: readonly (readonly [text: string, quoted: string])[] = [
  ["", '""'],
  ["a b", '"a b"'],
  ['"\\', '"\\"\\\\"'],
  ["\x07\b\f\n\r\t\v", '"\\a\\b\\f\\n\\r\\t\\v"'],
  ["\x00\x1b\x7f", '"\\x00\\x1b\\x7f"'],
  ["наме é 日本 😀", '"наме é 日本 😀"'],
  ["\u0085\u00a0\u00ad\u2028\ufeff", '"\\u0085\\u00a0\\u00ad\\u2028\\ufeff"'],
  ["\u{e0001}\u{10ffff}", '"\\U000e0001\\U0010ffff"'],
  ["\ud800", '"\ufffd"'],
  ["a\udcff", '"a\\xff"'],
];

for (const [text, expected] of quoted) {
  test(`${JSON.stringify(text)} is quoted as Go quotes it`, () => assert.equal(quote(text), expected));
}

test("a character is named by its number, and shown where it can be", () => {
  assert.equal(codePointName("\x07"), "U+0007");
  assert.equal(codePointName("A"), "U+0041 'A'");
  assert.equal(codePointName("😀"), "U+1F600 '😀'");
});
