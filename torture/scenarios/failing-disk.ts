import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Connection, connect, type Told } from "../deployments/connection.ts";
import { OneServer } from "../deployments/one-server.ts";
import type { Draw } from "../draw.ts";
import { type DiskFault, FaultyDisk, withoutFaultyDisk } from "../faults/faulty-disk.ts";
import { BreachError, type Run, type Scenario } from "../scenario.ts";
import { runRounds, type Working } from "./round.ts";

/**
 * The disk under a whole server fails in every way, one after the other, while clients are at work. Beside the checks of what they were
 * told: writes are refused with a 5xx, reads go on, `/readyz` is not well and says why, and all is well again by itself when the disk is;
 * and then, now and then, the power is cut.
 */
export const failingDisk: Scenario = {
  name: "disk",
  title:
    "clients over HTTPS while the disk is full, fails, dawdles, tears writes; and while the power is cut",
  weight: 3,
  missing: withoutFaultyDisk,
  async run(run) {
    const disk = new FaultyDisk(run.directory);
    const dataDir = join(disk.root, "data");
    mkdirSync(dataDir);
    const server = new OneServer({ dataDir, env: () => disk.env(run.draw) });
    await server.start();
    try {
      await runRounds(run, server, (draw, working) => strikeDisk({ run, disk, server, draw, working }));
    } finally {
      await server.stop();
    }
  },
};

interface Striking {
  readonly run: Run;
  readonly disk: FaultyDisk;
  readonly server: OneServer;
  readonly draw: Draw;
  readonly working: Working;
}

async function strikeDisk({ run, disk, server, draw, working }: Striking): Promise<void> {
  while (!working.isOver) {
    await working.acknowledged(draw.between(5, 80));
    if (working.isOver) return;
    const trouble = draw.oneOf(troubles);
    const probe = new Probe(server);
    disk.set(trouble.fault);
    try {
      if (trouble.writes === "fail") await probe.writesFail(trouble);
      else await probe.writesWait(trouble);
      await pause(draw.between(0, 500));
    } finally {
      disk.set({});
    }
    await probe.allIsWell(trouble);
    probe.close();
    run.figures.add("disk faults");
    if (draw.chance(0.5)) await cutPower({ run, disk, server, draw });
  }
}

async function cutPower({ run, disk, server, draw }: Omit<Striking, "working">): Promise<void> {
  await server.kill();
  run.figures.add("kills");
  if (draw.chance(0.8)) {
    run.figures.add("power cuts");
    run.figures.add("sectors taken back", disk.cutPower(draw));
  }
  await server.start();
}

interface Trouble {
  readonly name: string;
  readonly fault: DiskFault;
  /** Whether every write fails, or all succeed, in their own time. */
  readonly writes: "fail" | "wait";
}

const troubles: readonly Trouble[] = [
  { name: "the disk is full", fault: { write: "no space" }, writes: "fail" },
  { name: "the disk fails to write", fault: { write: "I/O error" }, writes: "fail" },
  {
    name: "the disk is full in the middle of a write",
    fault: { write: "half, then no space" },
    writes: "fail",
  },
  { name: "the disk fails to sync", fault: { sync: "I/O error" }, writes: "fail" },
  { name: "a sync takes a second", fault: { sync: "slow", slowMs: 1000 }, writes: "wait" },
  { name: "the disk takes writes in pieces", fault: { write: "in pieces" }, writes: "wait" },
];

/** One more client, that looks at how the server bears what is done to it. */
class Probe {
  readonly #connections: readonly Connection[];
  readonly #writer: Connection;
  readonly #reader: Connection;
  #writes = 0;

  constructor({ accesses: [access] }: OneServer) {
    if (access === undefined) throw new Error("no server runs");
    this.#writer = connect(access);
    this.#reader = connect(access);
    this.#connections = [this.#writer, this.#reader];
  }

  async writesFail({ name }: Trouble): Promise<void> {
    const written = await this.#write();
    if (written.kind !== "answer" || written.status < 500)
      throw new BreachError([`${name}, and a write was answered: ${toldOf(written)}`]);
    await this.#readWorks(name);
    const [ready, store] = [await this.#ask("/readyz"), await this.#ask("/readyz/store")];
    const isHonest = isStatus(ready, 500) && isStatus(store, 500) && /error|full|disk/i.test(toldOf(store));
    // The server may have recovered between two of these questions only if the disk had.
    if (!isHonest)
      throw new BreachError([`${name}, and the server says: ${toldOf(ready)}; ${toldOf(store)}`]);
  }

  /** A read that is asked for after a write has begun does not wait for it. */
  async writesWait({ name }: Trouble): Promise<void> {
    const writing = this.#write();
    await this.#readWorks(name);
    const written = await writing;
    if (!isStatus(written, 201)) throw new BreachError([`${name}, and a write failed: ${toldOf(written)}`]);
  }

  async allIsWell({ name }: Trouble): Promise<void> {
    const deadlineMs = performance.now() + healWithinMs;
    let [written, ready] = [await this.#write(), await this.#ask("/readyz")];
    while (!isStatus(written, 201) || !isStatus(ready, 200)) {
      if (performance.now() > deadlineMs)
        throw new BreachError([
          `${name} no more, and ${healWithinMs} ms later still: ${toldOf(written)}; ${toldOf(ready)}`,
        ]);
      await pause(50);
      [written, ready] = [await this.#write(), await this.#ask("/readyz")];
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  /** A new lease each time, so that no two of these get into each other's way. */
  #write(): Promise<Told> {
    this.#writes += 1;
    const name = `probe-${process.pid}-${performance.now().toFixed(3)}-${this.#writes}`;
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name } };
    return this.#writer.ask("POST", leases, lease);
  }

  async #readWorks(name: string): Promise<void> {
    const read = await this.#ask(`${leases}?limit=1`);
    if (!isStatus(read, 200)) throw new BreachError([`${name}, and a read was answered: ${toldOf(read)}`]);
  }

  #ask(path: string): Promise<Told> {
    return this.#reader.ask("GET", path);
  }
}

const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
const healWithinMs = 20_000;

function isStatus(told: Told, status: number): boolean {
  return told.kind === "answer" && told.status === status;
}

function toldOf(told: Told): string {
  if (told.kind !== "answer") return `${told.kind} (${told.because})`;
  return `${told.status} ${told.body.message ?? told.body.text ?? ""}`.trim();
}
