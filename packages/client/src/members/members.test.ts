import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Connection } from "../connection/connection.ts";
import { leaseAccess, leaseCollectionAccess } from "../resources/object-access.ts";
import { freshNamespace } from "../testing/namespace-fixture.ts";
import { startTestServer, type TestServer } from "../testing/test-server-fixture.ts";
import { Heartbeat, type HeartbeatEvent } from "./heartbeat.ts";
import { Membership } from "./membership.ts";
import type { MembershipEvent } from "./roster.ts";

describe("heartbeats and membership on a real server", { timeout: 120_000 }, () => {
  let server: TestServer;
  let connection: Connection;
  let namespace: string;

  before(async () => {
    server = await startTestServer();
    connection = await server.connect();
    namespace = await freshNamespace(connection);
  });
  after(() => server.close());

  function beat(name: string, app: string, onEvent: (event: HeartbeatEvent) => void = () => {}): Heartbeat {
    const lease = leaseAccess(connection, { namespace, name });
    return new Heartbeat({
      lease,
      leaseDurationSeconds: 20,
      renewEveryMs: 200,
      metadata: { labels: { app } },
      onEvent,
    });
  }

  function observe(app: string): AsyncGenerator<MembershipEvent, void, undefined> {
    const leases = leaseCollectionAccess(connection, { namespace, labelSelector: `app=${app}` });
    return new Membership({ leases })[Symbol.asyncIterator]();
  }

  test("members join, and leave when they say so; others are not looked at", async () => {
    await using first = beat("first", "joining");
    await using stranger = beat("stranger", "other");
    await beaten(stranger);
    await beaten(first);
    const events = observe("joining");
    assert.deepEqual(await next(events), { kind: "joined", member: { name: "first", identity: "first" } });
    assert.deepEqual(await next(events), { kind: "synced" });
    const second = beat("second", "joining");
    assert.deepEqual(await next(events), { kind: "joined", member: { name: "second", identity: "second" } });
    await second[Symbol.asyncDispose]();
    assert.deepEqual(await next(events), { kind: "left", member: { name: "second", identity: "second" } });
    await events.return();
  });

  test("who is not heard of any more expires by the observer's clock", async () => {
    const lease = leaseAccess(connection, { namespace, name: "dead" });
    const renewTime = "2099-01-01T00:00:00.000000Z";
    await lease.write(
      {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { namespace, name: "dead", labels: { app: "dying" } },
        spec: { holderIdentity: "dead", leaseDurationSeconds: 2, renewTime },
      },
      { signal: new AbortController().signal, timeoutMs: 20_000 },
    );
    await using living = beat("living", "dying");
    await beaten(living);
    const events = observe("dying");
    const seen: string[] = [];
    for await (const event of events) {
      seen.push(event.kind === "synced" ? event.kind : `${event.member.name} ${event.kind}`);
      if (event.kind === "expired") break;
    }
    assert.deepEqual(seen, ["dead joined", "living joined", "synced", "dead expired"]);
  });

  test("beats go on while a stranger writes the lease, and keep what it wrote", async () => {
    const events: HeartbeatEvent[] = [];
    await using heartbeat = beat("contested", "contested", (event) => events.push(event));
    await beaten(heartbeat);
    const lease = leaseAccess(connection, { namespace, name: "contested" });
    const attempt = { signal: new AbortController().signal, timeoutMs: 20_000 };
    for (let count = 0; ; count += 1) {
      const seen = await lease.read(attempt);
      assert.ok(seen.kind === "found");
      const { metadata, spec } = seen.object;
      const annotations = { note: String(count) };
      const touched = {
        ...seen.object,
        metadata: { ...metadata, annotations },
        spec: { ...spec, holderIdentity: "x" },
      };
      if ((await lease.write(touched, attempt)).kind === "written") break;
    }
    while (!events.some(({ kind }) => kind === "contested")) await beaten(heartbeat);
    const seen = await lease.read(attempt);
    assert.ok(seen.kind === "found");
    assert.ok(seen.object.metadata.annotations?.["note"]);
    assert.equal(seen.object.metadata.labels?.["app"], "contested");
  });

  /** Until the member's lease has another version than now. */
  async function beaten(heartbeat: Heartbeat): Promise<void> {
    const lease = leaseAccess(connection, { namespace, name: heartbeat.identity });
    const stopping = new AbortController();
    let seen = 0;
    for await (const news of lease.watch("", { signal: stopping.signal })) {
      seen += 1;
      if (news.kind === "seen" && seen === 2) break;
    }
    stopping.abort();
  }
});

async function next(events: AsyncGenerator<MembershipEvent, void, undefined>): Promise<unknown> {
  return (await events.next()).value;
}
