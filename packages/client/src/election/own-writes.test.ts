import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lease } from "@leasehold/api";
import { OwnWrites } from "./own-writes.ts";

/** client-go compares leases without the fractions of their seconds, and waits from the first that it saw of those that look alike. */
const cases: readonly (readonly [
  name: string,
  seconds: number,
  sent: readonly Sent[],
  countsFromMs: number,
])[] = [
  [
    "in the next second counts from its own sending",
    5,
    [
      [100, "05.100000"],
      [1100, "06.100000"],
    ],
    1100,
  ],
  [
    "in the same second counts from the first one's",
    5,
    [
      [100, "05.100000"],
      [700, "05.700000"],
    ],
    100,
  ],
  [
    "in the same second, of three",
    5,
    [
      [100, "05.1"],
      [300, "05.3"],
      [700, "05.7"],
    ],
    100,
  ],
  [
    "of a lease of one second counts from its own sending",
    1,
    [
      [100, "05.1"],
      [300, "05.3"],
    ],
    300,
  ],
];

type Sent = readonly [sentAtMs: number, second: string];

for (const [name, seconds, sent, countsFromMs] of cases) {
  test(`a renewal ${name}`, () => {
    const own = new OwnWrites();
    const writes = sent.map(([sentAtMs, second]) => own.remember(lease(seconds, second), sentAtMs));
    assert.equal(writes.at(-1)?.countsFromMs, countsFromMs);
  });
}

function lease(leaseDurationSeconds: number, second: string): Lease {
  const time = (second: string): string => `2026-02-03T04:05:${second.padEnd(9, "0")}Z`;
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "prize" },
    spec: {
      holderIdentity: "a",
      leaseDurationSeconds,
      acquireTime: time("00.0"),
      renewTime: time(second),
      leaseTransitions: 0,
    },
  };
}
