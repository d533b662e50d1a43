import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createServer, parseConfig, silentLog } from "@leasehold/server";
import { startEtcd, withoutEtcd } from "../packages/server/src/store/etcd/etcd-process-fixture.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { Answer } from "./wire/answer.ts";
import { connectHttp1 } from "./wire/http1.ts";
import { type Options, tellRequest } from "./wire/request.ts";
import type { Transport } from "./wire/transport.ts";
import { Watch } from "./wire/watch.ts";

/** LEASEHOLD_KUBE_APISERVER names the binary of a real kube-apiserver, which is put on the same etcd. */
const binary = process.env["LEASEHOLD_KUBE_APISERVER"] ?? "";
const skip = binary === "" ? "LEASEHOLD_KUBE_APISERVER names no kube-apiserver" : withoutEtcd();

describe("leasehold and a kube-apiserver on one etcd", { skip }, () => {
  let ours: Side;
  let theirs: Side;
  const stops: (() => Promise<unknown> | void)[] = [];

  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), "leasehold-beside-"));
    stops.push(() => rm(directory, { recursive: true, force: true }));
    const etcd = await startEtcd();
    stops.push(() => etcd.close());
    const [url = ""] = etcd.urls;
    // The kube-apiserver first: what leasehold finds is a cluster that others made.
    theirs = new Side(await startKubeApiserver(url, { directory, stops }));
    ours = new Side(await startLeasehold(url, { directory, stops }));
  });

  after(async () => {
    for (const stop of stops.toReversed()) await stop();
  });

  test("each shows what the other has written, to the letter", async () => {
    for (const [writer, reader] of bothWays(ours, theirs)) {
      const created = await writer.ask("POST leases", { json: lease("seen", { holderIdentity: "a" }) });
      created.is({ status: 201, body: created.body });
      const path = "leases/seen";
      assert.deepEqual((await reader.ask(`GET ${path}`)).body, created.body);
      const accept = "application/vnd.kubernetes.protobuf";
      assert.deepEqual(
        [...(await reader.ask(`GET ${path}`, { accept })).bytes],
        [...(await writer.ask(`GET ${path}`, { accept })).bytes],
      );
      const list = await reader.ask("GET leases");
      assert.deepEqual(
        (list.read("items") as readonly object[]).map((item) => (item as { metadata: object }).metadata),
        [created.read("metadata")],
      );
      (await writer.ask(`DELETE ${path}`)).is({ status: 200 });
      (await reader.ask(`GET ${path}`)).is({ status: 404 });
    }
  });

  test("each edits what the other has written, and conflicts where the other was faster", async () => {
    for (const [writer, reader] of bothWays(ours, theirs)) {
      const created = await writer.ask("POST leases", { json: lease("edited", { holderIdentity: "a" }) });
      const first = created.body as { readonly metadata: object; readonly spec: object };
      const renewal = { ...first, spec: { ...first.spec, holderIdentity: "b" } };
      const renewed = await reader.ask("PUT leases/edited", { json: renewal });
      renewed.is({ status: 200 });
      (await writer.ask("PUT leases/edited", { json: renewal })).is({ status: 409 });
      const patched = await writer.ask("PATCH leases/edited", { merge: { spec: { holderIdentity: "c" } } });
      patched.is({ status: 200 });
      assert.deepEqual((await reader.ask("GET leases/edited")).body, patched.body);
      (await reader.ask("DELETE leases/edited")).is({ status: 200 });
      (await writer.ask("DELETE leases/edited")).is({ status: 404 });
    }
  });

  test("each tells its watchers what the other writes", async () => {
    for (const [writer, watcher] of bothWays(ours, theirs)) {
      const version = (await watcher.ask("GET leases")).read("metadata.resourceVersion");
      const watch = await watcher.watch(`leases?watch=1&resourceVersion=${String(version)}`);
      const created = await writer.ask("POST leases", { json: lease("watched", { holderIdentity: "a" }) });
      const renewed = await writer.ask("PATCH leases/watched", { merge: { spec: { holderIdentity: "b" } } });
      await writer.ask("DELETE leases/watched");
      assert.deepEqual(await watch.next(), ["ADDED", created.body]);
      assert.deepEqual(await watch.next(), ["MODIFIED", renewed.body]);
      assert.equal((await watch.next())?.[0], "DELETED");
      watch.close();
    }
  });

  test("renewals by turns are all there: neither decides by an old memory", async () => {
    await ours.ask("POST leases", { json: lease("turns", { leaseTransitions: 0 }) });
    for (let count = 1; count <= 200; count += 1) {
      const side = count % 2 === 0 ? ours : theirs;
      const before = (await side.ask("GET leases/turns")).body as { readonly spec: object };
      assert.deepEqual(before.spec, { leaseTransitions: count - 1 });
      const json = { ...before, spec: { leaseTransitions: count } };
      (await side.ask("PUT leases/turns", { json })).is({ status: 200 });
    }
    assert.equal((await ours.ask("GET leases/turns")).read("spec.leaseTransitions"), 200);
  });

  test("a namespace that kube-apiserver made is one, and the server's own roles stay as they are", async () => {
    (
      await theirs.ask("POST /api/v1/namespaces", {
        json: { apiVersion: "v1", kind: "Namespace", metadata: { name: "made-there" } },
      })
    ).is({ status: 201 });
    const path = "/apis/coordination.k8s.io/v1/namespaces/made-there/leases";
    (await ours.ask(`POST ${path}`, { json: lease("a", {}) })).is({ status: 201 });
    const roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:kube-scheduler";
    assert.deepEqual((await ours.ask(`GET ${roles}`)).body, (await theirs.ask(`GET ${roles}`)).body);
  });
});

