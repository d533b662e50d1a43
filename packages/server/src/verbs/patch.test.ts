import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, namespaceKind, StatusError, type Kind } from "@leasehold/api";
import { memoryRegistry } from "../registry/testing/memory-registry.ts";
import type { Registry } from "../registry/target.ts";
import { patch, type Patch } from "./patch.ts";

interface PatchCase {
  readonly what: string;
  readonly kind: Kind;
  readonly subresource?: string;
  readonly type: "apply" | "merge";
  readonly outcome: "created" | "not found";
}

const absentObjects: readonly PatchCase[] = [
  { what: "an apply of a lease", kind: leaseKind, type: "apply", outcome: "created" },
  { what: "a merge patch of a lease", kind: leaseKind, type: "merge", outcome: "not found" },
  { what: "an apply of a namespace", kind: namespaceKind, type: "apply", outcome: "created" },
  {
    what: "an apply of a namespace's status",
    kind: namespaceKind,
    subresource: "status",
    type: "apply",
    outcome: "not found",
  },
];

for (const given of absentObjects) {
  test(`what is not there: ${given.what} is ${given.outcome}`, async (t) => {
    const registry = await memoryRegistry(t);
    assert.equal(await outcomeOf(registry, given), given.outcome);
  });
}

async function outcomeOf(
  registry: Registry,
  { kind, subresource, type }: PatchCase,
): Promise<PatchCase["outcome"]> {
  const namespace = kind.scope === "namespaced" ? "default" : "";
  try {
    const { created } = await patch(registry, {
      target: { kind, namespace, name: "absent" },
      subresource: kind.subresources.find(({ name }) => name === subresource),
      dryRun: false,
      manager: "test",
      patch: patchOf(kind, type),
      admit: () => {},
      authorizeCreate: () => {},
      warn: () => {},
    });
    assert.ok(created);
    return "created";
  } catch (error) {
    assert.ok(error instanceof StatusError);
    assert.equal(error.status.reason, "NotFound");
    return "not found";
  }
}

function patchOf({ group, version, kind }: Kind, type: PatchCase["type"]): Patch {
  if (type === "merge") return { type, body: Buffer.from("{}"), fieldValidation: "Warn" };
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const value = { apiVersion, kind, metadata: { name: "absent" } };
  return { type, force: false, decode: () => ({ value, warnings: [], strictRefusal: undefined }) };
}
