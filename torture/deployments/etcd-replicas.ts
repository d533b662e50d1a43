import { rmSync } from "node:fs";
import { join } from "node:path";
import { type EtcdFixture, startEtcd } from "../../packages/server/src/store/etcd/etcd-process-fixture.ts";
import { startTcpProxy, type TcpProxy } from "../../packages/server/src/store/etcd/tcp-proxy-fixture.ts";
import type { Access } from "./connection.ts";
import type { Deployment } from "./deployment.ts";
import { ServerProcess } from "./server-process.ts";

export interface EtcdReplicasOptions {
  readonly directory: string;
  readonly members: number;
  readonly replicas: number;
}

/** Servers without a state of their own over a real etcd cluster; each has its own way to each member, which can be interrupted. */
export class EtcdReplicas implements Deployment {
  readonly etcd: EtcdFixture;
  readonly replicas: readonly Replica[];

  private constructor(etcd: EtcdFixture, replicas: readonly Replica[]) {
    this.etcd = etcd;
    this.replicas = replicas;
  }

  static async start({ directory, members, replicas }: EtcdReplicasOptions): Promise<EtcdReplicas> {
    const etcd = await startEtcd({ members });
    const made: Replica[] = [];
    for (let index = 0; index < replicas; index += 1) {
      const ways = await Promise.all(etcd.urls.map((url) => startTcpProxy(url)));
      made.push(new Replica(join(directory, `replica-${index}`), ways));
    }
    const deployment = new EtcdReplicas(etcd, made);
    try {
      for (const replica of made) await replica.start();
    } catch (error) {
      await deployment.stop();
      throw error;
    }
    return deployment;
  }

  get accesses(): readonly (Access | undefined)[] {
    return this.replicas.map(({ access }) => access);
  }

  /** Makes etcd forget everything before its present revision, as an operator's or another replica's compaction would. */
  async compact(): Promise<void> {
    const [url = ""] = this.etcd.urls;
    const status = (await post(`${url}/v3/kv/range`, { key: "AA==" })) as {
      readonly header: { readonly revision: string };
    };
    await post(`${url}/v3/kv/compaction`, { revision: status.header.revision });
  }

  async stop(): Promise<void> {
    for (const replica of this.replicas) await replica.stop();
    await this.etcd.close();
  }
}

class Replica {
  readonly ways: readonly TcpProxy[];
  readonly #dataDir: string;
  #server: ServerProcess | undefined;

  constructor(dataDir: string, ways: readonly TcpProxy[]) {
    this.#dataDir = dataDir;
    this.ways = ways;
  }

  get access(): Access | undefined {
    return this.#server?.access;
  }

  async start(): Promise<void> {
    const urls = this.ways.map(({ url }) => url).join(",");
    const flags = ["--store", "etcd", "--etcd-servers", urls];
    this.#server = await ServerProcess.start({ dataDir: this.#dataDir, flags });
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.kill();
  }

  async stop(): Promise<void> {
    await this.kill();
    for (const way of this.ways) await way.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}

/** etcd answers JSON as well; bytes stand in base64. */
async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const told: unknown = await response.json();
  if (!response.ok) throw new Error(`etcd answered ${response.status}: ${JSON.stringify(told)}`);
  return told;
}
