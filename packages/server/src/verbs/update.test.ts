import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, type ApiObject } from "@leasehold/api";
import type { Registry } from "../registry/target.ts";
import { memoryRegistry } from "../registry/testing/memory-registry.ts";
import { get } from "./get.ts";
import { update } from "./update.ts";

const target = { kind: leaseKind, namespace: "default", name: "a" };

test("a selfLink is not kept: an update that only sends one changes nothing", async (t) => {
  const registry = await memoryRegistry(t);
  const created = await put(registry, { selfLink: "/sent" });
  assert.equal(created.metadata.selfLink, undefined);
  const { resourceVersion } = created.metadata;
  const updated = await put(registry, { selfLink: "/again", resourceVersion });
  assert.deepEqual(updated, created);
  assert.deepEqual(await get(registry, { target, resourceVersion: "" }), created);
});

test("a dry run tells the selfLink that it was sent", async (t) => {
  const registry = await memoryRegistry(t);
  const { metadata } = await put(registry, { selfLink: "/sent" }, true);
  assert.equal(metadata.selfLink, "/sent");
});

async function put(registry: Registry, metadata: ApiObject["metadata"], dryRun = false): Promise<ApiObject> {
  const object = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "a", ...metadata },
    spec: {},
  } as ApiObject;
  const outcome = await update(registry, {
    target,
    subresource: undefined,
    object,
    dryRun,
    manager: "test",
    admit: () => {},
    authorizeCreate: () => {},
    warn: () => {},
  });
  return outcome.object;
}
