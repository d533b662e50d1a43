import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, StatusError, type ApiObject } from "@leasehold/api";
import { memoryRegistry } from "../registry/testing/memory-registry.ts";
import { create } from "./create.ts";

const refusal = "resourceVersion should not be set on objects to be created";

const versions: readonly (readonly [
  resourceVersion: string,
  dryRun: boolean,
  refusal: string | undefined,
])[] = [
  ["", false, undefined],
  ["0", false, undefined],
  ["abc", false, undefined],
  ["-1", false, undefined],
  ["5", false, refusal],
  ["5", true, undefined],
];

test("only a resourceVersion that names a version keeps an object from being created", async (t) => {
  const registry = await memoryRegistry(t);
  for (const [index, [resourceVersion, dryRun, expected]] of versions.entries()) {
    const object = lease({ name: `lease-${index}`, resourceVersion });
    const outcome = create(registry, {
      target: { kind: leaseKind, namespace: "default" },
      object,
      dryRun,
      manager: "test",
      admit: () => {},
      warn: () => {},
    });
    assert.equal(await refusalOf(outcome), expected, JSON.stringify(resourceVersion));
  }
});

function lease(metadata: ApiObject["metadata"]): ApiObject {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: {} };
}

async function refusalOf(outcome: Promise<ApiObject>): Promise<string | undefined> {
  try {
    await outcome;
    return undefined;
  } catch (error) {
    assert.ok(error instanceof StatusError);
    return error.message;
  }
}
