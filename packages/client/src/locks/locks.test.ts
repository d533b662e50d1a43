import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Connection } from "../connection/connection.ts";
import { durationsFor } from "../election/durations.ts";
import type { LeaseAccess } from "../election/object-access.ts";
import { TermEndedError } from "../election/term.ts";
import { leaseAccess } from "../resources/object-access.ts";
import { freshNamespace } from "../testing/namespace-fixture.ts";
import { startTestServer, type TestServer } from "../testing/test-server-fixture.ts";
import { Mutex } from "./mutex.ts";
import { Semaphore } from "./semaphore.ts";

const durations = durationsFor({ leaseDurationSeconds: 30 });

describe("locks on a real server", { timeout: 120_000 }, () => {
  let server: TestServer;
  let connection: Connection;
  let namespace: string;

  before(async () => {
    server = await startTestServer();
    connection = await server.connect();
    namespace = await freshNamespace(connection);
  });
  after(() => server.close());

  const lease = (name: string): LeaseAccess => leaseAccess(connection, { namespace, name });
  const mutex = (name: string, identity: string): Mutex =>
    new Mutex({ lease: lease(name), identity, durations });

  test("of ten that add to a number without looking, none is lost", async () => {
    let number = 0;
    const tokens: bigint[] = [];
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        await using lock = await mutex("counter", `adder-${index}`).lock();
        const before = number;
        await lease("elsewhere").read({ signal: lock.signal, timeoutMs: 20_000 });
        lock.assertLive();
        number = before + 1;
        tokens.push(BigInt(lock.fencingToken));
      }),
    );
    assert.equal(number, 10);
    assert.deepEqual(
      tokens,
      tokens.toSorted((one, other) => (one < other ? -1 : 1)),
    );
  });

  test("who does not want to wait is told who holds the lock", async () => {
    await using lock = await mutex("held", "holder").lock();
    assert.deepEqual(await mutex("held", "other").tryLock(), { kind: "held", holder: "holder" });
    assert.ok(lock.isLive());
  });

  test("a free lock is taken also without waiting", async () => {
    const attempt = await mutex("free", "first").tryLock();
    assert.ok(attempt.kind === "locked");
    await attempt.lock[Symbol.asyncDispose]();
    const next = await mutex("free", "second").tryLock();
    assert.ok(next.kind === "locked");
    assert.ok(attempt.lock.signal.reason instanceof TermEndedError);
    await next.lock[Symbol.asyncDispose]();
  });

  test("waiting ends with the reason of its signal, and a lock that was got stays", async () => {
    const waiting = new AbortController();
    await using lock = await mutex("awaited", "holder").lock({ signal: waiting.signal });
    const other = mutex("awaited", "other").lock({ signal: waiting.signal });
    waiting.abort(new Error("enough"));
    await assert.rejects(other, /enough/);
    assert.ok(lock.isLive());
  });

  test("a semaphore of two lets two in, and a third when one of them leaves", async () => {
    const slots = ["slot-0", "slot-1"].map((name) => lease(name));
    const semaphore = (identity: string): Semaphore => new Semaphore({ slots, identity, durations });
    const [one, two] = [await semaphore("one").acquire(), await semaphore("two").acquire()];
    assert.notEqual(one.lease.name, two.lease.name);
    assert.equal((await semaphore("three").tryAcquire()).kind, "held");
    const third = semaphore("three").acquire();
    await one[Symbol.asyncDispose]();
    const three = await third;
    assert.equal(three.lease.name, one.lease.name);
    assert.ok(two.isLive());
    await Promise.all([two, three].map((lock) => lock[Symbol.asyncDispose]()));
  });
});
