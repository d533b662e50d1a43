import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldManager } from "./field-manager.ts";

const names: readonly (readonly [given: string, userAgent: string, name: string])[] = [
  ["given", "kubectl/v1", "given"],
  ["", "kubectl/v1 (linux)", "kubectl"],
  ["", "no slash", "no slash"],
  ["", "/v1", ""],
  ["", "tab\there/v1", "tabhere"],
  // Headers come as one character for each byte: first UTF-8, then what is none.
  ["", "\u00c3\u00a9/v1", "\u00e9"],
  ["", "\u00e9/v1", "\ufffd"],
  ["", "m".repeat(129), "m".repeat(128)],
];

test("a write without a manager is recorded under the first word of the User-Agent", () => {
  for (const [given, userAgent, name] of names) assert.equal(fieldManager(given, userAgent), name, userAgent);
});
