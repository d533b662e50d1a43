import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Lease, leaseKind } from "@leasehold/api";
import type { Connection } from "../connection/connection.ts";
import { WatchRefusedError } from "../connection/errors.ts";
import { connect } from "../connection/node/connect.ts";
import { ResourceClient } from "../resources/resource-client.ts";
import { freshNamespace } from "../testing/namespace-fixture.ts";
import { startTcpProxy } from "../testing/tcp-proxy-fixture.ts";
import { startTestServer, type TestServer } from "../testing/test-server-fixture.ts";
import { reflect, type Reflection } from "./reflector.ts";

for (const protocol of ["negotiated", "http/1.1"] as const) {
  describe(`a reflector (${protocol})`, () => {
    let server: TestServer;
    let connection: Connection;

    before(async () => {
      server = await startTestServer();
      connection = await server.connect({ protocol });
    });
    after(() => server.close());

    async function freshLeases(): Promise<ResourceClient<Lease>> {
      return new ResourceClient(connection, leaseKind, await freshNamespace(connection));
    }

    test("tells the state, then each change in order", async () => {
      const leases = await freshLeases();
      await leases.create(lease("a"));
      await leases.create(lease("b"));
      const seen = reader(reflect(leases));
      assert.deepEqual(await seen.next(), "state a b");
      await leases.create(lease("c"));
      await renew(leases, "a");
      await leases.delete("b");
      assert.deepEqual(
        [await seen.next(), await seen.next(), await seen.next()],
        ["added c", "modified a", "deleted b"],
      );
      await seen.end();
    });

    test("an empty selection is a state too", async () => {
      const seen = reader(reflect(await freshLeases()));
      assert.equal(await seen.next(), "state ");
      await seen.end();
    });

    test("ends with its signal, silently", async () => {
      const controller = new AbortController();
      const seen = reader(reflect(await freshLeases(), { signal: controller.signal }));
      await seen.next();
      const ended = seen.next();
      controller.abort();
      assert.equal(await ended, "end");
    });

    test("goes on without a gap after its connection broke", async () => {
      const leases = await freshLeases();
      const proxy = await startTcpProxy(server.settings.url);
      const through = await server.connect({ url: proxy.url, protocol });
      const seen = reader(reflect(new ResourceClient(through, leaseKind, leases.namespace)));
      assert.equal(await seen.next(), "state ");
      await leases.create(lease("a"));
      assert.equal(await seen.next(), "added a");
      proxy.reset();
      await leases.create(lease("b"));
      await renew(leases, "a");
      assert.match(await seen.next(), /^interrupted ConnectionError/);
      assert.deepEqual([await seen.next(), await seen.next()], ["added b", "modified a"]);
      await seen.end();
      await proxy.close();
    });

    test("begins anew with a state when its version is too old", async () => {
      const leases = await freshLeases();
      await leases.create(lease("a"));
      const { namespace } = leases;
      const outdated = new OutdatedOnce(connection, leaseKind, namespace);
      const seen = reader(reflect(outdated));
      assert.equal(await seen.next(), "state a");
      assert.equal(await seen.next(), "state a");
      await leases.create(lease("b"));
      assert.equal(await seen.next(), "added b");
      await seen.end();
    });

    test("a server that refuses the state by watch is asked for a list", async () => {
      const leases = await freshLeases();
      await leases.create(lease("a"));
      const seen = reader(reflect(new WithoutInitialEvents(connection, leaseKind, leases.namespace)));
      assert.equal(await seen.next(), "state a");
      await leases.create(lease("b"));
      assert.equal(await seen.next(), "added b");
      await seen.end();
    });

    test("who may not watch is told so", async () => {
      const leases = await freshLeases();
      const team = await connect({ ...server.teamSettings, protocol });
      const mine = new ResourceClient(team, leaseKind, leases.namespace);
      await assert.rejects(reflect(mine).next(), WatchRefusedError);
      team.close();
    });

    test("a server that was killed and started again is followed without a gap", async (context) => {
      const { process } = server;
      if (process === undefined) return context.skip("the server is not ours to kill");
      const leases = await freshLeases();
      const seen = reader(reflect(leases));
      assert.equal(await seen.next(), "state ");
      await leases.create(lease("a"));
      assert.equal(await seen.next(), "added a");
      await process.kill();
      assert.match(await seen.next(), /^interrupted/);
      await process.start();
      await leases.create(lease("b"));
      await renew(leases, "a");
      const told = [await seen.next(), await seen.next()].filter((text) => !text.startsWith("interrupted"));
      while (told.length < 2)
        told.push(...[await seen.next()].filter((text) => !text.startsWith("interrupted")));
      assert.deepEqual(told, ["added b", "modified a"]);
      await seen.end();
    });
  });
}

/** A version that is too old for any server, the first time that it resumes. */
class OutdatedOnce extends ResourceClient<Lease> {
  #isFirst = true;

  override watch(
    options: Parameters<ResourceClient<Lease>["watch"]>[0] = {},
  ): ReturnType<ResourceClient<Lease>["watch"]> {
    if (options.sendInitialEvents === true && this.#isFirst) return this.#shortened(options);
    return super.watch(options.sendInitialEvents === true ? options : { ...options, resourceVersion: "1" });
  }

  async *#shortened(
    options: Parameters<ResourceClient<Lease>["watch"]>[0],
  ): ReturnType<ResourceClient<Lease>["watch"]> {
    this.#isFirst = false;
    for await (const event of super.watch(options)) {
      yield event;
      if (event.kind === "bookmark" && event.endsInitialEvents) return;
    }
  }
}

/** Asks for what servers refuse with the 422 that old ones answer to any sendInitialEvents. */
class WithoutInitialEvents extends ResourceClient<Lease> {
  override watch(
    options: Parameters<ResourceClient<Lease>["watch"]>[0] = {},
  ): ReturnType<ResourceClient<Lease>["watch"]> {
    const { sendInitialEvents } = options;
    return super.watch(
      sendInitialEvents === true ? { ...options, fieldSelector: "spec.unknown=x" } : options,
    );
  }
}

interface Reader {
  /** The next reflection in a few words; progress is passed over. */
  next(): Promise<string>;
  end(): Promise<void>;
}

function reader(reflections: AsyncGenerator<Reflection<Lease>, void, undefined>): Reader {
  return {
    async next() {
      for (;;) {
        const { value, done } = await reflections.next();
        if (done === true) return "end";
        if (value.kind !== "progress") return described(value);
      }
    },
    end: async () => void (await reflections.return()),
  };
}

function described(reflection: Exclude<Reflection<Lease>, { kind: "progress" }>): string {
  switch (reflection.kind) {
    case "state":
      return `state ${reflection.objects.map(({ metadata }) => metadata.name).join(" ")}`;
    case "interrupted":
      return `interrupted ${reflection.error.name}`;
    default:
      return `${reflection.kind} ${reflection.object.metadata.name}`;
  }
}

async function renew(leases: ResourceClient<Lease>, name: string): Promise<void> {
  await leases.patch(name, { type: "merge", patch: { spec: { holderIdentity: "renewed" } } });
}

function lease(name: string): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec: {} };
}
