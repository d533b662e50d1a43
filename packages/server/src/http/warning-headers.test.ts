import assert from "node:assert/strict";
import { test } from "node:test";
import { withWarnings } from "./warning-headers.ts";

interface WarningCase {
  readonly what: string;
  readonly given: readonly string[];
  readonly told: readonly string[];
}

const long = (first: string): string => first + "x".repeat(299);
const cut = (first: string): string => `299 - "${first}${"x".repeat(255)}"`;
const letters = Array.from("abcdefghijklmnopqrstuvwxyz");

const cases: readonly WarningCase[] = [
  { what: "a warning", given: ["mind this"], told: ['299 - "mind this"'] },
  { what: "quotes and backslashes", given: ['a "b" \\'], told: ['299 - "a \\"b\\" \\\\"'] },
  { what: "other alphabets", given: ["\u0436\u{1f41e}"], told: ['299 - "\u0436\u{1f41e}"'] },
  { what: "one with a control character", given: ["a\tb", "c"], told: ['299 - "c"'] },
  { what: "a long one alone", given: [long("a")], told: [`299 - "${long("a")}"`] },
  { what: "one that is too long", given: ["x".repeat(4097)], told: [cut("x")] },
  { what: "too many long ones", given: letters.map(long), told: letters.slice(0, 16).map(cut) },
];

for (const { what, given, told } of cases) {
  test(`warnings are told in headers: ${what}`, () => {
    const answer = withWarnings({ status: 200, headers: {}, body: "" }, new Set(given));
    assert.deepEqual(answer.headers["Warning"], told);
  });
}
