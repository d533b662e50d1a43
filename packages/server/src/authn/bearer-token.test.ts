import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerToken, bearerTokenWarning } from "./bearer-token.ts";

const headers: readonly (readonly [header: string, token: string | undefined, isWarned: boolean])[] = [
  ["Bearer abc", "abc", false],
  ["bEARER abc and more", "abc", false],
  ["  Bearer abc ", "abc", false],
  ["Bearer  abc", undefined, true],
  [" bearer   abc", undefined, true],
  ["Bearer  ", undefined, false],
  ["Bearer", undefined, false],
  ["Basic  abc", undefined, false],
  ["", undefined, false],
];

for (const [header, token, isWarned] of headers) {
  test(`${JSON.stringify(header)} holds ${token ?? "no token"}${isWarned ? ", which is worth a warning" : ""}`, () => {
    assert.equal(bearerToken(header), token);
    assert.equal(bearerTokenWarning(header) !== undefined, isWarned);
  });
}
