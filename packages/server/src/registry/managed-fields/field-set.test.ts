import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { fieldSetFromFields, fieldSetToFields } from "./field-set-json.ts";
import {
  difference,
  emptySet,
  equalSets,
  fieldSetOf,
  has,
  intersection,
  isEmpty,
  pathsOf,
  recursiveDifference,
  union,
  type FieldSet,
} from "./field-set.ts";
import {
  fieldElement,
  indexElement,
  keyElement,
  printPath,
  valueElement,
  type Path,
} from "./path-element.ts";

const element = fc.oneof(
  fc.constantFrom("a", "b", "c").map(fieldElement),
  fc.constantFrom("x", "y").map((value) => keyElement([{ name: "uid", value }])),
  fc.constantFrom<string | number>("e.com/1", "<&>", 1).map(valueElement),
  fc.constantFrom(0, 1).map(indexElement),
);
const path: fc.Arbitrary<Path> = fc.array(element, { minLength: 1, maxLength: 4 });
const paths = fc.array(path, { maxLength: 12 });
const set: fc.Arbitrary<FieldSet> = paths.map((members) => fieldSetOf(...members));

test("a set written as FieldsV1 reads back as the same set", () => {
  fc.assert(
    fc.property(set, (a) => {
      const read = fieldSetFromFields(structuredClone(fieldSetToFields(a)));
      assert.ok(read !== undefined && equalSets(read, a));
    }),
  );
});

test("union, intersection and difference are those of the members", () => {
  const membersOf = (a: FieldSet): string[] => [...pathsOf(a)].map(idOf).toSorted();
  fc.assert(
    fc.property(set, set, (a, b) => {
      const inB = new Set(membersOf(b));
      assert.deepEqual(membersOf(union(a, b)), [...new Set([...membersOf(a), ...membersOf(b)])].toSorted());
      assert.deepEqual(
        membersOf(intersection(a, b)),
        membersOf(a).filter((id) => inB.has(id)),
      );
      assert.deepEqual(
        membersOf(difference(a, b)),
        membersOf(a).filter((id) => !inB.has(id)),
      );
    }),
  );
});

test("a recursive difference also takes what is below a member", () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      const taken = [...pathsOf(b)].map(idOf);
      const left = [...pathsOf(a)]
        .map(idOf)
        .filter((id) => !taken.some((root) => id === root || id.startsWith(`${root}\n`)));
      assert.deepEqual([...pathsOf(recursiveDifference(a, b))].map(idOf).toSorted(), left.toSorted());
    }),
  );
});

test("a set has its members, and neither their parents nor their children", () => {
  fc.assert(
    fc.property(paths, path, (members, asked) => {
      const ids = new Set(members.map(idOf));
      assert.equal(has(fieldSetOf(...members), asked), ids.has(idOf(asked)));
    }),
  );
});

test("no operation changes what it is given", () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      const before = JSON.stringify([fieldSetToFields(a), fieldSetToFields(b)]);
      for (const operation of [union, intersection, difference, recursiveDifference]) operation(a, b);
      assert.equal(JSON.stringify([fieldSetToFields(a), fieldSetToFields(b)]), before);
    }),
  );
});

const spellings: readonly { readonly name: string; readonly set: FieldSet; readonly fields: object }[] = [
  { name: "no members", set: emptySet, fields: {} },
  { name: "a leaf", set: fieldSetOf([fieldElement("a")]), fields: { "f:a": {} } },
  {
    name: "a member with a member below it",
    set: fieldSetOf([fieldElement("a")], [fieldElement("a"), fieldElement("b")]),
    fields: { "f:a": { ".": {}, "f:b": {} } },
  },
  {
    name: "a member below what is none",
    set: fieldSetOf([fieldElement("a"), fieldElement("b")]),
    fields: { "f:a": { "f:b": {} } },
  },
  {
    name: "fields, keys, values and places in this order",
    set: fieldSetOf(
      [indexElement(1)],
      [valueElement("z")],
      [valueElement(2)],
      [
        keyElement([
          { name: "n", value: "<" },
          { name: "a", value: 1 },
        ]),
      ],
      [fieldElement("b")],
      [fieldElement("a")],
    ),
    fields: { "f:a": {}, "f:b": {}, 'k:{"a":1,"n":"\\u003c"}': {}, "v:2": {}, 'v:"z"': {}, "i:1": {} },
  },
];

for (const { name, set, fields } of spellings) {
  test(`FieldsV1 writes ${name} as kube-apiserver does`, () => {
    assert.equal(JSON.stringify(fieldSetToFields(set)), JSON.stringify(fields));
  });
}

const readings: readonly { readonly fields: unknown; readonly set: FieldSet | undefined }[] = [
  { fields: { "f:a": { ".": {} } }, set: fieldSetOf([fieldElement("a")]) },
  { fields: { "f:a": null }, set: fieldSetOf([fieldElement("a")]) },
  { fields: { "x:later": {}, "f:a": {} }, set: fieldSetOf([fieldElement("a")]) },
  { fields: { "f:a": { "x:later": {} } }, set: fieldSetOf([fieldElement("a")]) },
  {
    fields: { 'k:{"b":1,"a":2}': {} },
    set: fieldSetOf([
      keyElement([
        { name: "a", value: 2 },
        { name: "b", value: 1 },
      ]),
    ]),
  },
  { fields: { "v:1.0": {}, "v:1": {} }, set: fieldSetOf([valueElement(1)]) },
  { fields: { a: {} }, set: undefined },
  { fields: { "f:a": 1 }, set: undefined },
  { fields: { "k:[]": {} }, set: undefined },
  { fields: { "v:nonsense": {} }, set: undefined },
  { fields: { "i:one": {} }, set: undefined },
  { fields: [], set: undefined },
];

for (const { fields, set } of readings) {
  test(`FieldsV1 ${JSON.stringify(fields)} is ${set === undefined ? "not a set" : "read"}`, () => {
    const read = fieldSetFromFields(fields);
    assert.equal(read === undefined, set === undefined);
    if (read !== undefined && set !== undefined) assert.ok(equalSets(read, set));
  });
}

test("paths are printed as messages show them", () => {
  const steps: Path = [
    fieldElement("metadata"),
    keyElement([
      { name: "uid", value: 'a"b' },
      { name: "n", value: 1 },
    ]),
    valueElement("e.com/x"),
    valueElement(true),
    indexElement(3),
  ];
  assert.equal(printPath(steps), '.metadata[n=1,uid="a\\"b"][="e.com/x"][=true][3]');
});

test("an empty set is empty, however it came about", () => {
  const a = fieldSetOf([fieldElement("a"), fieldElement("b")]);
  assert.ok(isEmpty(difference(a, a)));
  assert.equal(JSON.stringify(fieldSetToFields(difference(a, a))), "{}");
});

function idOf(steps: Path): string {
  return steps.map((step) => step.id).join("\n");
}
