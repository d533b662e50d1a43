import assert from "node:assert/strict";
import { test } from "node:test";
import { ordersProgress } from "./etcd-version.ts";

const versions: readonly (readonly [version: string, isOrdered: boolean])[] = [
  ["3.3.25", false],
  ["3.4.23", false],
  ["3.4.30", false],
  ["3.4.31", true],
  ["3.5.0", false],
  ["3.5.12", false],
  ["3.5.13", true],
  ["3.6.0-alpha.0", true],
  ["3.7.3", true],
  ["4.0.0", true],
  ["nonsense", false],
];

for (const [version, isOrdered] of versions)
  test(`etcd ${version} ${isOrdered ? "is" : "is not"} asked for its progress`, () => {
    assert.equal(ordersProgress(version), isOrdered);
  });
