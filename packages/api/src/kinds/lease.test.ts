import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, type Lease, type LeaseSpec } from "./lease.ts";

const cases: readonly (readonly [spec: LeaseSpec, ...sentences: string[]])[] = [
  [{}],
  [{ leaseDurationSeconds: 1, leaseTransitions: 0, holderIdentity: "" }],
  [
    { leaseDurationSeconds: 0, leaseTransitions: -1, preferredHolder: "h" },
    "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
    "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
    "spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined",
  ],
  [{ strategy: "OldestEmulationVersion", preferredHolder: "h" }],
  [{ strategy: "example.com/Mine" }],
  [
    { strategy: "" },
    'spec.strategy.strategy: Unsupported value: "": supported values: "OldestEmulationVersion"',
  ],
  [
    { strategy: "<a>" },
    'spec.strategy.strategy: Unsupported value: "\\u003ca\\u003e": supported values: "OldestEmulationVersion"',
  ],
  [{ strategy: "/Mine" }, 'spec.strategy.strategy: Invalid value: "/Mine": prefix part must be non-empty'],
];

for (const [spec, ...sentences] of cases) {
  test(`a lease with ${JSON.stringify(spec)} is ${sentences.length === 0 ? "good" : "refused"}`, () => {
    const lease = leaseWith(spec);
    const created = leaseKind.rules.validate(lease);
    assert.deepEqual(
      created.map(({ field, message }) => `${field}: ${message}`),
      sentences,
    );
    assert.deepEqual(leaseKind.rules.validateUpdate(lease, leaseWith({})), created);
  });
}

test("a row of a Table tells the holder and the age", () => {
  const lease = leaseWith({ holderIdentity: "me" });
  const cells = leaseKind.columns.map((column) => column.cell(lease, (time) => `since ${time}`));
  assert.deepEqual(cells, ["a", "me", "since 2001-01-01T00:00:00Z"]);
});

function leaseWith(spec: LeaseSpec): Lease {
  const metadata = {
    name: "a",
    namespace: "n",
    resourceVersion: "1",
    creationTimestamp: "2001-01-01T00:00:00Z",
  };
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
}
