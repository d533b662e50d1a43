import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeContinueToken, encodeContinueToken, keyBefore, startAfter } from "./continue-token.ts";

function encoded(json: string): string {
  return Buffer.from(json).toString("base64url");
}

function token(fields: string): string {
  return encoded(`{"v":"meta.k8s.io/v1",${fields}}`);
}

test("a token leads back to where it was made", () => {
  const made = { start: startAfter("default/a"), revision: 7 };
  const text = encodeContinueToken(made);
  assert.equal(
    Buffer.from(text, "base64url").toString(),
    String.raw`{"v":"meta.k8s.io/v1","rv":7,"start":"default/a\u0000"}`,
  );
  assert.deepEqual(decodeContinueToken(text), { kind: "token", token: made });
  assert.equal(keyBefore(made.start), "default/a");
});

test("a range that begins at a key itself begins behind whatever stands before it", () => {
  const inOrder = ["a", "a-z", "a\u{fffd}", keyBefore("b"), "b"];
  assert.deepEqual(
    inOrder
      .map((key) => Buffer.from(key))
      .toSorted(Buffer.compare)
      .map(String),
    inOrder,
  );
});

const good: readonly (readonly [json: string, start: string, revision: number])[] = [
  ['{"v":"meta.k8s.io/v1","rv":5,"start":"a"}', "a", 5],
  ['{"v":"meta.k8s.io/v1","rv":5,"start":"/a"}', "a", 5],
  ['{"v":"meta.k8s.io/v1","rv":5,"start":"/"}', "", 5],
  ['{"V":"meta.k8s.io/v1","RV":5,"Start":"a","x":{}} ', "a", 5],
  ['{"v":"meta.k8s.io/v1","rv":5,"start":"a","start":"b"}', "b", 5],
  ['{"v":"meta.k8s.io/v1","rv":-7,"start":"a"}', "a", -1],
  ['{"v":"meta.k8s.io/v1","rv":9223372036854775807,"start":"a"}', "a", Number.MAX_SAFE_INTEGER],
];

for (const [json, start, revision] of good) {
  test(`${json} goes on at ${JSON.stringify(start)}, revision ${revision}`, () => {
    assert.deepEqual(decodeContinueToken(encoded(json)), { kind: "token", token: { start, revision } });
  });
}

/** Each as a kube-apiserver says it, behind "invalid continue token: continue key is not valid". */
const bad: readonly (readonly [text: string, problem: string])[] = [
  ["!!", ": illegal base64 data at input byte 0"],
  ["e30=", ": illegal base64 data at input byte 3"],
  ["éa", ": illegal base64 data at input byte 0"],
  ["abcde", ": illegal base64 data at input byte 4"],
  ["abcd\ne", ": illegal base64 data at input byte 5"],
  ["\n", ": unexpected end of JSON input"],
  ["abcd", ": invalid character 'i' looking for beginning of value"],
  [encoded("{"), ": unexpected end of JSON input"],
  [encoded("{}x"), ": invalid character 'x' after top-level value"],
  [encoded("[]"), ": json: cannot unmarshal array into Go value of type storage.continueToken"],
  [encoded("5"), ": json: cannot unmarshal number into Go value of type storage.continueToken"],
  [encoded("true"), ": json: cannot unmarshal bool into Go value of type storage.continueToken"],
  [encoded("null"), ": server does not recognize this encoded version "],
  [encoded("{}"), ": server does not recognize this encoded version "],
  [encoded('{"v":"v1","rv":5,"start":"a"}'), ": server does not recognize this encoded version v1"],
  [encoded('{"v":1}'), ": json: cannot unmarshal number into Go struct field continueToken.v of type string"],
  [token('"rv":"5"'), ": json: cannot unmarshal string into Go struct field continueToken.rv of type int64"],
  [
    token('"rv":1.5'),
    ": json: cannot unmarshal number 1.5 into Go struct field continueToken.rv of type int64",
  ],
  [
    token('"rv":5,"start":["a"]'),
    ": json: cannot unmarshal array into Go struct field continueToken.start of type string",
  ],
  [token('"rv":null,"start":"a"'), ": incorrect encoded start resourceVersion (version meta.k8s.io/v1)"],
  [token('"start":"a"'), ": incorrect encoded start resourceVersion (version meta.k8s.io/v1)"],
  [token('"rv":5'), ": encoded start key empty (version meta.k8s.io/v1)"],
  [token('"rv":5,"start":"../a"'), ": ../a"],
  [token('"rv":5,"start":"a/../b"'), ": a/../b"],
  [token('"rv":5,"start":"a//b"'), ": a//b"],
  [token('"rv":5,"start":"a/"'), ": a/"],
  [token('"rv":5,"start":"."'), ": ."],
];

for (const [text, problem] of bad) {
  test(`${JSON.stringify(text)} is refused: ${problem.slice(2)}`, () => {
    const message = `invalid continue token: continue key is not valid${problem}`;
    assert.deepEqual(decodeContinueToken(text), { kind: "malformed", message });
  });
}
