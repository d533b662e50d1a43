import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parse } from "yaml";
import { readYaml } from "./yaml-to-json.ts";
import { emitYaml } from "./emit.ts";
import { jsonToYaml } from "./json-to-yaml.ts";

const cases: readonly (readonly [json: string, yaml: string])[] = [
  [`{"b":1,"a":{"d":[],"c":{}}}`, "a:\n  c: {}\n  d: []\nb: 1\n"],
  [`{"l":["a",{"b":1,"c":[1,2]},[["x"]]]}`, "l:\n- a\n- b: 1\n  c:\n  - 1\n  - 2\n- - - x\n"],
  [`{"a10":1,"a2":2,"B":3,".":4}`, `.: 4\nB: 3\na2: 2\na10: 1\n`],
  [
    `["1","true","on","~","","2024-01-02T03:04:05Z","1:30"]`,
    `- "1"\n- "true"\n- "on"\n- "~"\n- ""\n- "2024-01-02T03:04:05Z"\n- "1:30"\n`,
  ],
  [
    `["# a","a: b"," a","a ","'a'","- a","-a","a:b","@"]`,
    `- '# a'\n- 'a: b'\n- ' a'\n- 'a '\n- '''a'''\n- '- a'\n- -a\n- a:b\n- '@'\n`,
  ],
  [`["a\\tb","жук 🐞","\\u0007"]`, `- "a\\tb"\n- "жук \\U0001F41E"\n- "\\a"\n`],
  [`{"a":"x\\ny\\n","b":"x\\n\\n","c":"x\\ny"}`, "a: |\n  x\n  y\nb: |+\n  x\n\nc: |-\n  x\n  y\n"],
  [`[1.5,1e21,1234567.8,null,true]`, "- 1.5\n- 1e+21\n- 1.2345678e+06\n- null\n- true\n"],
];

for (const [json, yaml] of cases) {
  test(`${json} is written as YAML`, () => assert.equal(jsonToYaml(json), yaml));
}

test("long text is folded at the first space beyond eighty columns", () => {
  const words = (count: number) => Array.from({ length: count }, () => "word").join(" ");
  assert.equal(emitYaml({ k: words(20) }), `k: ${words(16)}\n  ${words(4)}\n`);
});

test("what is written means the same to a stranger and to ourselves", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("on", "~", "0x1", "- a", "a: b", "a\nb", " a", "#", "2001-01-01"),
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      text,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(text, tie("node"), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).node;
  fc.assert(
    fc.property(fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true }), (object) => {
      const yaml = emitYaml(object as never);
      const reading = readYaml(new TextEncoder().encode(yaml));
      assert.deepEqual(reading.kind === "read" && reading.value, object, yaml);
      assert.deepEqual(parse(yaml, { version: "1.1", maxAliasCount: -1 }), object, yaml);
    }),
    { numRuns: 300 },
  );
});
