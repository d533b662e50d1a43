import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { apiVersionOf } from "../kind.ts";
import type { MessageTable } from "../schema.ts";
import { allKinds, allReviewKinds } from "./all.ts";
import { kindRegistry } from "./registry.ts";

test("a storage version's hash is what kube-apiserver makes of its name", () => {
  for (const { kind, storage } of allKinds) {
    const groupVersion = storage.apiVersion.includes("/") ? storage.apiVersion : `/${storage.apiVersion}`;
    const digest = createHash("sha256").update(`${groupVersion}/${kind}`).digest();
    assert.equal(storage.versionHash, digest.subarray(0, 8).toString("base64"), kind);
  }
});

test("versions of one resource share their keys, their stored version and their rules", () => {
  for (const kind of allKinds) {
    const stored = allKinds.find(
      (other) => other.kind === kind.kind && apiVersionOf(other) === kind.storage.apiVersion,
    );
    assert.deepEqual(stored?.storage, kind.storage, kind.kind);
    assert.equal(stored?.plural, kind.plural);
    assert.deepEqual(
      stored?.table.fields.map(({ name, number }) => [name, number]),
      kind.table.fields.map(({ name, number }) => [name, number]),
    );
  }
});

test("no two fields of a table share a name or a number, and all are described", () => {
  const tables = new Set([...allKinds, ...allReviewKinds].flatMap(({ table }) => [...tablesIn(table)]));
  assert.ok(tables.size > 30);
  for (const { name, fields, description } of tables) {
    assert.equal(new Set(fields.map((field) => field.name)).size, fields.length, name);
    assert.equal(new Set(fields.map((field) => field.number)).size, fields.length, name);
    assert.ok(description.endsWith("."), name);
    for (const field of fields) assert.ok(field.description.length > 2, `${name}.${field.name}`);
  }
});

test("every kind begins its Tables with the name", () => {
  for (const { kind, columns } of allKinds) {
    assert.equal(columns[0]?.name, "Name", kind);
    assert.equal(columns[0]?.format, "name", kind);
  }
});

test("a kind is found by its URL and by its bodies", () => {
  const registry = kindRegistry([...allKinds, ...allReviewKinds]);
  const group = "coordination.k8s.io";
  const candidate = registry.byResource({ group, version: "v1alpha2", plural: "leasecandidates" });
  assert.equal(candidate?.table.package, "io.k8s.api.coordination.v1alpha2");
  assert.equal(registry.byResource({ group: "", version: "v1", plural: "namespaces" })?.kind, "Namespace");
  assert.equal(registry.byResource({ group, version: "v1", plural: "namespaces" }), undefined);
  assert.equal(registry.byType({ apiVersion: "v1", kind: "Namespace" })?.plural, "namespaces");
  assert.equal(registry.byType({ apiVersion: "coordination.k8s.io/v1", kind: "LeaseList" }), undefined);
});

test("a registry does not take two kinds of one name", () => {
  assert.throws(() => kindRegistry([...allKinds, ...allKinds]), /two kinds are called v1\/namespaces/);
});

function* tablesIn(table: MessageTable): Generator<MessageTable> {
  yield table;
  for (const { type } of table.fields) if (typeof type !== "string") yield* tablesIn(type);
}
