import assert from "node:assert/strict";
import { test } from "node:test";
import { parseQuery } from "../codec/query.ts";
import { fieldSelectorName } from "./field-selector-name.ts";

const selectors: readonly (readonly [query: string, name: string])[] = [
  ["", ""],
  ["fieldSelector=metadata.name=a", "a"],
  ["fieldSelector=metadata.name==a", "a"],
  ["fieldSelector=metadata.name!=a", ""],
  ["fieldSelector=metadata.namespace=n,metadata.name=a", "a"],
  ["fieldSelector=metadata.name=b,metadata.name=a", "a"],
  ["fieldSelector=metadata.name=a,spec.unknown=x", "a"],
  [String.raw`fieldSelector=metadata.name=a\,b`, "a,b"],
  ["fieldSelector=metadata.name=", ""],
  ["fieldSelector=metadata.name=..", ""],
  ["fieldSelector=metadata.name=a/b", ""],
  ["fieldSelector=metadata.name=a,bogus", ""],
  [String.raw`fieldSelector=metadata.name=\a`, ""],
  ["fieldSelector=metadata.name=a&limit=5", "a"],
  ["fieldSelector=metadata.name=a&limit=x", ""],
  ["fieldSelector=metadata.name=a&timeoutSeconds=x", ""],
  ["fieldSelector=metadata.name=a&labelSelector=a in (", ""],
  ["fieldSelector=metadata.name=a&fieldSelector=metadata.name=b", "a"],
];

for (const [query, name] of selectors) {
  test(`${query || "no query"} is about ${name || "no one object"}`, () => {
    assert.equal(fieldSelectorName(parseQuery(query)), name);
  });
}
