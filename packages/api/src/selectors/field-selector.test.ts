import assert from "node:assert/strict";
import { test } from "node:test";
import { namespaceKind } from "../kinds/namespace.ts";
import { leaseKind } from "../kinds/lease.ts";
import { StatusError } from "../status-error.ts";
import { escapeFieldValue, parseFieldSelector } from "./field-selector.ts";

const lease = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "a", namespace: "n" },
} as const;

const selections: readonly (readonly [selector: string, isSelected: boolean])[] = [
  ["", true],
  [",,", true],
  ["=", true],
  ["metadata.name=a", true],
  ["metadata.name==a", true],
  ["metadata.name=b", false],
  ["metadata.name!=b,metadata.namespace=n", true],
  ["metadata.name!=a", false],
  ["metadata.name=", false],
  ["metadata.name=a\\,b", false],
];

for (const [selector, isSelected] of selections) {
  test(`"${selector}" ${isSelected ? "selects" : "does not select"} the lease n/a`, () => {
    assert.equal(parseFieldSelector(selector, leaseKind).matches(lease), isSelected);
  });
}

const refusals: readonly (readonly [selector: string, message: string])[] = [
  ["metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
  ["z=1,metadata.name", "invalid selector: 'z=1,metadata.name'; can't understand 'metadata.name'"],
  ["metadata.name=a=b", "invalid field selector: unescaped character in value: 61"],
  ["metadata.name=a\\b", "invalid field selector: invalid escape sequence: \\b"],
  ["metadata.name=a\\", "invalid field selector: invalid escape sequence: \\"],
  ['spec."x"=1', '"spec.\\"x\\"" is not a known field selector: only "metadata.name", "metadata.namespace"'],
];

for (const [selector, message] of refusals) {
  test(`"${selector}" is refused`, () => {
    assert.throws(
      () => parseFieldSelector(selector, leaseKind),
      (error) => error instanceof StatusError && error.status.code === 400 && error.message === message,
    );
  });
}

test("a selector that leaves one name names it", () => {
  assert.equal(
    parseFieldSelector("metadata.namespace=n,metadata.name=a", leaseKind).exactValue("metadata.name"),
    "a",
  );
  assert.equal(parseFieldSelector("metadata.name!=a", leaseKind).exactValue("metadata.name"), undefined);
  assert.equal(parseFieldSelector("metadata.name=", leaseKind).exactValue("metadata.name"), undefined);
});

test("a kind says itself by which fields it can be selected", () => {
  const namespace = { ...lease, spec: {}, status: { phase: "Active" } };
  assert.ok(parseFieldSelector("status.phase=Active", namespaceKind).matches(namespace));
  assert.throws(() => parseFieldSelector("name=a", namespaceKind), {
    message: "field label not supported: name",
  });
});

test("an escaped value means itself", () => {
  const name = "a,b=c\\d";
  const selector = parseFieldSelector(`metadata.name=${escapeFieldValue(name)}`, leaseKind);
  assert.equal(selector.exactValue("metadata.name"), name);
});
