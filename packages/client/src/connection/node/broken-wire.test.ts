import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { type Lease, leaseKind } from "@leasehold/api";
import { ResourceClient } from "../../resources/resource-client.ts";
import { type CountingClock, countingClock } from "../../testing/counting-clock-fixture.ts";
import { freshNamespace } from "../../testing/namespace-fixture.ts";
import { startTcpProxy, type TcpProxy } from "../../testing/tcp-proxy-fixture.ts";
import { startTestServer, type TestServer } from "../../testing/test-server-fixture.ts";
import type { Connection } from "../connection.ts";
import { ConnectionError, OutcomeUnknownError } from "../errors.ts";

for (const protocol of ["negotiated", "http/1.1"] as const) {
  describe(`a wire that breaks (${protocol})`, { concurrency: false }, () => {
    let server: TestServer;
    let proxy: TcpProxy;
    let clock: CountingClock;
    let connection: Connection;
    let leases: ResourceClient<Lease>;
    let namespace: string;

    before(async () => {
      server = await startTestServer();
      namespace = await freshNamespace(await server.connect());
    });
    after(() => server.close());
    beforeEach(async () => {
      proxy = await startTcpProxy(server.settings.url);
      clock = countingClock();
      connection = await server.connect({ url: proxy.url, protocol, clock });
      leases = new ResourceClient(connection, leaseKind, namespace);
    });
    afterEach(async () => {
      connection.close();
      await proxy.close();
    });

    test("a question on a dead socket fails in its time, and the next one goes another way", async () => {
      await Array.fromAsync(leases.list());
      proxy.blackHole();
      await assert.rejects(leases.get("x", { timeoutMs: 300 }), isUnanswered);
      const name = protocol === "negotiated" ? "after-ping" : "after-timeout";
      const written = await untilDone(() => leases.create(lease(name)));
      assert.equal(written.metadata.name, name);
    });

    test("a watch on a dead socket is noticed", async () => {
      const created = await leases.create(lease("watched-in-vain"));
      const { resourceVersion } = created.metadata;
      const watch = leases.watch({ resourceVersion, silenceMs: protocol === "negotiated" ? 600_000 : 1000 });
      await leases.replace({ ...created, spec: { holderIdentity: "seen" } });
      assert.equal((await watch.next()).value?.kind, "modified");
      proxy.blackHole();
      await assert.rejects(watch.next(), protocol === "negotiated" ? /ping was not answered/ : /was silent/);
      assert.equal((await leases.get("watched-in-vain")).spec.holderIdentity, "seen");
    });

    test("a write whose answer is lost is of unknown outcome, and happened", async () => {
      const created = await leases.create(lease(`lost-answer-${protocol === "negotiated" ? 2 : 1}`));
      proxy.loseAnswers();
      const write = leases.replace({ ...created, spec: { holderIdentity: "written" } });
      const outcome = assert.rejects(write, isUnknown);
      await proxy.lost;
      proxy.reset();
      await outcome;
      assert.equal((await leases.get(created.metadata.name ?? "")).spec.holderIdentity, "written");
    });

    test("a write that is not answered in time is of unknown outcome", async () => {
      const created = await leases.create(lease("late-answer"));
      proxy.blackHole();
      await assert.rejects(leases.replace(created, { timeoutMs: 300 }), (error: unknown) => {
        assert.ok(error instanceof OutcomeUnknownError);
        assert.match(
          error.message,
          /update leases.coordination.k8s.io "late-answer" .*no answer within 300 ms/,
        );
        return true;
      });
      await untilDone(() => leases.delete("late-answer"));
    });

    test("a socket that was reset while idle does not fail the next question", async () => {
      await Array.fromAsync(leases.list());
      proxy.reset();
      await Array.fromAsync(leases.list());
    });

    test("a dedicated connection does not share the fate of another", async () => {
      const dedicated = new ResourceClient(connection.dedicated(), leaseKind, namespace);
      const { metadata } = await leases.create(lease("shared-fate"));
      const watch = leases.watch({
        resourceVersion: metadata.resourceVersion,
        fieldSelector: "metadata.name=shared-fate",
        silenceMs: 600_000,
      });
      await leases.patch("shared-fate", { type: "merge", patch: { spec: { holderIdentity: "a" } } });
      await watch.next();
      const before = proxy.opened;
      proxy.blackHole();
      await dedicated.get("shared-fate");
      assert.equal(proxy.opened, before + 1);
      await dedicated.delete("shared-fate");
      connection.close();
      await assert.rejects(watch.next(), ConnectionError);
    });

    test("what is aborted leaves no timer behind, and what is closed no socket", async () => {
      await leases.create(lease("aborted"));
      proxy.blackHole();
      const controller = new AbortController();
      const question = leases.get("aborted", { signal: controller.signal });
      const write = leases.delete("aborted", { signal: controller.signal });
      const reason = new Error("not wanted any more");
      controller.abort(reason);
      await assert.rejects(question, reason);
      await assert.rejects(write, reason);
      const watching = new AbortController();
      const watch = leases.watch({ signal: watching.signal });
      const next = watch.next();
      watching.abort(reason);
      await assert.rejects(next, reason);
      connection.close();
      await proxy.idle();
      assert.equal(clock.waiting, 0);
    });

    test("a loop over a watch that is left early frees everything", async () => {
      await untilDone(() => leases.create(lease("left-early")));
      for await (const event of leases.watch()) {
        assert.equal(event.kind, "added");
        break;
      }
      while (clock.waiting > 0) await new Promise(setImmediate);
    });
  });
}

function isUnanswered(error: unknown): boolean {
  assert.ok(error instanceof ConnectionError, String(error));
  assert.match(
    error.message,
    /^get leases.coordination.k8s.io "x" in namespace .* at https:.*: no answer within 300 ms$/,
  );
  return true;
}

function isUnknown(error: unknown): boolean {
  assert.ok(error instanceof OutcomeUnknownError, String(error));
  assert.equal(error.request.verb, "update");
  return true;
}

/** Tries until it works, as any client of a flaky network would: a dead HTTP/2 connection takes a moment to be noticed. */
async function untilDone<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConnectionError || error instanceof OutcomeUnknownError)) throw error;
    }
  }
}

function lease(name: string): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec: {} };
}
