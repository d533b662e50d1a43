import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, StatusError, type Kind } from "@leasehold/api";
import { ManualClock } from "../coordination/testing/manual-clock.ts";
import { memoryRegistry, putObject } from "../registry/testing/memory-registry.ts";
import { get } from "./get.ts";

const kind: Kind = leaseKind;
const target = { kind, namespace: "one", name: "a" };

/** The versions at which a lease can be read, and what comes of the others. */
const versions: readonly (readonly [resourceVersion: string, outcome: string])[] = [
  ["", "a"],
  ["0", "a"],
  ["1", "a"],
  ["002", "a"],
  ["99999", "504 Timeout"],
  ["abc", "500 "],
  ["-1", "500 "],
  ["1.5", "500 "],
  ["99999999999999999999", "500 "],
];

for (const [resourceVersion, outcome] of versions) {
  test(`a lease that is not older than ${JSON.stringify(resourceVersion)} is ${outcome}`, async (t) => {
    const clock = new ManualClock();
    const registry = await memoryRegistry(t, { clock, namespaces: ["one"] });
    const object = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "a", namespace: "one" },
    };
    await putObject(registry, target, { ...object, spec: {} });
    const answer = get(registry, { target, resourceVersion }).then(
      ({ metadata }) => metadata.name,
      (error: unknown) =>
        error instanceof StatusError ? `${error.status.code} ${error.status.reason ?? ""}` : String(error),
    );
    await clock.advance(10_000);
    assert.equal(await answer, outcome);
  });
}

test("what is not there is not found, by its name and resource", async (t) => {
  const registry = await memoryRegistry(t, { namespaces: ["one"] });
  await assert.rejects(get(registry, { target, resourceVersion: "0" }), {
    message: 'leases.coordination.k8s.io "a" not found',
  });
});
