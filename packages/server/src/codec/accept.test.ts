import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../limits.ts";
import { parseAccept } from "./accept.ts";

const orders: readonly (readonly [header: string, order: string])[] = [
  ["a/a,b/b", "a/a b/b"],
  ["a/a;q=0.1,b/b;q=0.5,c/c", "c/c b/b a/a"],
  ["*/*,a/*;q=0.1,a/a;q=0.01", "a/a a/* */*"],
  [rising(13), "x/13 x/12 x/11 x/10 x/9 x/8 x/7 x/6 x/5 x/4 x/3 x/2 x/1"],
];

for (const [header, order] of orders) {
  test(`of ${header} the preferred comes first`, () => {
    assert.equal(
      parseAccept(header)
        .map(({ type, subtype }) => `${type}/${subtype}`)
        .join(" "),
      order,
    );
  });
}

test("of a header with more alternatives than anybody means the first are looked at", () => {
  const clauses = parseAccept(rising(50_000));
  assert.equal(clauses.length, limits.httpAcceptAlternativesMax);
  assert.equal(clauses[0]?.subtype, String(limits.httpAcceptAlternativesMax));
});

/** Every alternative better than the one before: the longest way for a sort by insertion. */
function rising(count: number): string {
  return Array.from({ length: count }, (_, at) => `x/${at + 1};q=0.${String(at + 1).padStart(6, "0")}`).join(
    ",",
  );
}
