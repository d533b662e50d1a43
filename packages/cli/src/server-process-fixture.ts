import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "yaml";

/** `leasehold serve` in a process of its own, for tests that look at it from outside. */
export interface ServerProcess {
  readonly url: string;
  readonly dataDir: string;
  /** A connection of its own, as the administrator. */
  connect(): Connection;
  /** Ends the process at once, as a power cut would, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to end; resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface Connection {
  ask(method: string, path: string, body?: unknown): Promise<Reply>;
  close(): void;
}

export interface Reply {
  readonly status: number;
  readonly body: ReplyBody;
}

/** As much of an object, a list, a Status or the first event of a watch as these tests look at. */
export interface ReplyBody {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
  readonly spec?: { readonly holderIdentity?: string; readonly leaseTransitions?: number };
  readonly items?: readonly ReplyBody[];
  readonly message?: string;
  readonly type?: string;
  readonly object?: { readonly code?: number };
}

export async function startServerProcess(dataDir: string): Promise<ServerProcess> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const argv = ["serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir, "--log-level", "error"];
  const child = spawn(
    process.execPath,
    [...process.execArgv, join(import.meta.dirname, "main.ts"), ...argv],
    {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const exited = once(child, "exit");
  const url = await readyUrl(child);
  const credentials = credentialsOf(dataDir);
  return {
    url,
    dataDir,
    connect: () => connect(url, credentials),
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    async stop() {
      child.kill("SIGTERM");
      await exited;
      return child.exitCode;
    },
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the server's output is not piped");
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /^leasehold is ready at (\S+)$/.exec(line);
    if (match?.[1] !== undefined) return match[1];
  }
  throw new Error("the server ended before it was ready");
}

interface Credentials {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

function credentialsOf(dataDir: string): Credentials {
  const kubeconfig = parse(readFileSync(join(dataDir, "admin.kubeconfig"), "utf8")) as Kubeconfig;
  const { cluster } = kubeconfig.clusters[0];
  const { user } = kubeconfig.users[0];
  return {
    ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
    cert: Buffer.from(user["client-certificate-data"], "base64"),
    key: Buffer.from(user["client-key-data"], "base64"),
  };
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly "certificate-authority-data": string } }];
  readonly users: readonly [
    { readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string } },
  ];
}

function connect(url: string, credentials: Credentials): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...credentials });
  return {
    ask: (method, path, body) => send({ url: url + path, method, agent }, body),
    close: () => agent.destroy(),
  };
}

function send(
  { url, method, agent }: { readonly url: string; readonly method: string; readonly agent: Agent },
  body: unknown,
): Promise<Reply> {
  const payload = body === undefined ? "" : JSON.stringify(body);
  const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(payload) };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent, headers }, (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on("data", (piece: Buffer) => pieces.push(piece));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const text = Buffer.concat(pieces).toString();
        resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text) as ReplyBody });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}
