import assert from "node:assert/strict";
import { test } from "node:test";
import { assert as check, property, uint8Array } from "fast-check";
import { exactBytes, exactText, goText } from "./go-text.ts";
import { jsonString } from "./json-text.ts";

const texts: readonly (readonly [hex: string, exact: string, read: string, json: string])[] = [
  ["61c3a9", "aé", "aé", '"aé"'],
  ["ff", "\udcff", "\ufffd", String.raw`"\ufffd"`],
  ["c328", "\udcc3(", "\ufffd(", String.raw`"\ufffd("`],
  ["e282", "\udce2\udc82", "\ufffd\ufffd", String.raw`"\ufffd\ufffd"`],
  ["eda080", "\udced\udca0\udc80", "\ufffd\ufffd\ufffd", String.raw`"\ufffd\ufffd\ufffd"`],
  ["efbfbd", "\ufffd", "\ufffd", '"\ufffd"'],
  ["80f09f9880", "\udc80😀", "\ufffd😀", String.raw`"\ufffd😀"`],
];

for (const [hex, exact, read, json] of texts) {
  test(`the bytes ${hex} are a text that tells them, and one that replaces them`, () => {
    const bytes = Buffer.from(hex, "hex");
    assert.equal(exactText(bytes), exact);
    assert.equal(goText(bytes), read);
    assert.equal(jsonString(exact), json);
  });
}

test("any bytes come back as they were", () => {
  check(
    property(uint8Array(), (bytes) => {
      assert.deepEqual(exactBytes(exactText(bytes)), bytes);
    }),
  );
});
