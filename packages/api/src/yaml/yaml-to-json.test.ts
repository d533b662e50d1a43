import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeJsonValue } from "../json/encode-value.ts";
import { readYaml } from "./yaml-to-json.ts";

function read(text: string) {
  return readYaml(new TextEncoder().encode(text));
}

const values: readonly (readonly [yaml: string, json: string])[] = [
  ["", "null"],
  ["# nothing\n", "null"],
  ["a: b\n...\n} what follows is not looked at", `{"a":"b"}`],
  ["--- 1\n--- 2\n", "1"],
  [
    "a: [yes, on, y, True, NO, off, n, ~, null, nUll]",
    `{"a":[true,true,true,true,false,false,false,null,null,"nUll"]}`,
  ],
  ["a: [0x1F, 017, 0b11, 1_000, +5, -0x10, 08, 0o17]", `{"a":[31,15,3,1000,5,-16,8,15]}`],
  ["a: [1e3, .5, 1., -1.5, 1_0.5, 12e03, ._5]", `{"a":[1000,0.5,1,-1.5,10.5,12000,"._5"]}`],
  [
    "a: [2001-01-01, 12:30:45, 2024-01-02T03:04:05Z]",
    `{"a":["2001-01-01","12:30:45","2024-01-02T03:04:05Z"]}`,
  ],
  ["a: 18446744073709551615\nb: 18446744073709551616", `{"a":18446744073709551615,"b":18446744073709552000}`],
  ["1: a\n1.5: b\ntrue: c\nx: d", `{"1":"a","1.5":"b","true":"c","x":"d"}`],
  [
    `a: !!str 1\nb: !!int "3"\nc: !foo 1\nd: !!binary aGk=\ne: !!float 1`,
    `{"a":"1","b":3,"c":"1","d":"hi","e":1}`,
  ],
  ["a: |\n  x\n   y\n\n  z\nb: >-\n  x\n  y\n\n  z\n\n", `{"a":"x\\n y\\n\\nz\\n","b":"x y\\nz"}`],
  [
    `a: "x\\n\\x41\\u00e9\\\n  y"\nb: 'it''s'\nc: p\n  q\n\n  r # s`,
    `{"a":"x\\nAéy","b":"it's","c":"p q\\nr"}`,
  ],
  ["a: &x {p: 1}\nb: *x\nc:\n  p: 2\n  <<: *x\n  q: 3", `{"a":{"p":1},"b":{"p":1},"c":{"p":1,"q":3}}`],
  ["a:\n- b\n- - c\n  - d\n- e: f\n  g: h", `{"a":["b",["c","d"],{"e":"f","g":"h"}]}`],
  ["x: {a: 1,\nb: 2}\nz: [\n1]", `{"x":{"a":1,"b":2},"z":[1]}`],
  ["? a\n: b\n", `{"a":"b"}`],
  [`{"a":{"b":[1,"x"]}}`, `{"a":{"b":[1,"x"]}}`],
];

for (const [yaml, json] of values) {
  test(`${JSON.stringify(yaml)} is ${json}`, () => {
    const reading = read(yaml);
    assert.equal(reading.kind === "read" ? encodeJsonValue(reading.value) : reading.message, json);
  });
}

const refusals: readonly (readonly [yaml: string, problem: string])[] = [
  ["{", "line 1: did not find expected node content"],
  ["a: [\n", "line 1: did not find expected node content"],
  ["a: b: c\n", "mapping values are not allowed in this context"],
  ["a:\n  b: 1\n c: 2\n", "line 2: did not find expected key"],
  ["- a\nb: 1\n", "line 1: did not find expected '-' indicator"],
  ["a: [1, 2\nb: 3\n", "line 1: did not find expected ',' or ']'"],
  ["a: {b: c\n\n\n", "line 3: did not find expected ',' or '}'"],
  ["a: 1\nb\nc: 2\n", "line 3: could not find expected ':'"],
  ["a: - b\n", "block sequence entries are not allowed in this context"],
  ["a:\n\tb: 1\n", "line 2: found character that cannot start any token"],
  ["a: @x\n", "found character that cannot start any token"],
  ["a: 'x\n", "line 2: found unexpected end of stream"],
  [`a: "x\\q"\n`, "found unknown escape character"],
  [`a: "\\ud83d"\n`, "found invalid Unicode character escape code"],
  ["a: |x\n", "did not find expected comment or line break"],
  ["a: >\n\tb\n", "line 2: found a tab character where an indentation space is expected"],
  ["a: *x\n", "unknown anchor 'x' referenced"],
  ["a: &x [*x]\n", "anchor 'x' value contains itself"],
  ["a: !!int x\n", "cannot decode !!str `x` as a !!int"],
  ["<<: 1\n", "map merge requires map or sequence of maps as the value"],
  ["? [a]\n: b\n", `invalid map key: []interface {}{"a"}`],
  ["%YAML 1.2\n---\na: b\n", "found incompatible YAML document"],
  ["a: \u0007\n", "control characters are not allowed"],
  ["[".repeat(10_001), "exceeded max depth of 10000"],
];

for (const [yaml, problem] of refusals) {
  test(`${JSON.stringify(yaml.slice(0, 40))} is refused: ${problem}`, () => {
    assert.deepEqual(read(yaml), { kind: "malformed", message: `yaml: ${problem}` });
  });
}

test("a document that grows by its aliases beyond measure is refused", () => {
  const levels = Array.from("bcdefghi", (letter, index) => {
    const before = "abcdefghi".charAt(index);
    return `${letter}: &${letter} [${Array.from({ length: 9 }, () => `*${before}`).join(",")}]`;
  });
  assert.deepEqual(read(`a: &a [x,x,x,x,x,x,x,x,x]\n${levels.join("\n")}`), {
    kind: "malformed",
    message: "yaml: document contains excessive aliasing",
  });
});

test("a byte order mark is no part of the text, and tells its encoding", () => {
  const encodings = [
    new TextEncoder().encode("\ufeffa: 1\nb: 2"),
    Uint8Array.from(Buffer.from("\ufeffa: 1\nb: 2", "utf16le")),
    Uint8Array.from(Buffer.from("\ufeffa: 1\nb: 2", "utf16le").swap16()),
  ];
  for (const bytes of encodings) {
    assert.deepEqual(readYaml(bytes), { kind: "read", value: { a: 1n, b: 2n }, strictError: undefined });
  }
});

test("JSON has no infinite numbers, and no keys that are null", () => {
  assert.deepEqual(read("a: -.inf"), { kind: "malformed", message: "json: unsupported value: -Inf" });
  assert.deepEqual(read("~: 1"), {
    kind: "malformed",
    message: "unsupported map key of type: %!s(<nil>), key: <nil>, value: 1",
  });
});

test("bytes that are no UTF-8 are refused by their kind", () => {
  const problems = [[0xff], [0x61, 0xe2, 0x82], [0xe2, 0x28, 0xa1], [0xc0, 0x80], [0xed, 0xa0, 0x80]].map(
    (bytes) => {
      const reading = readYaml(Uint8Array.from(bytes));
      return reading.kind === "malformed" ? reading.message : "";
    },
  );
  assert.deepEqual(problems, [
    "yaml: invalid leading UTF-8 octet",
    "yaml: incomplete UTF-8 octet sequence",
    "yaml: invalid trailing UTF-8 octet",
    "yaml: invalid length of a UTF-8 sequence",
    "yaml: invalid Unicode character",
  ]);
});
