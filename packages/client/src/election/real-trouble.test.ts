import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Connection } from "../connection/connection.ts";
import { leaseAccess } from "../resources/object-access.ts";
import { type Candidate, stand } from "../testing/candidate-fixture.ts";
import type { ElectorProcessSettings } from "../testing/elector-process.ts";
import { freshNamespace } from "../testing/namespace-fixture.ts";
import { startTcpProxy, type TcpProxy } from "../testing/tcp-proxy-fixture.ts";
import { startTestServer, type TestServer } from "../testing/test-server-fixture.ts";
import { type Durations, durationsFor } from "./durations.ts";
import type { LeaseAccess } from "./object-access.ts";
import { TermEndedError } from "./term.ts";

describe("electors among real troubles", { timeout: 180_000 }, () => {
  let server: TestServer;
  let connection: Connection;
  let namespace: string;

  before(async () => {
    server = await startTestServer();
    connection = await server.connect();
    namespace = await freshNamespace(connection);
  });
  after(() => server.close());

  const direct = (name: string): LeaseAccess => leaseAccess(connection, { namespace, name });

  test("a process that was stopped past the expiry never says that it leads again", async (t) => {
    const leader = startElectorProcess(t, {
      settings: server.settings,
      namespace,
      name: "stopped",
      identity: "stopped",
      durations: short,
    });
    await leader.says("leading");
    leader.child.kill("SIGSTOP");
    const follower = candidate(t, { lease: direct("stopped"), identity: "follower", durations: short });
    await follower.term();
    const before = leader.heard();
    leader.child.kill("SIGCONT");
    await leader.says("not leading");
    // What it had written before it was stopped may still have been on its way.
    assert.ok(!leader.heard().slice(before.length).includes("\nleading"), leader.heard());
  });

  test("renewals that vanish in a black hole are sent again, and the term survives", async (t) => {
    const { proxy, holder } = await behindProxy(t, "black-hole");
    const term = await holder.term();
    await holder.event("renewed");
    proxy.blackHole();
    await holder.event("failure");
    await holder.event("renewed", holder.events.length);
    assert.ok(term.isLive());
    assert.equal(holder.events.filter(({ kind }) => kind === "acquired").length, 1);
  });

  test("a holder that is cut off has stopped when somebody else begins", async (t) => {
    const { proxy, holder } = await behindProxy(t, "cut-off", short);
    const term = await holder.term();
    const follower = candidate(t, { lease: direct("cut-off"), identity: "follower", durations: short });
    await follower.event("sighting");
    proxy.blackHole();
    await proxy.close();
    const next = await follower.term();
    assert.ok(!term.isLive());
    assert.ok(term.signal.reason instanceof TermEndedError && term.signal.reason.end.kind === "expired");
    assert.ok(BigInt(next.fencingToken) > BigInt(term.fencingToken));
  });

  test("a renewal whose answer was lost counts, and the term goes on under its token", async (t) => {
    const { proxy, holder } = await behindProxy(t, "lost-answer");
    const term = await holder.term();
    proxy.loseAnswers();
    await proxy.lost;
    await holder.event("failure");
    await holder.event("renewed", holder.events.length);
    assert.ok(term.isLive());
    assert.equal(holder.events.filter(({ kind }) => kind === "acquired").length, 1);
  });

  test("an acquisition whose answer was lost is found again at once", async (t) => {
    const access = direct("lost-acquisition");
    let writes = 0;
    const losing: LeaseAccess = {
      namespace: access.namespace,
      name: access.name,
      read: (attempt) => access.read(attempt),
      watch: (since, options) => access.watch(since, options),
      async write(lease, attempt) {
        const outcome = await access.write(lease, attempt);
        writes += 1;
        const failure = { kind: "unavailable", retryAfterMs: undefined, error: new Error("lost") } as const;
        return writes === 1 ? { kind: "failed", failure } : outcome;
      },
    };
    const holder = candidate(t, { lease: losing, identity: "holder", durations: long });
    const term = await holder.term();
    const seen = await access.read({ signal: new AbortController().signal, timeoutMs: 20_000 });
    assert.ok(seen.kind === "found" && seen.object.spec.leaseTransitions === 0);
    assert.ok(term.isLive());
  });

  test("a server that is killed and comes back interrupts no term", async (t) => {
    const own = server.process;
    if (own === undefined) return t.skip("the server is not ours to stop");
    const holder = candidate(t, { lease: direct("restarted"), identity: "holder", durations: long });
    const follower = candidate(t, { lease: direct("restarted"), identity: "follower", durations: long });
    const leader = await Promise.race([
      holder.term().then(() => holder),
      follower.term().then(() => follower),
    ]);
    const term = await leader.term();
    await own.kill();
    await leader.event("failure");
    await own.start();
    await leader.event("renewed", leader.events.length);
    assert.ok(term.isLive());
    const other = leader === holder ? follower : holder;
    const seen = other.events.length;
    await leader.stop();
    await other.event("acquired", seen);
  });

  async function behindProxy(
    t: TestContext,
    name: string,
    durations: Durations = long,
  ): Promise<{ readonly proxy: TcpProxy; readonly holder: Candidate }> {
    const proxy = await startTcpProxy(server.settings.url);
    const far = await server.connect({ url: proxy.url });
    const lease = leaseAccess(far, { namespace, name });
    const holder = candidate(t, { lease, identity: "holder", durations });
    t.after(() => proxy.close().catch(() => {}));
    return { proxy, holder };
  }
});

/** Short enough to wait for an expiry, long enough for a machine with other things to do. */
const short = { ...durationsFor({ leaseDurationSeconds: 5 }), renewEveryMs: 400 };
/** Attempts fail soon, terms last long. */
const long = { ...durationsFor({ leaseDurationSeconds: 40 }), renewEveryMs: 400, attemptTimeoutMs: 2000 };

function candidate(t: TestContext, options: Parameters<typeof stand>[0]): Candidate {
  const one = stand(options);
  t.after(() => one.stop().catch(() => {}));
  return one;
}

interface ElectorProcess {
  readonly child: ChildProcess;
  /** All it has said so far, a line each, with a line feed before each. */
  heard(): string;
  /** Resolves when the last line is this one. */
  says(line: string): Promise<void>;
}

function startElectorProcess(t: TestContext, settings: ElectorProcessSettings): ElectorProcess {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const main = join(import.meta.dirname, "../testing/elector-process.ts");
  const child = spawn(process.execPath, [...process.execArgv, main], {
    env: { ...env, LEASEHOLD_ELECTOR: JSON.stringify(settings) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(async () => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  });
  let heard = "\n";
  child.stdout.on("data", (piece: Buffer) => (heard += piece.toString()));
  return {
    child,
    heard: () => heard,
    async says(line) {
      while (!heard.trimEnd().endsWith(`\n${line}`)) await once(child.stdout, "data");
    },
  };
}
