import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../../limits.ts";
import { applyJsonPatch, readOperations } from "./json.ts";

interface PatchCase {
  readonly name: string;
  readonly document: string;
  readonly patch: string;
  /** The text afterwards; undefined when the patch cannot be applied. */
  readonly text: string | undefined;
}

const cases: readonly PatchCase[] = [
  {
    name: "adds a member",
    document: '{"a":1}',
    patch: '[{"op":"add","path":"/b","value":2}]',
    text: '{"a":1,"b":2}',
  },
  {
    name: "adds over a member",
    document: '{"a":1}',
    patch: '[{"op":"add","path":"/a","value":2}]',
    text: '{"a":2}',
  },
  {
    name: "adds null where it has no value",
    document: "{}",
    patch: '[{"op":"add","path":"/a"}]',
    text: '{"a":null}',
  },
  {
    name: "adds before an item",
    document: '{"a":[1,2]}',
    patch: '[{"op":"add","path":"/a/1","value":9}]',
    text: '{"a":[1,9,2]}',
  },
  {
    name: "adds at the end",
    document: '{"a":[1]}',
    patch: '[{"op":"add","path":"/a/-","value":2}]',
    text: '{"a":[1,2]}',
  },
  {
    name: "adds at an index from the end",
    document: '{"a":[1,2]}',
    patch: '[{"op":"add","path":"/a/-1","value":9}]',
    text: '{"a":[1,2,9]}',
  },
  {
    name: "adds nothing behind the end",
    document: '{"a":[1]}',
    patch: '[{"op":"add","path":"/a/2","value":9}]',
    text: undefined,
  },
  {
    name: "adds nothing at what is no index",
    document: '{"a":[1]}',
    patch: '[{"op":"add","path":"/a/x","value":9}]',
    text: undefined,
  },
  {
    name: "adds nothing below what is not there",
    document: "{}",
    patch: '[{"op":"add","path":"/a/b","value":1}]',
    text: undefined,
  },
  {
    name: "adds nothing below null",
    document: '{"a":null}',
    patch: '[{"op":"add","path":"/a/b","value":1}]',
    text: undefined,
  },
  {
    name: "adds nothing below a text",
    document: '{"a":"x"}',
    patch: '[{"op":"add","path":"/a/b","value":1}]',
    text: undefined,
  },
  {
    name: "removes a member",
    document: '{"a":1,"b":2}',
    patch: '[{"op":"remove","path":"/a"}]',
    text: '{"b":2}',
  },
  {
    name: "removes an item from the end",
    document: '{"a":[1,2,3]}',
    patch: '[{"op":"remove","path":"/a/-1"}]',
    text: '{"a":[1,2]}',
  },
  {
    name: "removes nothing that is not there",
    document: '{"a":1}',
    patch: '[{"op":"remove","path":"/b"}]',
    text: undefined,
  },
  {
    name: "removes nothing beyond the beginning",
    document: '{"a":[1]}',
    patch: '[{"op":"remove","path":"/a/-2"}]',
    text: undefined,
  },
  {
    name: "replaces a member",
    document: '{"a":1}',
    patch: '[{"op":"replace","path":"/a","value":[]}]',
    text: '{"a":[]}',
  },
  {
    name: "replaces even a member that is not there",
    document: "{}",
    patch: '[{"op":"replace","path":"/a","value":1}]',
    text: '{"a":1}',
  },
  {
    name: "replaces an item",
    document: '{"a":[1,2]}',
    patch: '[{"op":"replace","path":"/a/0","value":9}]',
    text: '{"a":[9,2]}',
  },
  {
    name: "replaces no item that is not there",
    document: '{"a":[1]}',
    patch: '[{"op":"replace","path":"/a/1","value":9}]',
    text: undefined,
  },
  {
    name: "replaces the document",
    document: '{"a":1}',
    patch: '[{"op":"replace","path":"","value":{"b":2}}]',
    text: '{"b":2}',
  },
  {
    name: "replaces the document by no scalar",
    document: "{}",
    patch: '[{"op":"replace","path":"","value":1}]',
    text: undefined,
  },
  {
    name: "replaces the document by no null",
    document: "{}",
    patch: '[{"op":"replace","path":"","value":null}]',
    text: undefined,
  },
  {
    name: "moves",
    document: '{"a":{"b":1},"c":{}}',
    patch: '[{"op":"move","from":"/a/b","path":"/c/d"}]',
    text: '{"a":{},"c":{"d":1}}',
  },
  {
    name: "moves nothing into itself",
    document: '{"a":{"b":1}}',
    patch: '[{"op":"move","from":"/a","path":"/a/b"}]',
    text: undefined,
  },
  {
    name: "copies",
    document: '{"a":{"b":1}}',
    patch: '[{"op":"copy","from":"/a","path":"/c"},{"op":"add","path":"/c/b","value":2}]',
    text: '{"a":{"b":1},"c":{"b":2}}',
  },
  {
    name: "copies null from a member that is not there",
    document: "{}",
    patch: '[{"op":"copy","from":"/a","path":"/b"}]',
    text: '{"b":null}',
  },
  {
    name: "tests what is equal",
    document: '{"a":{"b":[1,"x"]}}',
    patch: '[{"op":"test","path":"/a","value":{ "b" : [ 1 , "x" ] }}]',
    text: '{"a":{"b":[1,"x"]}}',
  },
  {
    name: "tests that a member is not there",
    document: "{}",
    patch: '[{"op":"test","path":"/a","value":null}]',
    text: "{}",
  },
  {
    name: "tests numbers as they are written",
    document: '{"a":1}',
    patch: '[{"op":"test","path":"/a","value":1.0}]',
    text: undefined,
  },
  {
    name: "tests the document",
    document: '{"a":1}',
    patch: '[{"op":"test","path":"","value":{"a":1}}]',
    text: '{"a":1}',
  },
  {
    name: "stops where a test fails",
    document: '{"a":1}',
    patch: '[{"op":"add","path":"/b","value":1},{"op":"test","path":"/a","value":2}]',
    text: undefined,
  },
  {
    name: "reads ~1 as / and ~0 as ~ in a path",
    document: '{"a/b":{"~1":1}}',
    patch: '[{"op":"remove","path":"/a~1b/~01"}]',
    text: '{"a/b":{}}',
  },
  {
    name: "knows no other operation",
    document: "{}",
    patch: '[{"op":"merge","path":"/a","value":1}]',
    text: undefined,
  },
  { name: "wants an operation", document: "{}", patch: '[{"path":"/a","value":1}]', text: undefined },
  { name: "wants a path", document: "{}", patch: '[{"op":"add","value":1}]', text: undefined },
  {
    name: "wants a path that begins with a slash",
    document: '{"a":1}',
    patch: '[{"op":"remove","path":"a"}]',
    text: undefined,
  },
  { name: "takes null for an operation that is none", document: "{}", patch: "[null]", text: undefined },
  { name: "takes null for no operations", document: '{"b":1,"a":2}', patch: " null ", text: '{"b":1,"a":2}' },
];

