import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  leaseCandidateKind,
  leaseKind,
  type Kind,
  type LeaseCandidateSpec,
  type LeaseSpec,
} from "@leasehold/api";
import { silentLog } from "../log.ts";
import { guardedWrite } from "../registry/guarded-write.ts";
import type { ObjectTarget, Registry } from "../registry/target.ts";
import { memoryRegistry, objectAt } from "../registry/testing/memory-registry.ts";
import { writeAsServer } from "../registry/write-as-server.ts";
import { deleteObject } from "../verbs/delete.ts";
import { startCoordinatedElection } from "./coordinated-election.ts";
import { microTime } from "./elected-lease.ts";
import { ManualClock } from "./testing/manual-clock.ts";

test("the oldest emulation version is elected as soon as every candidate is there", async (t) => {
  const { clock, registry } = await start(t);
  await stand(registry, "new", { emulationVersion: "1.36.0" });
  await stand(registry, "old", { emulationVersion: "1.35.0" });
  await clock.advance(0);
  assert.equal(
    (await leaseSpec(registry))?.holderIdentity,
    "new",
    "the first to come does not wait for others",
  );
  assert.equal((await leaseSpec(registry))?.preferredHolder, "old");
  assert.equal((await leaseSpec(registry))?.strategy, "OldestEmulationVersion");
  assert.equal((await leaseSpec(registry))?.leaseDurationSeconds, 5);
});

test("the holder makes room, and the preferred candidate follows once the lease has expired", async (t) => {
  const { clock, registry } = await start(t);
  await stand(registry, "new", { emulationVersion: "1.36.0" });
  await stand(registry, "old", { emulationVersion: "1.35.0" });
  await clock.advance(4000);
  assert.equal((await leaseSpec(registry))?.holderIdentity, "new");
  await answerWhenAsked({ clock, registry }, ["new", "old"], 12);
  const spec = await leaseSpec(registry);
  assert.equal(spec?.holderIdentity, "old");
  assert.equal(spec?.preferredHolder, undefined);
});

test("a holder that renews stays while it is the best, and nothing is written by anybody else", async (t) => {
  const { clock, registry } = await start(t);
  await stand(registry, "only", {});
  await clock.advance(0);
  for (let round = 0; round < 20; round += 1) {
    await renewLease(registry, clock);
    const { revision } = registry.store;
    await clock.advance(2000);
    assert.equal(registry.store.revision, revision);
  }
  assert.equal((await leaseSpec(registry))?.holderIdentity, "only");
});

test("a candidate that does not answer is passed over", async (t) => {
  const { clock, registry } = await start(t);
  await stand(registry, "old", { emulationVersion: "1.35.0" });
  await clock.advance(0);
  assert.equal((await leaseSpec(registry))?.holderIdentity, "old");
  await clock.advance(6000);
  await stand(registry, "new", { emulationVersion: "1.36.0" });
  await answerWhenAsked({ clock, registry }, ["new"], 12);
  assert.equal((await leaseSpec(registry))?.holderIdentity, "new");
});

test("when the preferred candidate is deleted, the holder stays", async (t) => {
  const { clock, registry } = await start(t);
  await stand(registry, "holder", { emulationVersion: "1.36.0" });
  await stand(registry, "preferred", { emulationVersion: "1.35.0" });
  await clock.advance(0);
  assert.equal((await leaseSpec(registry))?.preferredHolder, "preferred");
  await withdraw(registry, "preferred");
  await clock.advance(0);
  assert.equal((await leaseSpec(registry))?.preferredHolder, undefined);
  assert.equal((await leaseSpec(registry))?.holderIdentity, "holder");
});

test("when the preferred candidate is deleted after the holder made room, the holder is elected again", async (t) => {
  const { clock, registry } = await start(t);
  await stand(registry, "holder", { emulationVersion: "1.36.0" });
  await stand(registry, "preferred", { emulationVersion: "1.35.0" });
  await clock.advance(0);
  await withdraw(registry, "preferred");
  const before = await leaseSpec(registry);
  await answerWhenAsked({ clock, registry }, ["holder"], 12);
  const after = await leaseSpec(registry);
  assert.equal(after?.holderIdentity, "holder");
  assert.notEqual(after?.renewTime, before?.renewTime);
});

test("a lease without candidates is left alone, expired or not", async (t) => {
  const { clock, registry } = await start(t);
  await putLease(registry, { holderIdentity: "x", leaseDurationSeconds: 1, renewTime: microTime(clock) });
  const { revision } = registry.store;
  await clock.advance(60_000);
  assert.equal(registry.store.revision, revision);
});

test("a lease under a third party's strategy is made for it, and then left alone", async (t) => {
  const { clock, registry } = await start(t);
  await stand(registry, "a", { strategy: "acme.io/x" });
  await clock.advance(0);
  const spec = await leaseSpec(registry);
  assert.equal(spec?.strategy, "acme.io/x");
  assert.equal(spec?.holderIdentity, undefined);
  const { revision } = registry.store;
  await clock.advance(60_000);
  assert.equal(registry.store.revision, revision);
});

