import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { rootCertificates } from "node:tls";
import { type Lease, leaseKind, roleBindingKind, roleKind } from "@leasehold/api";
import { limits } from "../../limits.ts";
import { ResourceClient } from "../../resources/resource-client.ts";
import { freshNamespace } from "../../testing/namespace-fixture.ts";
import { startTestServer, type TestServer } from "../../testing/test-server-fixture.ts";
import type { Connection } from "../connection.ts";
import {
  ApiError,
  ConnectionError,
  ForbiddenError,
  SettingsError,
  UnauthorizedError,
  UnreadableAnswerError,
  WatchRefusedError,
} from "../errors.ts";
import type { Telemetry } from "../telemetry.ts";
import { connect } from "./connect.ts";

describe("a server that refuses", () => {
  let server: TestServer;
  let team: Connection;
  let namespace: string;

  before(async () => {
    server = await startTestServer();
    const admin = await server.connect();
    namespace = await freshNamespace(admin);
    team = await connect(server.teamSettings);
    await letRead(admin, namespace);
  });
  after(async () => {
    team.close();
    await server.close();
  });

  test("a missing permission is told with its verb and resource", async () => {
    const leases = new ResourceClient(team, leaseKind, namespace);
    await assert.rejects(leases.create(lease("x")), (error: unknown) => {
      assert.ok(error instanceof ForbiddenError, String(error));
      const { verb, resource } = error.request;
      assert.deepEqual([verb, resource, error.code], ["create", "leases.coordination.k8s.io", 403]);
      const names = `in namespace "${namespace}"`;
      assert.ok(
        error.message.startsWith(`may not create leases.coordination.k8s.io "x" ${names}: leases`),
        error.message,
      );
      return true;
    });
    assert.deepEqual(await Array.fromAsync(leases.list()), []);
  });

  test("a watch that is not permitted says that it is the watch", async () => {
    const leases = new ResourceClient(team, leaseKind, namespace);
    await assert.rejects(leases.watch().next(), (error: unknown) => {
      assert.ok(error instanceof WatchRefusedError, String(error));
      assert.equal(error.cause.request.verb, "watch");
      return true;
    });
  });

  test("an unknown token is not somebody without permissions", async () => {
    const stranger = await server.connect({
      token: "wrong",
      clientCertificate: undefined,
      clientKey: undefined,
    });
    const leases = new ResourceClient(stranger, leaseKind, namespace);
    await assert.rejects(leases.get("x"), UnauthorizedError);
  });

  test("another authority's certificate is told as such", async () => {
    const distrusting = await server.connect({ ca: rootCertificates[0] });
    const leases = new ResourceClient(distrusting, leaseKind, namespace);
    await assert.rejects(leases.create(lease("x")), (error: unknown) => {
      assert.ok(error instanceof ConnectionError, String(error));
      assert.match(error.message, /the server's certificate is not signed by a trusted authority; is the CA/);
      return true;
    });
  });

  test("a certificate for another name is told as such", async () => {
    const elsewhere = await server.connect({ serverName: "elsewhere.example" });
    const leases = new ResourceClient(elsewhere, leaseKind, namespace);
    await assert.rejects(leases.get("x"), /the server's certificate is for another name/);
  });

  test("a port on which nothing listens is told as such, and a write there has not happened", async () => {
    const nowhere = await server.connect({ url: "https://127.0.0.1:1" });
    const leases = new ResourceClient(nowhere, leaseKind, namespace);
    await assert.rejects(leases.create(lease("x")), (error: unknown) => {
      assert.ok(error instanceof ConnectionError, String(error));
      assert.match(error.message, /nothing listens there/);
      return true;
    });
  });

  test("a connection that was closed refuses", async () => {
    const closed = await server.connect();
    await using _ = closed;
    closed.close();
    await assert.rejects(
      new ResourceClient(closed, leaseKind, namespace).get("x"),
      /the connection was closed/,
    );
  });
});

describe("what stands between", () => {
  test("a 429 without a Status has its Retry-After and Kubernetes' word for it", async () => {
    await using far = await answering((_, response) => {
      response.writeHead(429, { "retry-after": "7", "content-type": "text/plain" });
      response.end("Too many requests, please try again later.\n");
    });
    await assert.rejects(far.leases.get("x"), (error: unknown) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual(
        [error.code, error.reason, error.retryAfterSeconds, error.message],
        [429, "TooManyRequests", 7, "HTTP 429: Too many requests, please try again later."],
      );
      return true;
    });
  });

  test("a Retry-After is believed within its bound", async () => {
    await using far = await answering((_, response) => {
      response.writeHead(503, { "retry-after": "86400" });
      response.end();
    });
    await assert.rejects(far.leases.get("x"), { retryAfterSeconds: limits.retryAfterSecondsMax });
  });

  test("a login page is not taken for a lease", async () => {
    await using far = await answering((_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>please log in</html>");
    });
    await assert.rejects(far.leases.get("x"), UnreadableAnswerError);
  });

  test("another kind is not taken for a lease", async () => {
    await using far = await answering((_, response) =>
      response.end('{"apiVersion":"v1","kind":"Namespace"}'),
    );
    await assert.rejects(far.leases.get("x"), /the answer is not a Lease: it is a "v1 Namespace"/);
  });

  test("an endless answer is cut off", async () => {
    await using far = await answering((_, response) => {
      const piece = Buffer.alloc(1024 * 1024, " ");
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more);
      more();
    });
    await assert.rejects(far.leases.get("x"), /the answer exceeds 67108864 bytes/);
  });

  test("an endless event of a watch is cut off", async () => {
    await using far = await answering((_, response) => {
      const piece = Buffer.alloc(1024 * 1024, " ");
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more);
      more();
    });
    await assert.rejects(far.leases.watch().next(), /an event of the watch exceeds 16777216 bytes/);
  });

  test("fields that this client does not know survive a replacement", async () => {
    const known = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "x", newer: { a: [1] } },
    };
    const bodies: string[] = [];
    await using far = await answering((request, response) => {
      request.setEncoding("utf8");
      request.on("data", (text: string) => bodies.push(text));
      request.on("end", () =>
        response.end(JSON.stringify({ ...known, spec: { holderIdentity: "a", quorum: 3 } })),
      );
    });
    const found = await far.leases.get("x");
    await far.leases.replace({ ...found, spec: { ...found.spec, holderIdentity: "b" } });
    const sent = JSON.parse(bodies.join("")) as unknown;
    assert.deepEqual(sent, { ...known, spec: { holderIdentity: "b", quorum: 3 } });
  });

  test("a path below which the API stands is kept", async () => {
    const paths: (string | undefined)[] = [];
    await using far = await answering((request, response) => {
      paths.push(request.url);
      response.writeHead(404);
      response.end();
    }, "/k8s/clusters/c-1/");
    await assert.rejects(far.leases.get("x y"), ApiError);
    assert.deepEqual(paths, ["/k8s/clusters/c-1/apis/coordination.k8s.io/v1/namespaces/n/leases/x%20y"]);
  });

  test("a token is asked for with each request", async () => {
    const seen: (string | undefined)[] = [];
    const listener: RequestListener = (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404);
      response.end();
    };
    const http = createServer(listener).listen(0, "127.0.0.1");
    await once(http, "listening");
    let turn = 0;
    await using connection = await connect({ url: urlOf(http), token: async () => `token-${++turn}` });
    const leases = new ResourceClient(connection, leaseKind, "n");
    await assert.rejects(leases.get("x"));
    await assert.rejects(leases.get("x"));
    http.close();
    assert.deepEqual(seen, ["Bearer token-1", "Bearer token-2"]);
  });
});

