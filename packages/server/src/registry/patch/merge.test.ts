import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { applyMergePatch } from "./merge.ts";

const cases: readonly {
  readonly name: string;
  readonly document: string;
  readonly patch: string;
  readonly text: string;
}[] = [
  { name: "sets a member", document: '{"a":"b"}', patch: '{"a":"c"}', text: '{"a":"c"}' },
  { name: "adds a member", document: '{"a":"b"}', patch: '{"b":"c"}', text: '{"a":"b","b":"c"}' },
  { name: "removes a member", document: '{"a":"b"}', patch: '{"a":null}', text: "{}" },
  {
    name: "removes nothing where there is nothing",
    document: '{"a":"b"}',
    patch: '{"b":null}',
    text: '{"a":"b"}',
  },
  { name: "replaces a list", document: '{"a":["b"]}', patch: '{"a":"c"}', text: '{"a":"c"}' },
  { name: "replaces by a list", document: '{"a":"c"}', patch: '{"a":["b"]}', text: '{"a":["b"]}' },
  {
    name: "goes down objects",
    document: '{"a":{"b":"c"}}',
    patch: '{"a":{"b":"d","c":null}}',
    text: '{"a":{"b":"d"}}',
  },
  { name: "does not go down lists", document: '{"a":[{"b":"c"}]}', patch: '{"a":[1]}', text: '{"a":[1]}' },
  { name: "sets over null", document: '{"e":null}', patch: '{"a":1}', text: '{"a":1,"e":null}' },
  {
    name: "leaves nulls out of what it adds",
    document: "{}",
    patch: '{"a":{"bb":{"ccc":null}}}',
    text: '{"a":{"bb":{}}}',
  },
  { name: "keeps nulls in lists", document: "{}", patch: '{"a":[null,{"b":null}]}', text: '{"a":[null,{}]}' },
  {
    name: "keeps what is in a list over an object",
    document: '{"a":{}}',
    patch: '{"a":[{"b":null}]}',
    text: '{"a":[{"b":null}]}',
  },
  {
    name: "that is a list takes the document's place",
    document: '{"a":1}',
    patch: ' [ {"b":null} ] ',
    text: "[{}]",
  },
  { name: "reads the last of two members", document: '{"a":1}', patch: '{"a":2,"a":3}', text: '{"a":3}' },
  {
    name: "knows a member whose name is escaped",
    document: '{"ab":1}',
    patch: String.raw`{"\u0061b":2,"\ud800":3}`,
    text: '{"ab":2,"\ufffd":3}',
  },
  {
    name: "leaves numbers as they are written",
    document: '{"a":1}',
    patch: '{"b":1.0}',
    text: '{"a":1,"b":1.0}',
  },
];

for (const { name, document, patch, text } of cases) {
  test(`a merge patch ${name}`, () => {
    assert.deepEqual(applyMergePatch(document, patch), { kind: "patched", text });
  });
}

for (const patch of ["null", "1", '"x"', "true"]) {
  test(`${patch} is no merge patch`, () => {
    assert.deepEqual(applyMergePatch("{}", patch), { kind: "bad-request", message: "Invalid JSON Patch" });
  });
}

test("a merge patch does what RFC 7386 says", () => {
  const object = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 });
  fc.assert(
    fc.property(object, object, (document, patch) => {
      const outcome = applyMergePatch(JSON.stringify(document), JSON.stringify(patch));
      assert.equal(outcome.kind, "patched");
      if (outcome.kind === "patched")
        assert.deepEqual(JSON.parse(outcome.text), JSON.parse(JSON.stringify(merged(document, patch))));
    }),
  );
});

test("a patch that nests deeper than a stack is merged all the same", () => {
  const deep = `${'{"a":['.repeat(5000)}${"]}".repeat(5000)}`;
  assert.deepEqual(applyMergePatch('{"b":1}', deep), {
    kind: "patched",
    text: `{${deep.slice(1, -1)},"b":1}`,
  });
});

/** The RFC's own pseudo-code, but for lists: objects in those that are added lose their nulls as well. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return isObject(target) ? patch : withoutNulls(patch);
  // Without a prototype, so that a member may be called "__proto__".
  const out = Object.assign(Object.create(null) as Record<string, unknown>, isObject(target) ? target : {});
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merged(out[key], value);
  }
  return out;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
