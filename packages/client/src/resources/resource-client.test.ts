import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Lease, leaseKind } from "@leasehold/api";
import type { Connection } from "../connection/connection.ts";
import { ApiError } from "../connection/errors.ts";
import { freshNamespace } from "../testing/namespace-fixture.ts";
import { startTestServer, type TestServer } from "../testing/test-server-fixture.ts";
import { microTime } from "./micro-time.ts";
import { ResourceClient } from "./resource-client.ts";

for (const protocol of ["negotiated", "http/1.1"] as const) {
  describe(`a client of leases (${protocol})`, () => {
    let server: TestServer;
    let connection: Connection;
    let leases: ResourceClient<Lease>;

    before(async () => {
      server = await startTestServer();
      connection = await server.connect({ protocol });
      leases = new ResourceClient(connection, leaseKind, await freshNamespace(connection));
    });
    after(() => server.close());

    test("creates, reads, replaces and deletes", async () => {
      const renewTime = microTime(1_700_000_000_123.456);
      const created = await leases.create(lease("plain", { holderIdentity: "a", renewTime }));
      assert.equal(created.spec.renewTime, "2023-11-14T22:13:20.123456Z");
      assert.deepEqual(await leases.get("plain"), created);
      const replaced = await leases.replace({ ...created, spec: { ...created.spec, holderIdentity: "b" } });
      assert.equal(replaced.spec.holderIdentity, "b");
      assert.equal(replaced.spec.renewTime, renewTime);
      await leases.delete("plain");
      await assert.rejects(leases.get("plain"), hasReason("NotFound"));
    });

    test("is told of conflicts, of names taken and of wrong objects", async () => {
      const created = await leases.create(lease("contended", {}));
      await leases.replace({ ...created, spec: { holderIdentity: "first" } });
      await assert.rejects(
        leases.replace({ ...created, spec: { holderIdentity: "second" } }),
        hasReason("Conflict"),
      );
      await assert.rejects(leases.create(lease("contended", {})), hasReason("AlreadyExists"));
      await assert.rejects(
        leases.create(lease("wrong", { leaseDurationSeconds: 0 })),
        (error: unknown) =>
          error instanceof ApiError &&
          error.code === 422 &&
          error.details?.causes?.[0]?.field === "spec.leaseDurationSeconds",
      );
    });

    test("patches and applies", async () => {
      await leases.create(lease("patched", { holderIdentity: "a" }));
      const merged = await leases.patch("patched", {
        type: "merge",
        patch: { spec: { leaseTransitions: 3 } },
      });
      assert.deepEqual([merged.spec.holderIdentity, merged.spec.leaseTransitions], ["a", 3]);
      const operations = [{ op: "replace", path: "/spec/leaseTransitions", value: 4 }];
      const patched = await leases.patch("patched", { type: "json", patch: operations });
      assert.equal(patched.spec.leaseTransitions, 4);
      const applied = await leases.apply(
        { metadata: { name: "applied" }, spec: { holderIdentity: "c" } },
        { fieldManager: "test" },
      );
      assert.deepEqual(
        applied.metadata.managedFields?.map(({ manager, operation }) => [manager, operation]),
        [["test", "Apply"]],
      );
    });

    test("lists page by page, and deletes what it selects", async () => {
      const names = Array.from({ length: 7 }, (_, index) => `page-${index}`);
      for (const name of names) await leases.create(lease(name, {}, { app: "pages" }));
      const selection = { labelSelector: "app=pages" };
      const sizes: number[] = [];
      for await (const page of leases.pages({ ...selection, pageObjects: 3 })) sizes.push(page.items.length);
      assert.deepEqual(sizes, [3, 3, 1]);
      const found = await Array.fromAsync(leases.list({ ...selection, pageObjects: 2 }));
      assert.deepEqual(
        found.map(({ metadata }) => metadata.name),
        names,
      );
      await leases.deleteCollection(selection);
      assert.deepEqual(await Array.fromAsync(leases.list(selection)), []);
    });

    test("lists a thousand and more, of one state, whatever happens between the pages", async () => {
      const names = Array.from({ length: 1200 }, (_, index) => `many-${String(index).padStart(4, "0")}`);
      const labels = { app: "many" };
      const rest = names.values();
      const writer = async (): Promise<void> => {
        for (const name of rest) await leases.create(lease(name, {}, labels));
      };
      await Promise.all(Array.from({ length: 50 }, writer));
      const found: (string | undefined)[] = [];
      for await (const page of leases.pages({ labelSelector: "app=many" })) {
        found.push(...page.items.map(({ metadata }) => metadata.name));
        if (found.length < 600) await leases.delete("many-1000");
      }
      assert.deepEqual(found, names);
    });

    test("watches from a version on, deletions included", async () => {
      const created = await leases.create(lease("watched", {}));
      const { resourceVersion } = created.metadata;
      const replaced = await leases.replace({ ...created, spec: { holderIdentity: "w" } });
      await leases.delete("watched");
      const seen: string[] = [];
      for await (const event of leases.watch({
        fieldSelector: "metadata.name=watched",
        resourceVersion,
      })) {
        if (event.kind === "bookmark") continue;
        seen.push(`${event.kind} ${event.object.spec.holderIdentity}`);
        if (event.kind === "modified") assert.deepEqual(event.object, replaced);
        if (event.kind === "deleted") break;
      }
      assert.deepEqual(seen, ["modified w", "deleted w"]);
    });
  });
}

function lease(name: string, spec: Lease["spec"], labels?: Readonly<Record<string, string>>): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name, labels }, spec };
}

function hasReason(reason: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.reason, reason);
    return true;
  };
}
