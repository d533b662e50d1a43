import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Lease, leaseKind } from "@leasehold/api";
import { ResourceClient } from "../resources/resource-client.ts";
import { freshNamespace } from "../testing/namespace-fixture.ts";
import { type HttpRelay, startHttpRelay } from "../testing/http-relay-fixture.ts";
import { startTestServer, type TestServer } from "../testing/test-server-fixture.ts";
import { connectByFetch } from "./connect-by-fetch.ts";
import type { Connection } from "./connection.ts";
import { ApiError, ConnectionError, OutcomeUnknownError } from "./errors.ts";

describe("a connection by fetch", () => {
  let server: TestServer;
  let relay: HttpRelay;
  let connection: Connection;
  let leases: ResourceClient<Lease>;

  before(async () => {
    server = await startTestServer();
    relay = await startHttpRelay(server.settings);
    connection = connectByFetch({ url: `${relay.url}/` });
    leases = new ResourceClient(connection, leaseKind, await freshNamespace(connection));
  });
  after(async () => {
    connection.close();
    await relay.close();
    await server.close();
  });

  test("writes, reads, watches and is refused like any other", async () => {
    const created = await leases.create(lease("x"));
    const watch = leases.watch({ resourceVersion: created.metadata.resourceVersion });
    const next = watch.next();
    const replaced = await leases.replace({ ...created, spec: { holderIdentity: "a" } });
    assert.deepEqual((await next).value, { kind: "modified", object: replaced });
    await watch.return();
    await assert.rejects(leases.get("y"), ApiError);
  });

  test("an abort ends a request and a watch with its reason", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const { signal } = controller;
    const list = await Array.fromAsync(leases.pages());
    const watch = leases.watch({ signal, resourceVersion: list[0]?.metadata.resourceVersion });
    const next = watch.next();
    controller.abort(reason);
    await assert.rejects(next, reason);
    await assert.rejects(leases.get("x", { signal }), reason);
  });

  test("a server that is away is told apart for questions and writes", async () => {
    const nowhere = connectByFetch({ url: "http://127.0.0.1:9" });
    const lost = new ResourceClient(nowhere, leaseKind, "n");
    await assert.rejects(lost.get("x"), ConnectionError);
    await assert.rejects(lost.create(lease("x")), OutcomeUnknownError);
  });

  test("a closed connection refuses", async () => {
    const closed = connectByFetch({ url: relay.url });
    closed.close();
    await assert.rejects(new ResourceClient(closed, leaseKind, "n").get("x"), ConnectionError);
  });
});

function lease(name: string): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec: {} };
}
