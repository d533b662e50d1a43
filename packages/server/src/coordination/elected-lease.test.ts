import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiObject, LeaseSpec } from "@leasehold/api";
import { type Elected, withElected, withoutPreference } from "./elected-lease.ts";
import { ManualClock } from "./testing/manual-clock.ts";

const clock = new ManualClock(1_750_000_000_123);
const now = "2025-06-15T15:06:40.123000Z";
const strategy = "OldestEmulationVersion";
const before: LeaseSpec = {
  strategy,
  holderIdentity: "a",
  leaseDurationSeconds: 15,
  renewTime: "2025-01-01T00:00:00.000000Z",
  acquireTime: "2025-01-01T00:00:00.000000Z",
  leaseTransitions: 3,
};
const given = (holder: string): LeaseSpec => ({
  strategy,
  holderIdentity: holder,
  leaseDurationSeconds: 5,
  renewTime: now,
  leaseTransitions: 3,
});

const cases: readonly [string, LeaseSpec, Elected, boolean, LeaseSpec | "the same"][] = [
  ["the holder of a valid lease is elected", before, { strategy, holder: "a" }, false, "the same"],
  [
    "another is elected while the lease is valid",
    before,
    { strategy, holder: "b" },
    false,
    { ...before, preferredHolder: "b" },
  ],
  [
    "the holder is elected after another was preferred",
    { ...before, preferredHolder: "b" },
    { strategy, holder: "a" },
    false,
    before,
  ],
  [
    "another is elected after the lease expired",
    { ...before, preferredHolder: "b" },
    { strategy, holder: "b" },
    true,
    given("b"),
  ],
  [
    "the last holder is elected after the lease expired",
    { ...before, preferredHolder: "b" },
    { strategy, holder: "a" },
    true,
    given("a"),
  ],
  [
    "somebody is elected where nobody holds",
    { ...before, holderIdentity: "" },
    { strategy, holder: "b" },
    false,
    given("b"),
  ],
  [
    "a third party picks the holder",
    before,
    { strategy: "acme.io/x", holder: undefined },
    false,
    { ...before, strategy: "acme.io/x" },
  ],
  [
    "a third party picks the holder of an expired lease",
    before,
    { strategy: "acme.io/x", holder: undefined },
    true,
    { ...before, strategy: "acme.io/x" },
  ],
];

for (const [name, spec, elected, isExpired, after] of cases) {
  test(`when ${name}, the lease ${after === "the same" ? "stays" : "says so"}`, () => {
    const lease = leaseOf(spec);
    const written = withElected(lease, elected, { clock, isExpired });
    if (after === "the same") assert.equal(written, lease);
    else assert.deepEqual(plain(written.spec), plain(after));
  });
}

test("a preference that came to nothing is taken back, and nothing else", () => {
  assert.deepEqual(
    plain(withoutPreference(leaseOf({ ...before, preferredHolder: "b" })).spec),
    plain(before),
  );
});

function leaseOf(spec: LeaseSpec): ApiObject {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "l" }, spec };
}

function plain(spec: unknown): unknown {
  return JSON.parse(JSON.stringify(spec));
}
