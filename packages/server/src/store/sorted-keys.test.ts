import assert from "node:assert/strict";
import { test } from "node:test";
import { intervalBelow, type Keyed, SortedKeys, sortKey } from "./sorted-keys.ts";

test("thousands of keys stay in order while they come and go in any order", () => {
  const index = new SortedKeys<Keyed>();
  const all = Array.from({ length: 5000 }, (_, number) => item(`/k/${(number * 7919) % 5000}`));
  for (const one of all) index.insert(one);
  for (const one of all) if (isOdd(one)) index.remove(one);
  const expected = all
    .filter((one) => !isOdd(one))
    .toSorted((one, other) => (one.order < other.order ? -1 : 1));
  const everything = intervalBelow("/k/");
  assert.deepEqual(index.first(everything, Infinity), expected);
  assert.deepEqual([...index.within(everything)], expected);
  assert.equal(index.count(everything), expected.length);
  for (const after of ["/k/", "/k/2", "/k/2499", "/k/31!", "/k/9998", "/j", "/l"]) {
    const rest = expected.filter(({ order }) => order > after && "/k0" > after);
    const interval = intervalBelow("/k/", { after });
    assert.equal(index.count(interval), rest.length, after);
    assert.deepEqual(index.first(interval, 700), rest.slice(0, 700), after);
    assert.deepEqual([...index.within(interval)], rest, after);
  }
});

test("an index that becomes empty can be filled again", () => {
  const index = new SortedKeys<Keyed>();
  const one = item("/k/one");
  index.insert(one);
  index.remove(one);
  index.remove(one);
  assert.equal(index.count(intervalBelow("/k/")), 0);
  index.insert(one);
  assert.deepEqual([...index.within(intervalBelow("/k/"))], [one]);
});

test("keys are ordered as their UTF-8 bytes are, not as their UTF-16 is", () => {
  const keys = ["/k/!", "/k/z", "/k/é", "/k/ࠀ", "/k/！", "/k/😀", "/k/😀a"];
  assert.deepEqual(
    keys.toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1)),
    keys.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
  );
});

function item(key: string): Keyed {
  return { key, order: sortKey(key) };
}

function isOdd({ key }: Keyed): boolean {
  return Number(key.slice(3)) % 2 === 1;
}