test("candidates of which nothing is heard for half an hour are removed", async (t) => {
  const { clock, registry } = await start(t);
  await stand(registry, "gone", {});
  await clock.advance(70 * 60_000);
  assert.equal(await objectAt(registry, candidate("gone")), undefined);
});

test("a server that starts asks the candidates that it finds before it elects anybody else", async (t) => {
  const clock = new ManualClock();
  const registry = await memoryRegistry(t, { clock });
  await stand(registry, "a", {});
  await stand(registry, "b", { emulationVersion: "1.35.0" });
  await putLease(registry, { holderIdentity: "a", leaseDurationSeconds: 15, renewTime: microTime(clock) });
  await clock.advance(1000);
  elect(t, registry);
  await clock.advance(0);
  assert.ok((await candidateSpec(registry, "b"))?.pingTime);
  assert.equal((await leaseSpec(registry))?.preferredHolder, undefined);
  await answerWhenAsked({ clock, registry }, ["a", "b"], 1);
  assert.equal((await leaseSpec(registry))?.preferredHolder, "b");
});

test("candidates whose clocks are wrong take part like the others", async (t) => {
  const { clock, registry } = await start(t);
  await stand(registry, "past", { emulationVersion: "1.35.0", renewTime: "1999-01-01T00:00:00.000000Z" });
  await clock.advance(0);
  assert.equal((await leaseSpec(registry))?.holderIdentity, "past");
});

interface Started {
  readonly clock: ManualClock;
  readonly registry: Registry;
}

async function start(t: TestContext): Promise<Started> {
  const clock = new ManualClock();
  const registry = await memoryRegistry(t, { clock });
  elect(t, registry);
  await clock.advance(0);
  return { clock, registry };
}

function elect(t: TestContext, registry: Registry): void {
  const election = startCoordinatedElection({
    registry,
    log: silentLog,
    deleteObject: (target, resourceVersion) => remove(registry, target, resourceVersion),
  });
  t.after(() => election.close());
}

function remove(registry: Registry, target: ObjectTarget, resourceVersion: string): Promise<unknown> {
  const deletion = {
    preconditions: { resourceVersion },
    propagationPolicy: undefined,
    orphanDependents: undefined,
  };
  return deleteObject(registry, { target, deletion, dryRun: false });
}

/** What well-behaved candidates do: every half second they look whether somebody asks. */
async function answerWhenAsked(
  { clock, registry }: Started,
  names: readonly string[],
  seconds: number,
): Promise<void> {
  for (let round = 0; round < seconds * 2; round += 1) {
    await clock.advance(500);
    for (const name of names) {
      const spec = await candidateSpec(registry, name);
      if (spec?.pingTime === undefined || spec.pingTime <= (spec.renewTime ?? "")) continue;
      await changeSpec(registry, candidate(name), { renewTime: microTime(clock) });
    }
  }
}

const anyLeaseKind: Kind = leaseKind;
const anyCandidateKind: Kind = leaseCandidateKind;
const theLease: ObjectTarget = { kind: anyLeaseKind, namespace: "default", name: "the-lease" };

function candidate(name: string): ObjectTarget {
  return { kind: anyCandidateKind, namespace: "default", name };
}

async function stand(registry: Registry, name: string, spec: Partial<LeaseCandidateSpec>): Promise<void> {
  const full = {
    leaseName: "the-lease",
    binaryVersion: "1.36.0",
    emulationVersion: "1.36.0",
    strategy: "OldestEmulationVersion",
    renewTime: microTime(registry.clock),
    ...spec,
  };
  const apiVersion = "coordination.k8s.io/v1beta1";
  const object = { apiVersion, kind: "LeaseCandidate", metadata: { name }, spec: full };
  await writeAsServer(registry, { target: candidate(name), manager: "test", wanted: () => object });
}

async function withdraw(registry: Registry, name: string): Promise<void> {
  await guardedWrite(registry, candidate(name), () => ({ kind: "remove" }));
}

async function putLease(registry: Registry, spec: LeaseSpec): Promise<void> {
  const object = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "the-lease" },
    spec,
  };
  await writeAsServer(registry, { target: theLease, manager: "test", wanted: () => object });
}

async function renewLease(registry: Registry, clock: ManualClock): Promise<void> {
  await changeSpec(registry, theLease, { renewTime: microTime(clock), leaseDurationSeconds: 15 });
}

async function changeSpec(registry: Registry, target: ObjectTarget, change: object): Promise<void> {
  await writeAsServer(registry, {
    target,
    manager: "test",
    wanted: (current) =>
      current && { ...current, spec: { ...(current as { spec?: object }).spec, ...change } },
  });
}

async function leaseSpec(registry: Registry): Promise<LeaseSpec | undefined> {
  return ((await objectAt(registry, theLease)) as { spec?: LeaseSpec } | undefined)?.spec;
}

async function candidateSpec(registry: Registry, name: string): Promise<LeaseCandidateSpec | undefined> {
  return ((await objectAt(registry, candidate(name))) as { spec?: LeaseCandidateSpec } | undefined)?.spec;
}