test("telemetry is told of every request, and its headers go to the server", async () => {
  const told: unknown[] = [];
  const telemetry: Telemetry = {
    requestBegins(request) {
      told.push(request);
      return { headers: { traceparent: "00-x-y-01" }, ended: (outcome) => told.push(outcome) };
    },
  };
  let traceparent: unknown;
  const listener: RequestListener = (request, response) => {
    traceparent = request.headers["traceparent"];
    response.writeHead(404);
    response.end();
  };
  const http = createServer(listener).listen(0, "127.0.0.1");
  await once(http, "listening");
  await using connection = await connect({ url: urlOf(http), telemetry });
  await assert.rejects(new ResourceClient(connection, leaseKind, "n").get("x"), ApiError);
  http.close();
  const request = { verb: "get", resource: "leases.coordination.k8s.io", namespace: "n", name: "x" };
  assert.deepEqual(told, [request, { kind: "answered", status: 404 }]);
  assert.equal(traceparent, "00-x-y-01");
});

const wrongSettings: readonly (readonly [name: string, Parameters<typeof connect>[0], RegExp])[] = [
  ["no URL", { url: "localhost" }, /"localhost" is not the URL of a server/],
  ["another protocol", { url: "ftp://x" }, /is not the URL of a server/],
  ["a certificate without its key", { url: "https://x", clientCertificate: "c" }, /needs its key/],
  ["two tokens", { url: "https://x", token: "a", tokenFile: "b" }, /exclude each other/],
  ["not in a cluster", { inCluster: true }, /not in a cluster/],
];

for (const [name, settings, message] of wrongSettings) {
  test(`settings are refused at once: ${name}`, async () => {
    await assert.rejects(connect(settings), (error: unknown) => {
      assert.ok(error instanceof SettingsError);
      assert.match(error.message, message);
      return true;
    });
  });
}

/** Some server that is not an API server. */
async function answering(
  listener: RequestListener,
  path = "",
): Promise<{ readonly leases: ResourceClient<Lease>; [Symbol.asyncDispose](): Promise<void> }> {
  const http = createServer(listener).listen(0, "127.0.0.1");
  await once(http, "listening");
  const connection = await connect({ url: urlOf(http) + path });
  return {
    leases: new ResourceClient(connection, leaseKind, "n"),
    async [Symbol.asyncDispose]() {
      connection.close();
      http.closeAllConnections();
      http.close();
    },
  };
}

function urlOf(http: Server): string {
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** The team may get and list leases there, and nothing else. */
async function letRead(admin: Connection, namespace: string): Promise<void> {
  const metadata = { name: "lease-reader" };
  const group = "rbac.authorization.k8s.io";
  await new ResourceClient(admin, roleKind, namespace).create({
    apiVersion: `${group}/v1`,
    kind: "Role",
    metadata,
    rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "list"] }],
  });
  await new ResourceClient(admin, roleBindingKind, namespace).create({
    apiVersion: `${group}/v1`,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: group, kind: "Role", name: metadata.name },
    subjects: [{ apiGroup: group, kind: "User", name: "team" }],
  });
}

function lease(name: string): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec: {} };
}
