import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Lease, type LeaseCandidate, leaseKind } from "@leasehold/api";
import type { Connection } from "../connection/connection.ts";
import type { ObjectNews } from "../election/object-access.ts";
import { freshNamespace } from "../testing/namespace-fixture.ts";
import { startTcpProxy } from "../testing/tcp-proxy-fixture.ts";
import { startTestServer, type TestServer } from "../testing/test-server-fixture.ts";
import { candidateAccess, leaseAccess, leaseCollectionAccess } from "./object-access.ts";
import { ResourceClient } from "./resource-client.ts";

describe("what an election sees of a server", () => {
  let server: TestServer;
  let connection: Connection;
  let namespace: string;
  const attempt = { signal: new AbortController().signal, timeoutMs: 20_000 };

  before(async () => {
    server = await startTestServer();
    connection = await server.connect();
    namespace = await freshNamespace(connection);
  });
  after(() => server.close());

  test("a lease is absent, created once, and replaced at its version only", async () => {
    const access = leaseAccess(connection, { namespace, name: "one" });
    assert.deepEqual(await access.read(attempt), { kind: "absent" });
    const created = await access.write(lease("one", { holderIdentity: "a" }), attempt);
    assert.ok(created.kind === "written");
    assert.deepEqual(await access.write(lease("one", { holderIdentity: "b" }), attempt), {
      kind: "conflict",
    });
    const renewed = await access.write({ ...created.object, spec: { holderIdentity: "c" } }, attempt);
    assert.ok(renewed.kind === "written");
    assert.deepEqual(await access.read(attempt), { kind: "found", object: renewed.object });
    const late = { ...created.object, spec: { holderIdentity: "d" } };
    assert.deepEqual(await access.write(late, attempt), { kind: "conflict" });
  });

  test("a lease that was deleted cannot be replaced", async () => {
    const access = leaseAccess(connection, { namespace, name: "gone" });
    const created = await access.write(lease("gone", {}), attempt);
    assert.ok(created.kind === "written");
    await new ResourceClient(connection, leaseKind, namespace).delete("gone");
    assert.deepEqual(await access.write(created.object, attempt), { kind: "conflict" });
  });

  test("a lease in a namespace that does not exist is absent, and creating it is refused", async () => {
    const access = leaseAccess(connection, { namespace: "no-such-namespace", name: "x" });
    assert.deepEqual(await access.read(attempt), { kind: "absent" });
    const outcome = await access.write(lease("x", {}), attempt);
    assert.ok(outcome.kind === "failed" && outcome.failure.kind === "refused", JSON.stringify(outcome));
  });

  test("news of one lease are its own, and end with the signal", async () => {
    const access = leaseAccess(connection, { namespace, name: "followed" });
    const created = await access.write(lease("followed", { holderIdentity: "a" }), attempt);
    assert.ok(created.kind === "written");
    const controller = new AbortController();
    const news = access.watch(created.object.metadata.resourceVersion ?? "", { signal: controller.signal });
    const other = leaseAccess(connection, { namespace, name: "other" });
    await other.write(lease("other", {}), attempt);
    const renewed = await access.write({ ...created.object, spec: { holderIdentity: "b" } }, attempt);
    assert.ok(renewed.kind === "written");
    const seen: ObjectNews<Lease>[] = [];
    for await (const item of news) {
      seen.push(item);
      controller.abort();
    }
    assert.deepEqual(seen, [{ kind: "seen", object: renewed.object }]);
  });

  test("a watch from a version that is too old ends, and is no failure", async () => {
    const access = leaseAccess(connection, { namespace, name: "one" });
    assert.deepEqual(await Array.fromAsync(access.watch("1", { signal: attempt.signal })), []);
  });

  test("a server that is away is unavailable, for questions and for writes", async () => {
    const nowhere = await server.connect({ url: "https://127.0.0.1:1" });
    const access = leaseAccess(nowhere, { namespace, name: "one" });
    const outcomes = [
      await access.read(attempt),
      await access.write(lease("one", {}), attempt),
      ...(await Array.fromAsync(access.watch("5", { signal: attempt.signal }))),
    ];
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind === "failed" && outcome.failure.kind),
      ["unavailable", "unavailable", "unavailable"],
    );
  });

  test("elections share one connection, on which nothing else is sent", async () => {
    const proxy = await startTcpProxy(server.settings.url);
    await using other = await server.connect({ url: proxy.url });
    await leaseAccess(other, { namespace, name: "one" }).read(attempt);
    await leaseAccess(other, { namespace, name: "two" }).read(attempt);
    assert.equal(proxy.opened, 1);
    await new ResourceClient(other, leaseKind, namespace).get("one");
    assert.equal(proxy.opened, 2);
    other.close();
    await proxy.idle();
    const outcome = await leaseAccess(other, { namespace, name: "one" }).read(attempt);
    assert.equal(outcome.kind, "failed");
    await proxy.close();
  });

  test("a candidate is written in a version that the server offers", async () => {
    const access = candidateAccess(connection, { namespace, name: "candidate" });
    const created = await access.write(candidate("candidate"), attempt);
    assert.ok(created.kind === "written", JSON.stringify(created));
    const found = await access.read(attempt);
    // The server's election may have asked it for a sign of life meanwhile.
    assert.ok(found.kind === "found" && found.object.metadata.uid === created.object.metadata.uid);
  });

  test("a selection of leases is listed at one version, and followed from there", async () => {
    const access = leaseCollectionAccess(connection, { namespace, labelSelector: "team=x" });
    const member = leaseAccess(connection, { namespace, name: "member" });
    const labelled = (holderIdentity: string): Lease => ({
      ...lease("member", { holderIdentity }),
      metadata: { name: "member", labels: { team: "x" } },
    });
    const created = await member.write(labelled("a"), attempt);
    assert.ok(created.kind === "written");
    const listed = await access.list(attempt);
    assert.ok(listed.kind === "listed");
    assert.deepEqual(listed.leases, [created.object]);
    const { resourceVersion } = created.object.metadata;
    const unlabelled = { ...lease("member", {}), metadata: { name: "member", resourceVersion } };
    assert.equal((await member.write(unlabelled, attempt)).kind, "written");
    for await (const item of access.watch(listed.resourceVersion, { signal: attempt.signal })) {
      assert.equal(item.kind, "deleted");
      break;
    }
  });
});

function lease(name: string, spec: Lease["spec"]): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec };
}

function candidate(name: string): LeaseCandidate {
  return {
    apiVersion: "coordination.k8s.io/v1beta1",
    kind: "LeaseCandidate",
    metadata: { name },
    spec: {
      leaseName: "l",
      binaryVersion: "1.0.0",
      emulationVersion: "1.0.0",
      strategy: "OldestEmulationVersion",
    },
  };
}
