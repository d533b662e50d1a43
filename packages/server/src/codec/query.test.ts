import assert from "node:assert/strict";
import { test } from "node:test";
import { quote } from "@leasehold/api";
import { flagParameter, integerParameter, parseQuery, textParameter } from "./query.ts";

const queries: readonly (readonly [raw: string, query: Readonly<Record<string, readonly string[]>>])[] = [
  ["", {}],
  ["a=1&b=2&a=3", { a: ["1", "3"], b: ["2"] }],
  ["a&b=&=c&&", { a: [""], b: [""], "": ["c"] }],
  ["a=b=c", { a: ["b=c"] }],
  ["a+b=c+d%2Be", { "a b": ["c d+e"] }],
  ["%61=%C3%A9", { a: ["é"] }],
  ["a=%zz&b=%2&c=%&d=1", { d: ["1"] }],
  ["a;b=1&c=2", { c: ["2"] }],
  ["a=%ff%C3%A9%C3", { a: ["\udcffé\udcc3"] }],
];

for (const [raw, expected] of queries) {
  test(`${JSON.stringify(raw)} is read as Go reads it`, () => {
    assert.deepEqual(Object.fromEntries(parseQuery(raw)), expected);
  });
}

test("a byte that belongs to no character is quoted as that byte", () => {
  assert.equal(quote(textParameter(parseQuery("a=x%ff%E2%82"), "a")), String.raw`"x\xff\xe2\x82"`);
});

const flags: readonly (readonly [raw: string, value: boolean | undefined])[] = [
  ["", undefined],
  ["watch", true],
  ["watch=", true],
  ["watch=1", true],
  ["watch=bogus", true],
  ["watch=0", false],
  ["watch=False", false],
  ["watch=0&watch=1", false],
];

for (const [raw, value] of flags) {
  test(`${JSON.stringify(raw)} says ${value}`, () => {
    assert.equal(flagParameter(parseQuery(raw), "watch"), value);
  });
}

const integers: readonly (readonly [text: string, value: bigint | string])[] = [
  ["5", 5n],
  ["%2B5", 5n],
  ["-5", -5n],
  ["", "invalid syntax"],
  ["1_0", "invalid syntax"],
  ["0x1", "invalid syntax"],
  ["9223372036854775808", "value out of range"],
];

for (const [text, value] of integers) {
  test(`limit=${text} is ${value}`, () => {
    const parameter = integerParameter(parseQuery(`limit=${text}`), "limit");
    const message = `strconv.ParseInt: parsing ${JSON.stringify(text)}: ${value}`;
    const expected = typeof value === "bigint" ? { kind: "integer", value } : { kind: "malformed", message };
    assert.deepEqual(parameter, expected);
  });
}