class Side {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async ask(line: string, options: Options = {}): Promise<Answer> {
    const answer = await this.#transport.ask(tellRequest(line, options, "default"));
    return new Answer(answer, { line, namespace: "default" });
  }

  async watch(path: string): Promise<Watch> {
    return new Watch(await this.#transport.stream(tellRequest(`GET ${path}`, {}, "default")), "default");
  }
}

function bothWays(one: Side, other: Side): readonly (readonly [Side, Side])[] {
  return [
    [one, other],
    [other, one],
  ];
}

function lease(name: string, spec: object): object {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec };
}

interface Ground {
  readonly directory: string;
  readonly stops: (() => Promise<unknown> | void)[];
}

async function startLeasehold(etcd: string, { directory, stops }: Ground): Promise<Transport> {
  const dataDir = join(directory, "leasehold");
  const argv = ["--listen", "127.0.0.1:0", "--data-dir", dataDir, "--store", "etcd", "--etcd-servers", etcd];
  const parsed = parseConfig(argv, {});
  if (parsed.kind !== "config") throw new Error(parsed.kind);
  const server = await createServer(parsed.config, { log: silentLog });
  stops.push(() => server.close());
  const transport = connectHttp1(readKubeconfig(join(dataDir, "admin.kubeconfig")));
  stops.push(() => transport.close());
  return transport;
}

async function startKubeApiserver(etcd: string, { directory, stops }: Ground): Promise<Transport> {
  const file = (name: string): string => join(directory, name);
  const pair = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  await writeFile(file("sa.key"), pair.privateKey);
  await writeFile(file("sa.pub"), pair.publicKey);
  await writeFile(file("tokens.csv"), 'secret,admin,admin,"system:masters"\n');
  const port = await freePort();
  const flags = {
    "etcd-servers": etcd,
    "bind-address": "127.0.0.1",
    "secure-port": `${port}`,
    "advertise-address": "127.0.0.1",
    "endpoint-reconciler-type": "none",
    "service-cluster-ip-range": "10.96.0.0/16",
    "cert-dir": file("certs"),
    "token-auth-file": file("tokens.csv"),
    "authorization-mode": "RBAC",
    "service-account-issuer": "https://kubernetes.default.svc",
    "service-account-signing-key-file": file("sa.key"),
    "service-account-key-file": file("sa.pub"),
  };
  const argv = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(binary, argv, { stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  child.stderr.on("data", (data: Buffer) => said.splice(0, Math.max(0, said.push(data.toString()) - 20)));
  const exited = once(child, "exit");
  const nextTry = async (): Promise<void> => {
    if (child.exitCode !== null) throw new Error(`kube-apiserver has ended:\n${said.join("")}`);
    await pause(100);
  };
  stops.push(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const url = new URL(`https://127.0.0.1:${port}`);
  const certificateFile = file("certs/apiserver.crt");
  while (!existsSync(certificateFile)) await nextTry();
  const authority = await readFile(certificateFile, "utf8");
  const transport = connectHttp1({ url, authority, token: "secret", certificate: undefined, key: undefined });
  stops.push(() => transport.close());
  while (!(await isReady(transport))) await nextTry();
  return transport;
}

async function isReady(transport: Transport): Promise<boolean> {
  try {
    return (await transport.ask(tellRequest("GET /readyz", { accept: undefined }, "default"))).status === 200;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
