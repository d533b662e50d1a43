import assert from "node:assert/strict";
import { test } from "node:test";
import { parseResourceVersion } from "./resource-version.ts";

const versions: readonly (readonly [text: string, revision: number])[] = [
  ["", 0],
  ["0", 0],
  ["007", 7],
  ["12", 12],
  ["18446744073709551615", Number.MAX_SAFE_INTEGER],
];

for (const [text, revision] of versions) {
  test(`${JSON.stringify(text)} is revision ${revision}`, () => {
    assert.deepEqual(parseResourceVersion(text), { kind: "version", revision });
  });
}

const malformed: readonly (readonly [text: string, quoted: string, why: string])[] = [
  ["abc", '"abc"', "invalid syntax"],
  ["-1", '"-1"', "invalid syntax"],
  ["+5", '"+5"', "invalid syntax"],
  ["1.5", '"1.5"', "invalid syntax"],
  ["\u007f", String.raw`"\x7f"`, "invalid syntax"],
  ["18446744073709551616", '"18446744073709551616"', "value out of range"],
];

for (const [text, quoted, why] of malformed) {
  test(`${quoted} is no revision: ${why}`, () => {
    const message = `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: ${why}`;
    assert.partialDeepStrictEqual(parseResourceVersion(text), { kind: "malformed", message });
  });
}
