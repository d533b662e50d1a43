import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Connection } from "../connection/connection.ts";
import { connect, type ConnectOptions } from "../connection/node/connect.ts";
import { kubeconfigEndpoint } from "../connection/node/kubeconfig-endpoint.ts";
import type { UrlSettings } from "../connection/node/url-endpoint.ts";
import { systemClock } from "../clock.ts";

/**
 * A real server for tests: `leasehold serve` as a process of its own, or whatever `LEASEHOLD_TEST_KUBECONFIG` leads to, such as a
 * kube-apiserver. Who connects is its administrator.
 */
export interface TestServer {
  readonly settings: UrlSettings;
  /** The path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** The same address as a user who may nothing that no role gives. */
  readonly teamSettings: UrlSettings;
  /** Closed with the server. */
  connect(options?: Partial<ConnectOptions>): Promise<Connection>;
  /** Undefined where the server is not ours to stop. */
  readonly process: TestServerProcess | undefined;
  close(): Promise<void>;
}

export interface TestServerProcess {
  /** As a power cut would. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  pause(): void;
  resume(): void;
  /** As an operator would; resolves when the process has ended by itself. */
  stop(): Promise<void>;
  /** After `kill` or `stop`: on the same data and the same port. */
  start(): Promise<void>;
}

export async function startTestServer(flags: readonly string[] = []): Promise<TestServer> {
  const given = process.env["LEASEHOLD_TEST_KUBECONFIG"];
  const connections: Connection[] = [];
  const own = given === undefined ? await OwnServer.start(flags) : undefined;
  const kubeconfig = given ?? join(own?.dataDir ?? "", "admin.kubeconfig");
  const settings = await settingsOf(kubeconfig);
  return {
    settings,
    kubeconfig,
    teamSettings: { url: settings.url, ca: settings.ca, token: teamToken },
    process: own,
    async connect(options = {}) {
      const connection = await connect({ ...settings, ...options });
      connections.push(connection);
      return connection;
    },
    async close() {
      for (const connection of connections) connection.close();
      await own?.remove();
    },
  };
}

/** As a reference kube-apiserver has it. */
const teamToken = "team-token-0123456789";

class OwnServer implements TestServerProcess {
  readonly dataDir: string;
  readonly #flags: readonly string[];
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #address = "127.0.0.1:0";

  private constructor(dataDir: string, flags: readonly string[]) {
    this.dataDir = dataDir;
    this.#flags = flags;
  }

  static async start(flags: readonly string[]): Promise<OwnServer> {
    const folder = await mkdtemp(join(tmpdir(), "leasehold-client-"));
    const tokens = join(folder, "tokens.csv");
    await writeFile(tokens, `${teamToken},team,u-team\n`);
    const server = new OwnServer(folder, ["--token-auth-file", tokens, ...flags]);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const main = join(import.meta.dirname, "../../../cli/src/main.ts");
    const argv = ["serve", "--listen", this.#address, "--data-dir", this.dataDir, "--log-level", "error"];
    const child = spawn(process.execPath, [...process.execArgv, main, ...argv, ...this.#flags], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    this.#exited = once(child, "exit");
    this.#address = new URL(await readyUrl(child)).host;
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#exited;
  }

  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    await this.#exited;
  }

  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the server's output is not piped");
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /^leasehold is ready at (\S+)$/.exec(line);
    if (match?.[1] !== undefined) return match[1];
  }
  throw new Error("the server ended before it was ready");
}

/** What a kubeconfig says, as plain settings, so that a test can change the address. */
async function settingsOf(kubeconfig: string): Promise<UrlSettings> {
  const endpoint = await kubeconfigEndpoint({ kubeconfig }, systemClock);
  const { headers, tls } = await endpoint.credentials();
  return {
    url: endpoint.url.href,
    ca: tls.ca,
    token: headers["authorization"]?.replace("Bearer ", ""),
    clientCertificate: tls.cert,
    clientKey: tls.key,
  };
}
