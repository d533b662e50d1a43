import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  type Connection,
  type ReplyBody,
  type ServerProcess,
  startServerProcess,
} from "./server-process-fixture.ts";

/**
 * Clients renew leases over TLS while the whole server is killed, again and again, after a number of acknowledgements that a
 * seeded sequence decides. LEASEHOLD_KILL_CYCLES (4 unless told) and LEASEHOLD_KILL_SEED make it longer and different.
 */
test("a server killed under load has every acknowledged write when it is back, and no resourceVersion twice", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "leasehold-sigkill-"));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const cycles = Number(process.env["LEASEHOLD_KILL_CYCLES"] ?? 4);
  const draw = randomSequence(Number(process.env["LEASEHOLD_KILL_SEED"] ?? 1));
  const book = new Book();
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const server = await startServerProcess(dataDir);
    await book.check(server);
    await renewUntilKilled(server, { book, acknowledgements: 50 + (draw() % 400) });
  }
  const server = await startServerProcess(dataDir);
  await book.check(server);
  assert.equal(await server.stop(), 0);
  t.diagnostic(`${cycles} kills, ${book.acknowledged} acknowledged writes, none lost`);
  assert.ok(book.acknowledged >= cycles * 50);
});

const holders = 8;
const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

interface Killing {
  readonly book: Book;
  /** After how many the server is killed, while other writes are under way. */
  readonly acknowledgements: number;
}

async function renewUntilKilled(server: ServerProcess, { book, acknowledgements }: Killing): Promise<void> {
  const target = book.acknowledged + acknowledgements;
  let killed: Promise<void> | undefined;
  const acknowledge = (body: ReplyBody): void => {
    book.acknowledge(body);
    if (book.acknowledged >= target) killed ??= server.kill();
  };
  const renewals = Array.from({ length: holders }, (_, index) =>
    renew(server.connect(), { name: `lease-${index}`, acknowledge }),
  );
  await Promise.all(renewals);
  await killed;
}

interface Renewing {
  readonly name: string;
  readonly acknowledge: (body: ReplyBody) => void;
}

/** Counts one lease up, from where it stands, until the connection breaks. */
async function renew(connection: Connection, { name, acknowledge }: Renewing): Promise<void> {
  const path = `${leases}/${name}`;
  try {
    let { body } = await connection.ask("GET", path);
    for (;;) {
      const { resourceVersion } = body.metadata ?? {};
      const leaseTransitions = (body.spec?.leaseTransitions ?? 0) + 1;
      const reply = await connection.ask("PUT", path, {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name, resourceVersion },
        spec: { holderIdentity: name, leaseTransitions },
      });
      assert.ok(reply.status === 200 || reply.status === 201, JSON.stringify(reply));
      body = reply.body;
      acknowledge(body);
    }
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
  } finally {
    connection.close();
  }
}

/** What the clients were told. */
class Book {
  readonly #versions = new Set<number>();
  readonly #latest = new Map<string, { readonly version: number; readonly count: number }>();
  #newestBefore = 0;

  get acknowledged(): number {
    return this.#versions.size;
  }

  acknowledge({ metadata, spec }: ReplyBody): void {
    const version = Number(metadata?.resourceVersion);
    assert.ok(!this.#versions.has(version), `resourceVersion ${version} was given twice`);
    assert.ok(version > this.#newestBefore, `resourceVersion ${version} is from before the restart`);
    this.#versions.add(version);
    this.#latest.set(metadata?.name ?? "", { version, count: spec?.leaseTransitions ?? 0 });
  }

  /** A write that was under way at the kill may be there too; one that was acknowledged must be. */
  async check(server: ServerProcess): Promise<void> {
    const connection = server.connect();
    const { body } = await connection.ask("GET", leases);
    connection.close();
    const found = new Map((body.items ?? []).map((item) => [item.metadata?.name ?? "", item]));
    for (const [name, { version, count }] of this.#latest) {
      const item = found.get(name);
      assert.ok(item, `${name} is lost`);
      const foundVersion = Number(item.metadata?.resourceVersion);
      assert.ok(
        foundVersion >= version,
        `${name} is back at ${foundVersion}, and ${version} was acknowledged`,
      );
      const isSame = foundVersion === version;
      assert.equal(item.spec?.leaseTransitions, isSame ? count : count + 1, `${name} holds something else`);
    }
    this.#newestBefore = Math.max(...this.#versions, 0);
  }
}

/** Numerical Recipes' linear congruence: not good randomness, but the same everywhere. */
function randomSequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
