import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Lease, leaseKind, type LeaseSpec, namespaceKind } from "@leasehold/api";
import { type Connection, ResourceClient } from "@leasehold/client";
import { connect } from "@leasehold/client/node";
import { startServerProcess } from "../server-process-fixture.ts";

/** A command of ours as a process, for tests that look at it from outside. */
export interface CliProcess {
  readonly pid: number;
  /** What it has written so far. */
  readonly said: { stdout: string; stderr: string };
  /** The signal reaches the process itself, not its group. */
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<CliEnd>;
}

export interface CliEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const running = new Set<ChildProcess>();

const directories: string[] = [];

/** A directory that goes with the tests. */
export function testDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "leasehold-cli-"));
  directories.push(directory);
  return directory;
}

/** The guards end what the commands have started. */
function cleanUp(): void {
  for (const child of running) child.kill("SIGKILL");
  for (const directory of directories) rmSync(directory, { recursive: true });
}

/** Its stdin ends at once, unless there is something to read from it. */
export function startCli(argv: readonly string[], env: Environment = {}, stdin = ""): CliProcess {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    [...process.execArgv, join(import.meta.dirname, "../main.ts"), ...argv],
    {
      env: { ...inherited, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  running.add(child);
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece: Buffer) => (said.stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (said.stderr += piece.toString()));
  const ended = new Promise<CliEnd>((resolve) => {
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ ...said, code, signal });
    });
  });
  return { pid: child.pid ?? 0, said, kill: (signal) => void child.kill(signal), ended };
}

export function runCli(argv: readonly string[], env: Environment = {}): Promise<CliEnd> {
  return startCli(argv, env).ended;
}

/** A real API server and a namespace of one's own there: `leasehold serve`, or what LEASEHOLD_TEST_KUBECONFIG leads to. */
export interface TestApi {
  /** For commands: the kubeconfig. */
  readonly env: { readonly KUBECONFIG: string };
  readonly namespace: string;
  readonly connection: Connection;
  readonly leases: ResourceClient<Lease>;
  close(): Promise<void>;
}

export async function startTestApi(): Promise<TestApi> {
  const given = process.env["LEASEHOLD_TEST_KUBECONFIG"];
  const directory = testDirectory();
  const server = given === undefined ? await startServerProcess(join(directory, "data")) : undefined;
  const kubeconfig = given ?? join(directory, "data", "admin.kubeconfig");
  const connection = await connect({ kubeconfig });
  const namespaces = new ResourceClient(connection, namespaceKind);
  const { metadata } = await namespaces.create({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { generateName: "cli-test-" },
    spec: {},
    status: {},
  });
  const namespace = metadata.name ?? "";
  return {
    env: { KUBECONFIG: kubeconfig },
    namespace,
    connection,
    leases: new ResourceClient(connection, leaseKind, namespace),
    async close() {
      connection.close();
      await server?.kill();
      cleanUp();
    },
  };
}

/** A lease as one writes it. */
export function leaseOf(name: string, spec: LeaseSpec = {}): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec };
}

/** Looks until there is something to see. The test's own time limit is the bound. */
export async function eventually<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await sleep(25);
  }
}
