import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

/** A real etcd of one or more members on loopback, for tests. */
export interface EtcdFixture {
  readonly members: readonly EtcdMember[];
  /** The client URL of each member. */
  readonly urls: readonly string[];
  /** Ends all members at once and removes their data. */
  close(): Promise<void>;
}

/** One process. Its ports and its data stay the same over restarts. */
export interface EtcdMember {
  readonly name: string;
  readonly url: string;
  readonly dataDir: string;
  /** The running process, for a signal of the test's own; undefined while there is none. */
  readonly pid: number | undefined;
  /**
   * Resolves when it serves, for which a majority of the members must run. `args` are added this time only, as
   * `--force-new-cluster`.
   */
  start(...args: readonly string[]): Promise<void>;
  /** Ends the process at once, as a power cut would, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>;
  /** SIGSTOP: its connections stay open, and nobody answers on them. */
  pause(): void;
  resume(): void;
}

export interface EtcdFixtureOptions {
  /** One, unless told. */
  readonly members?: number;
  /** What `findEtcd` finds, unless told. */
  readonly binary?: string | undefined;
  /** More flags, for each member and each start. */
  readonly args?: readonly string[];
  /** The files with which members answer their clients, who must have a certificate of the same authority. */
  readonly tls?: EtcdTlsFiles | undefined;
}

export interface EtcdTlsFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** etcd as LEASEHOLD_ETCD says or the PATH has it. */
export function findEtcd(): string | undefined {
  const named = process.env["LEASEHOLD_ETCD"];
  if (named !== undefined && named !== "") return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, "etcd")).find(isExecutable);
}

/** Why a test that needs etcd is skipped: only where there is none, and never in CI, which installs one. */
export function withoutEtcd(): string | false {
  if (findEtcd() !== undefined || process.env["CI"] !== undefined) return false;
  return "there is no etcd on the PATH, and LEASEHOLD_ETCD names none";
}

/** Without syncs, which kill -9 does not notice: only a power cut would. */
export async function startEtcd(options: EtcdFixtureOptions = {}): Promise<EtcdFixture> {
  const binary = options.binary ?? findEtcd();
  if (binary === undefined) throw new Error("etcd is neither on the PATH nor named by LEASEHOLD_ETCD");
  const directory = mkdtempSync(join(tmpdir(), "leasehold-etcd-"));
  const ports = await freePorts(2 * (options.members ?? 1));
  const plans = planMembers({ binary, directory, ports, options });
  const members = plans.map((plan) => new Member(plan));
  const fixture: EtcdFixture = {
    members,
    urls: members.map((member) => member.url),
    async close() {
      await Promise.all(members.map((member) => member.kill()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all(members.map((member) => member.start()));
  } catch (error) {
    await fixture.close();
    throw error;
  }
  return fixture;
}

interface MemberPlan {
  readonly name: string;
  readonly url: string;
  readonly dataDir: string;
  readonly binary: string;
  readonly argv: readonly string[];
}

class Member implements EtcdMember {
  readonly #plan: MemberPlan;
  #child: ChildProcess | undefined;

  constructor(plan: MemberPlan) {
    this.#plan = plan;
  }

  get name(): string {
    return this.#plan.name;
  }

  get url(): string {
    return this.#plan.url;
  }

  get dataDir(): string {
    return this.#plan.dataDir;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(...args: readonly string[]): Promise<void> {
    if (this.#child !== undefined) throw new Error(`${this.name} runs already`);
    const { binary, argv } = this.#plan;
    const child = spawn(binary, [...argv, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    endWithThisProcess(child);
    child.once("exit", () => {
      if (this.#child === child) this.#child = undefined;
    });
    await serving(child, this.name);
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
}

/** etcd says in one line that it serves; what it says else is drained, and its end told when it fails to start. */
async function serving(child: ChildProcess, name: string): Promise<void> {
  const { stderr } = child;
  if (stderr === null) throw new Error("etcd's output is not piped");
  const lastLines: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("error", reject);
  const lines = createInterface({ input: stderr });
  lines.on("line", (line) => {
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
    if (line.includes("ready to serve client requests")) resolve();
  });
  // A rejection after the start has resolved is nobody's.
  lines.once("close", () => reject(new Error(`etcd ${name} did not start:\n${lastLines.join("\n")}`)));
  await promise;
}

interface Planning {
  readonly binary: string;
  readonly directory: string;
  readonly ports: readonly number[];
  readonly options: EtcdFixtureOptions;
}

function planMembers({ binary, directory, ports, options }: Planning): readonly MemberPlan[] {
  const { tls, args = [] } = options;
  const scheme = tls === undefined ? "http" : "https";
  const members = Array.from({ length: ports.length / 2 }, (_, index) => ({
    name: `member-${index}`,
    url: `${scheme}://127.0.0.1:${ports[2 * index]}`,
    peerUrl: `http://127.0.0.1:${ports[2 * index + 1]}`,
    dataDir: join(directory, `member-${index}`),
  }));
  const cluster = members.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(",");
  return members.map(({ peerUrl, ...member }) => ({
    ...member,
    binary,
    argv: [
      ...namedFlags({
        name: member.name,
        "data-dir": member.dataDir,
        "listen-client-urls": member.url,
        "advertise-client-urls": member.url,
        "listen-peer-urls": peerUrl,
        "initial-advertise-peer-urls": peerUrl,
        "initial-cluster": cluster,
        "initial-cluster-token": directory,
      }),
      ...(tls === undefined ? [] : tlsFlags(tls)),
      "--unsafe-no-fsync",
      ...args,
    ],
  }));
}

function tlsFlags({ caFile, certFile, keyFile }: EtcdTlsFiles): readonly string[] {
  const files = namedFlags({ "trusted-ca-file": caFile, "cert-file": certFile, "key-file": keyFile });
  return ["--client-cert-auth", ...files];
}

function namedFlags(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/**
 * Ports that nobody listens on. They lie below those that systems give to outgoing connections (32768 and up), so that none is taken
 * while a member is down; each test process looks in a place of its own first.
 */
async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries += 1) {
    if (tries > 1000) throw new Error("no free ports below 32768");
    const port = 20_000 + ((process.pid * 37 + nextPort) % 12_000);
    nextPort += 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

let nextPort = 0;

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(true));
  });
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const children = new Set<ChildProcess>();

/** A test that ends early leaves no etcd behind. */
function endWithThisProcess(child: ChildProcess): void {
  if (!isWatchingTheEnd) {
    isWatchingTheEnd = true;
    process.once("exit", killAll);
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.once(signal, () => {
        killAll();
        process.kill(process.pid, signal);
      });
  }
  children.add(child);
  child.once("exit", () => children.delete(child));
}

let isWatchingTheEnd = false;

function killAll(): void {
  for (const child of children) child.kill("SIGKILL");
}
