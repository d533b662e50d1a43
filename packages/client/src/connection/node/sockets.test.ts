import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createServer as createHttpsServer } from "node:https";
import { type Lease, leaseKind } from "@leasehold/api";
import { systemClock } from "../../clock.ts";
import { ResourceClient } from "../../resources/resource-client.ts";
import type { ObjectList } from "../../resources/read-object.ts";
import { freshNamespace } from "../../testing/namespace-fixture.ts";
import { startTcpProxy } from "../../testing/tcp-proxy-fixture.ts";
import { startTestServer, type TestServer } from "../../testing/test-server-fixture.ts";
import { Connection } from "../connection.ts";
import { ConnectionError } from "../errors.ts";
import { systemRandom } from "../../random.ts";
import { nodeTransport } from "./node-transport.ts";
import { urlEndpoint } from "./url-endpoint.ts";

describe("sockets", () => {
  let server: TestServer;
  let namespace: string;

  before(async () => {
    server = await startTestServer();
    namespace = await freshNamespace(await server.connect());
  });
  after(() => server.close());

  test("HTTP/2 shares one among many requests and watches, HTTP/1.1 has one for each at a time", async () => {
    for (const [protocol, expected] of [
      ["negotiated", 1],
      ["http/1.1", 4],
    ] as const) {
      const proxy = await startTcpProxy(server.settings.url);
      const connection = await server.connect({ url: proxy.url, protocol });
      const leases = new ResourceClient(connection, leaseKind, namespace);
      const { resourceVersion } = (await firstPage(leases)).metadata;
      const watches = [1, 2, 3].map(() => leases.watch({ resourceVersion }));
      const events = watches.map((watch) => watch.next());
      const name = `shared-${expected}`;
      await leases.create(lease(name));
      await Promise.all(events);
      await leases.get(name);
      assert.equal(proxy.opened, expected);
      await Promise.all(watches.map((watch) => watch.return()));
      connection.close();
      await proxy.close();
    }
  });

  test("credentials that changed get a new one, and what is under way keeps the old", async () => {
    const proxy = await startTcpProxy(server.settings.url);
    const { settings } = server;
    const given = urlEndpoint({ ...settings, url: proxy.url }, systemClock);
    let turn = 1;
    const tls = [await given.credentials(), await given.credentials()].map((credentials) => ({
      ...credentials,
      tls: { ...credentials.tls },
    }));
    const endpoint = { ...given, credentials: async () => tls[turn - 1] ?? given.credentials() };
    const transport = nodeTransport({ endpoint, clock: systemClock, protocol: "negotiated" });
    await using connection = new Connection(transport, { clock: systemClock, random: systemRandom });
    const leases = new ResourceClient(connection, leaseKind, namespace);
    const { resourceVersion } = (await firstPage(leases)).metadata;
    const watch = leases.watch({ resourceVersion });
    const next = watch.next();
    turn = 2;
    await leases.create(lease("rotated"));
    assert.equal((await next).value?.kind, "added");
    assert.equal(proxy.opened, 2);
    await watch.return();
    connection.close();
    await proxy.idle();
    await proxy.close();
  });

  for (const [how, end] of [
    ["killed", "kill"],
    ["stopped in good order", "stop"],
  ] as const) {
    test(`a server that was ${how} and started again is asked on without an error`, async (context) => {
      const own = server.process;
      if (own === undefined) return context.skip("the server is not ours to stop");
      const connection = await server.connect();
      const leases = new ResourceClient(connection, leaseKind, namespace);
      const { resourceVersion } = (await firstPage(leases)).metadata;
      const watch = leases.watch({ resourceVersion });
      const ended = watch.next().catch((error: unknown) => assert.ok(error instanceof ConnectionError));
      // The watch is open once a later request on the same connection was answered.
      await firstPage(leases);
      await own[end]();
      await ended;
      await own.start();
      await firstPage(leases);
    });
  }

  test("a program that closes nothing ends", () => {
    const settings = JSON.stringify({ ...server.settings });
    const script = `
      const { connect } = await import(${JSON.stringify(join(import.meta.dirname, "connect.ts"))});
      const get = { subject: { verb: "get", resource: "/version" }, method: "GET", path: "/version" };
      for (const protocol of ["negotiated", "http/1.1"]) {
        const connection = await connect({ ...${settings}, protocol });
        console.log((await connection.ask(get)).length > 0);
      }`;
    const argv = [...process.execArgv, "--input-type=module", "--eval", script];
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: "utf8", env });
    assert.deepEqual([stdout, status], ["true\ntrue\n", 0], stderr);
  });

  test("a server that does not speak HTTP/2 is spoken to as it can", async (context) => {
    const { clientCertificate: cert, clientKey: key } = server.settings;
    if (cert === undefined || key === undefined) return context.skip("there is no certificate to serve with");
    await using far = await listening(createHttpsServer({ cert, key }, (_, response) => response.end("{}")));
    const connection = await server.connect({ url: far.url("https"), insecureSkipTlsVerify: true });
    const subject = { verb: "get", resource: "/version" };
    const ask = (): Promise<Uint8Array> => connection.ask({ subject, method: "GET", path: "/version" });
    assert.equal(new TextDecoder().decode(await ask()), "{}");
    assert.equal(new TextDecoder().decode(await ask()), "{}");
  });

  test("a port that never finishes the handshake fails the attempt in its time, and holds no socket after it", async () => {
    const held = new Set<Socket>();
    const silent = createServer((socket) => {
      held.add(socket);
      socket.on("error", () => {});
      socket.resume();
      socket.on("close", () => {
        held.delete(socket);
        silent.emit("left");
      });
    });
    await using far = await listening(silent);
    for (const protocol of ["negotiated", "http/1.1"] as const) {
      const connection = await server.connect({ url: far.url("https"), protocol });
      const leases = new ResourceClient(connection, leaseKind, namespace);
      await assert.rejects(leases.create(lease("x"), { timeoutMs: 100 }), ConnectionError);
      while (held.size > 0) await once(silent, "left");
    }
  });
});

interface Listening {
  url(scheme: string): string;
  [Symbol.asyncDispose](): Promise<void>;
}

async function firstPage(leases: ResourceClient<Lease>): Promise<ObjectList<Lease>> {
  for await (const page of leases.pages()) return page;
  throw new Error("a list has at least one page");
}

function lease(name: string): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec: {} };
}

async function listening(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: (scheme) => `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
