import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentialsOf } from "../../bench/credentials.ts";
import type { Access } from "./connection.ts";

export interface ServerProcessOptions {
  readonly dataDir: string;
  /** More flags of `leasehold serve`. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** `leasehold serve` in a process of its own. */
export class ServerProcess {
  readonly access: Access;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess, access: Access) {
    this.#child = child;
    this.access = access;
    this.#exited = hasExited(child) ? Promise.resolve() : once(child, "exit");
  }

  /** Resolves when it serves. Throws a ServerRefusedError with its words when it ends before. */
  static async start({ dataDir, flags = [], env }: ServerProcessOptions): Promise<ServerProcess> {
    const argv = [
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--data-dir",
      dataDir,
      "--log-level",
      "error",
      ...flags,
    ];
    const main = join(import.meta.dirname, "../../packages/cli/src/main.ts");
    const child = spawn(process.execPath, [...process.execArgv, main, ...argv], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    const url = await readyUrl(child);
    return new ServerProcess(child, { url, credentials: credentialsOf(dataDir) });
  }

  get isRunning(): boolean {
    return !hasExited(this.#child);
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** Asks it to end, and resolves with its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    await this.#exited;
    return this.#child.exitCode;
  }
}

/** The server ended by itself before it served. */
export class ServerRefusedError extends Error {
  override readonly name = "ServerRefusedError";
}

function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the server's output is not piped");
  let complaint = "";
  stderr.on("data", (piece: Buffer) => (complaint = (complaint + piece.toString()).slice(-4000)));
  for await (const line of createInterface({ input: stdout })) {
    const match = /^leasehold is ready at (\S+)$/.exec(line);
    if (match?.[1] === undefined) continue;
    stdout.resume();
    return match[1];
  }
  throw new ServerRefusedError(complaint.trim() || "it said nothing");
}

const running = new Set<ChildProcess>();

/** A run that ends early leaves no server behind. */
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