for (const { name, document, patch, text } of cases) {
  test(`a JSON patch ${name}`, () => {
    const outcome = applyJsonPatch(document, readOperations(patch));
    if (text === undefined) assert.equal(outcome.kind, "unprocessable");
    else assert.deepEqual(outcome, { kind: "patched", text });
  });
}

test("what a patch looks into has its keys sorted, and all else stays as it was written", () => {
  const document = '{"z":{"y":1.0,"x":"<"},"b":{"d":{"k":1,"j":2},"c":[ 1, 2 ]}}';
  const outcome = applyJsonPatch(
    document,
    readOperations('[{"op":"add","path":"/b/a","value":{ "u" : 1e2 }}]'),
  );
  const text = '{"b":{"a":{"u":1e2},"c":[1,2],"d":{"k":1,"j":2}},"z":{"y":1.0,"x":"\\u003c"}}';
  assert.deepEqual(outcome, { kind: "patched", text });
});

test("a patch of too many operations is too large", () => {
  const operations = Array.from(
    { length: limits.jsonPatchOperationsMax + 1 },
    () => '{"op":"test","path":"","value":{}}',
  );
  assert.deepEqual(applyJsonPatch("{}", readOperations(`[${operations.join(",")}]`)), {
    kind: "too-large",
    message: "The allowed maximum operations in a JSON patch is 10000, got 10001",
  });
});

test("copies of copies end at a bound", () => {
  const nested = Array.from({ length: 40 }, (_, i) => `{"op":"copy","from":"/a","path":"/a/${i}"}`);
  const outcome = applyJsonPatch('{"a":{"b":"0123456789"}}', readOperations(`[${nested.join(",")}]`));
  assert.equal(outcome.kind, "unprocessable");
});

test("a document that nests deeper than a stack is patched all the same", () => {
  const deep = `${'{"a":['.repeat(5000)}${"]}".repeat(5000)}`;
  const operations = readOperations(
    `[{"op":"add","path":"/x","value":${deep}},{"op":"test","path":"/x","value":${deep}}]`,
  );
  const outcome = applyJsonPatch("{}", operations);
  assert.deepEqual(outcome, { kind: "patched", text: `{"x":${deep}}` });
});
