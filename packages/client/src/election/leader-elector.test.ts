import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { type Lease, leaseKind } from "@leasehold/api";
import { systemClock } from "../clock.ts";
import type { Connection } from "../connection/connection.ts";
import { connect } from "../connection/node/connect.ts";
import { leaseAccess } from "../resources/object-access.ts";
import { ResourceClient } from "../resources/resource-client.ts";
import { type Candidate, stand } from "../testing/candidate-fixture.ts";
import { freshNamespace } from "../testing/namespace-fixture.ts";
import { startTestServer, type TestServer } from "../testing/test-server-fixture.ts";
import { durationsFor } from "./durations.ts";
import { elect } from "./elect.ts";
import { MissingPermissionError } from "./election-error.ts";
import type { ElectorOptions } from "./elector-options.ts";
import type { LeaseAccess } from "./object-access.ts";
import { requestTransfer, revokeLease } from "./order-lease.ts";
import { TermEndedError } from "./term.ts";

describe("electors on a real server", { timeout: 120_000 }, () => {
  let server: TestServer;
  let connection: Connection;
  let namespace: string;
  let candidates: Candidate[];
  let name = "";
  let count = 0;

  before(async () => {
    server = await startTestServer();
    connection = await server.connect();
    namespace = await freshNamespace(connection);
  });
  after(() => server.close());
  beforeEach((t) => {
    count += 1;
    name = `lease-${count}`;
    candidates = [];
    if ("after" in t) t.after(() => Promise.allSettled(candidates.map((candidate) => candidate.stop())));
  });

  function access(): LeaseAccess {
    return leaseAccess(connection, { namespace, name });
  }

  function candidate(identity: string, options: Partial<ElectorOptions> = {}): Candidate {
    const one = stand({ lease: access(), identity, durations: patient, ...options });
    candidates.push(one);
    return one;
  }

  async function stored(): Promise<Lease> {
    return new ResourceClient(connection, leaseKind, namespace).get(name);
  }

  test("whoever comes first leads, and the next when it is released, with a greater token", async () => {
    const first = candidate("first");
    const term = await first.term();
    const second = candidate("second");
    await second.event("waiting");
    assert.equal((await stored()).spec.holderIdentity, "first");
    assert.equal((await stored()).spec.leaseTransitions, 0);
    await first.stop();
    assert.ok(!term.isLive());
    const next = await second.term();
    assert.ok(BigInt(next.fencingToken) > BigInt(term.fencingToken));
    assert.equal((await stored()).spec.leaseTransitions, 1);
  });

  test("a released lease is as client-go leaves it", async () => {
    const only = candidate("only");
    await only.term();
    await only.stop();
    const { spec } = await stored();
    assert.equal(spec.holderIdentity, "");
    assert.equal(spec.leaseDurationSeconds, 1);
    assert.equal(spec.leaseTransitions, 0);
  });

  test("whoever is done with its work lets others go first, and is a candidate again", async () => {
    const first = candidate("first");
    await first.term();
    const second = candidate("second");
    await second.event("waiting");
    first.finishWork();
    await second.term();
    second.finishWork();
    await first.term();
  });

  test("labels, annotations and fields of others survive", async () => {
    const leases = new ResourceClient(connection, leaseKind, namespace);
    const metadata = { name, namespace, labels: { team: "a" }, annotations: { note: "b" } };
    await leases.create({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata,
      spec: { strategy: "acme.io/x" },
    });
    const only = candidate("only");
    await only.term();
    await only.event("renewed");
    const { metadata: after, spec } = await stored();
    assert.deepEqual(after.labels, { team: "a" });
    assert.deepEqual(after.annotations, { note: "b" });
    assert.equal(spec.strategy, "acme.io/x");
  });

  test("a label that a stranger sets in the middle of a term does not end it", async () => {
    const only = candidate("only");
    const term = await only.term();
    const lease = await stored();
    const touched = { ...lease, metadata: { ...lease.metadata, labels: { touched: "yes" } } };
    await new ResourceClient(connection, leaseKind, namespace).replace(touched);
    await only.event("renewed", only.events.length);
    assert.ok(term.isLive());
    assert.deepEqual((await stored()).metadata.labels, { touched: "yes" });
  });

  test("two with one identity do not both lead", async () => {
    const [one, other] = [candidate("twin"), candidate("twin")];
    const leader = await Promise.race([one.term().then(() => one), other.term().then(() => other)]);
    const follower = leader === one ? other : one;
    const waiting = await follower.event("waiting");
    await leader.event("renewed", leader.events.length);
    assert.ok(
      follower.events.every(({ kind }) => kind !== "acquired"),
      waiting.reason,
    );
    await leader.stop();
    await follower.term();
  });

  test("who resumes its identity takes the lease of its earlier life at once", async () => {
    const lease = leaseLeftBy("pod-0");
    await new ResourceClient(connection, leaseKind, namespace).create(lease);
    const resumed = candidate("pod-0", { resumesOwnIdentity: true });
    await resumed.term();
    assert.equal((await stored()).spec.leaseTransitions, 7, "it is no transition");
  });

  test("a lease that was left behind in one's own name is waited for otherwise", async () => {
    await new ResourceClient(connection, leaseKind, namespace).create(leaseLeftBy("pod-0"));
    const restarted = candidate("pod-0");
    const { reason } = await restarted.event("waiting", 1);
    assert.match(reason, /another pod-0 holds the lease/);
  });

  test("a transfer goes to the candidate that it names", async () => {
    const first = candidate("first");
    const term = await first.term();
    const others = ["a", "b", "chosen", "c"].map((identity) => candidate(identity));
    await Promise.all(others.map((other) => other.event("sighting")));
    term.transfer("chosen");
    assert.deepEqual(endOf(term.signal), { kind: "transferred", to: "chosen" });
    await others[2]?.term();
    assert.equal((await stored()).spec.leaseTransitions, 1);
  });

  test("a transfer can be asked for from outside", async () => {
    const first = candidate("first");
    const term = await first.term();
    const chosen = candidate("chosen");
    await chosen.event("sighting");
    assert.deepEqual(await requestTransfer({ lease: access() }, "chosen"), {
      kind: "ordered",
      holder: "first",
    });
    await chosen.term();
    assert.deepEqual(endOf(term.signal), { kind: "transferred", to: "chosen" });
    assert.equal((await stored()).metadata.annotations, undefined);
  });

  test("an operator who empties or deletes the lease ends the term at once", async () => {
    const first = candidate("first");
    const term = await first.term();
    await revokeLease({ lease: access() });
    await first.event("lost");
    assert.deepEqual(endOf(term.signal), { kind: "revoked", how: "emptied" });
    const again = await first.term();
    const seen = first.events.length;
    await new ResourceClient(connection, leaseKind, namespace).delete(name);
    await first.event("lost", seen);
    assert.deepEqual(endOf(again.signal), { kind: "revoked", how: "deleted" });
    await first.term();
  });

  test("wall clocks that jump, and differ by days, change nothing", async () => {
    let jumps = 0;
    const jumping = {
      ...systemClock,
      nowMs: () => systemClock.nowMs() + ((jumps += 1) % 2 === 0 ? 1 : -1) * 864e5,
    };
    const holder = candidate("holder", { clock: jumping });
    const term = await holder.term();
    const follower = candidate("follower", {
      clock: { ...systemClock, nowMs: () => systemClock.nowMs() + 864e5 },
    });
    await follower.event("waiting");
    for (let renewal = 0; renewal < 3; renewal += 1) await holder.event("renewed", holder.events.length);
    assert.ok(term.isLive());
    assert.ok(follower.events.every(({ kind }) => kind !== "acquired"));
  });

  test("a release waits for the renewal that is on its way, and gives back what that wrote", async () => {
    const { lease, held, letGo } = holdingBack(access());
    const only = candidate("only", { lease });
    await only.term();
    await held;
    const stopped = only.stop();
    letGo();
    await stopped;
    assert.deepEqual(
      only.events.map(({ kind }) => kind).filter((kind) => /renewed|lost|released|abandoned/.test(kind)),
      ["lost", "renewed", "released"],
    );
    assert.equal((await stored()).spec.holderIdentity, "");
  });

  test("without the permission it fails at once, and says which", async () => {
    const team = await connect(server.teamSettings);
    const lonely = candidate("nobody", { lease: leaseAccess(team, { namespace, name }) });
    await assert.rejects(
      lonely.done,
      (error) => error instanceof MissingPermissionError && error.verb === "get",
    );
  });

  test("elect resolves with what the work comes to, and the lease is released by then", async () => {
    const result = await elect({ lease: access(), durations: patient }, async (term) => {
      assert.equal((await stored()).spec.holderIdentity, term.identity);
      return 42;
    });
    assert.equal(result, 42);
    assert.equal((await stored()).spec.holderIdentity, "");
  });

  test("work that throws ends the election with its error, and the lease is released by then", async () => {
    const failing = elect({ lease: access(), durations: patient }, () =>
      Promise.reject(new Error("out of paper")),
    );
    await assert.rejects(failing, /out of paper/);
    assert.equal((await stored()).spec.holderIdentity, "");
  });

  test("work whose term ends is begun again with the next term", async () => {
    const ends: unknown[] = [];
    const tokens = new Set<string>();
    const result = await elect({ lease: access(), durations: patient }, async (term) => {
      tokens.add(term.fencingToken);
      if (tokens.size === 3) return "done";
      await revokeLease({ lease: access() });
      await new Promise((resolve) =>
        term.isLive() ? term.signal.addEventListener("abort", resolve) : resolve(0),
      );
      ends.push(endOf(term.signal));
      return term.signal.throwIfAborted() as never;
    });
    assert.equal(result, "done");
    assert.deepEqual(ends, [
      { kind: "revoked", how: "emptied" },
      { kind: "revoked", how: "emptied" },
    ]);
  });

  function leaseLeftBy(holderIdentity: string): Lease {
    const renewTime = "2020-01-01T00:00:00.000000Z";
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace },
      spec: {
        holderIdentity,
        leaseDurationSeconds: 600,
        renewTime,
        acquireTime: renewTime,
        leaseTransitions: 7,
      },
    };
  }
});

/** Long enough that a busy machine does not end a term, and renewed often enough that a test need not wait long. */
const patient = { ...durationsFor({ leaseDurationSeconds: 30 }), renewEveryMs: 300 };

function endOf(signal: AbortSignal): unknown {
  assert.ok(signal.reason instanceof TermEndedError);
  return signal.reason.end;
}

/** Holds back the answer to the first renewal, until it is let go. */
function holdingBack(access: LeaseAccess): { lease: LeaseAccess; held: Promise<void>; letGo: () => void } {
  const held = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  let writes = 0;
  const lease: LeaseAccess = {
    namespace: access.namespace,
    name: access.name,
    read: (attempt) => access.read(attempt),
    watch: () => (async function* () {})(),
    async write(object, attempt) {
      const outcome = await access.write(object, attempt);
      writes += 1;
      if (writes !== 2) return outcome;
      held.resolve();
      await going.promise;
      return outcome;
    },
  };
  return { lease, held: held.promise, letGo: going.resolve };
}
