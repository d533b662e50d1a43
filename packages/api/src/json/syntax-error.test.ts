import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonDepthMax, jsonSyntaxError } from "./syntax-error.ts";

const cases: readonly (readonly [text: string, error?: string])[] = [
  [`{"a":[1,-0.5e+3,"x",true,false,null,{}]} `],
  ["0"],
  ["", "unexpected end of JSON input"],
  ["{", "unexpected end of JSON input"],
  [`{"a`, "unexpected end of JSON input"],
  ["-", "invalid character ' ' in numeric literal"],
  ["tru", "invalid character ' ' in literal true (expecting 'e')"],
  ["not json", "invalid character 'o' in literal null (expecting 'u')"],
  [`{"a":1,}`, "invalid character '}' looking for beginning of object key string"],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  [`{'a':1}`, String.raw`invalid character '\'' looking for beginning of object key string`],
  [`{"a" 1}`, "invalid character '1' after object key"],
  [`{"a":01}`, "invalid character '1' after object key:value pair"],
  ["[1 2]", "invalid character '2' after array element"],
  ["{} x", "invalid character 'x' after top-level value"],
  ["1.", "invalid character ' ' after decimal point in numeric literal"],
  ["1e+", "invalid character ' ' in exponent of numeric literal"],
  [`"\\x"`, "invalid character 'x' in string escape code"],
  [`"\\u12g4"`, String.raw`invalid character 'g' in \u hexadecimal character escape`],
  [`"\u0001"`, String.raw`invalid character '\x01' in string literal`],
  [`"a""`, "invalid character '\"' after top-level value"],
  [`[é]`, "invalid character 'Ã' looking for beginning of value"],
  ["\ufeff{}", "invalid character 'ï' looking for beginning of value"],
  ["[".repeat(jsonDepthMax) + "]".repeat(jsonDepthMax)],
  ["[".repeat(jsonDepthMax + 1), "invalid character '[' exceeded max depth"],
];

for (const [text, error] of cases) {
  test(`${text.slice(0, 30)} is ${error === undefined ? "JSON" : `no JSON: ${error}`}`, () => {
    assert.equal(jsonSyntaxError(new TextEncoder().encode(text)), error);
  });
}
