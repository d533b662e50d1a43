import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Config, createServer, type RunningServer, silentLog } from "@leasehold/server";
import {
  type EtcdFixture,
  startEtcd,
  withoutEtcd,
} from "../packages/server/src/store/etcd/etcd-process-fixture.ts";
import { areas } from "./cases.ts";
import { knownDifferences } from "./known-differences.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { runCase } from "./run-cases.ts";
import { connectHttp1 } from "./wire/http1.ts";
import { connectHttp2 } from "./wire/http2.ts";
import type { Endpoint, Transport } from "./wire/transport.ts";

/** Every store and both versions of HTTP, each at least once. */
const servers: readonly {
  readonly store: Config["store"];
  readonly over: string;
  connect(to: Endpoint): Transport;
}[] = [
  { store: "memory", over: "HTTP/1.1", connect: connectHttp1 },
  { store: "sqlite", over: "HTTP/2", connect: connectHttp2 },
  { store: "etcd", over: "HTTP/1.1", connect: connectHttp1 },
];

for (const { store, over, connect } of servers) {
  const skip = store === "etcd" && withoutEtcd();
  const title =
    store === "etcd" ? "two servers on one etcd, asked in turn" : `a server on the ${store} store`;
  describe(`${title}, over ${over}`, { concurrency: 8, skip }, () => {
    let running: { readonly transport: Transport; stop(): Promise<void> };

    before(async () => {
      running = store === "etcd" ? await startReplicas(connect) : await start(store, connect);
    });

    after(async () => {
      running.transport.close();
      await running.stop();
    });

    for (const [area, cases] of areas) {
      for (const one of cases) {
        test(`${area}: ${one.name}`, async () => {
          const outcome = await runCase(one, running.transport);
          if (outcome.kind === "failed") throw outcome.error;
        });
      }
    }
  });
}

test("every known difference is a case, and every case has a name of its own in its area", () => {
  const names = [...areas.values()].flatMap((cases) => cases.map((one) => one.name));
  assert.deepEqual(
    knownDifferences.map((difference) => difference.case).filter((name) => !names.includes(name)),
    [],
  );
  for (const [area, cases] of areas)
    assert.equal(new Set(cases.map((one) => one.name)).size, cases.length, area);
});

interface Running {
  readonly transport: Transport;
  stop(): Promise<void>;
}

type Connect = (to: Endpoint) => Transport;

async function start(store: Config["store"], connect: Connect): Promise<Running> {
  const dataDir = await mkdtemp(join(tmpdir(), "leasehold-conformance-"));
  const server = await createServer(configFor(store, dataDir), { log: silentLog });
  return {
    transport: connect(readKubeconfig(join(dataDir, "admin.kubeconfig"))),
    async stop() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Two replicas, which start at once on an empty etcd and know the same certificates. */
async function startReplicas(connect: Connect): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), "leasehold-conformance-"));
  const etcd: EtcdFixture = await startEtcd();
  const dataDirs = [join(directory, "one"), join(directory, "two")];
  const [first = "", second = ""] = dataDirs;
  // The first start makes the certificates that both use.
  await (await createServer(configFor("memory", first), { log: silentLog })).close();
  await cp(first, second, { recursive: true });
  const opening = dataDirs.map((dataDir) =>
    createServer({ ...configFor("etcd", dataDir), etcdServers: etcd.urls }, { log: silentLog }),
  );
  const replicas: readonly RunningServer[] = await Promise.all(opening);
  const transports = dataDirs.map((dataDir) => connect(readKubeconfig(join(dataDir, "admin.kubeconfig"))));
  return {
    transport: inTurn(transports),
    async stop() {
      await Promise.all(replicas.map((replica) => replica.close()));
      await etcd.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Asks one server after the other, as a client behind a load balancer does. */
function inTurn(transports: readonly Transport[]): Transport {
  let turn = 0;
  const next = (): Transport => {
    turn += 1;
    const transport = transports[turn % transports.length];
    if (transport === undefined) throw new Error("there is nobody to ask");
    return transport;
  };
  return {
    ask: (request) => next().ask(request),
    stream: (request) => next().stream(request),
    close() {
      for (const transport of transports) transport.close();
    },
  };
}

function configFor(store: Config["store"], dataDir: string): Config {
  return {
    dataDir,
    listen: { host: "127.0.0.1", port: 0 },
    store,
    etcdServers: [],
    etcdCaFile: undefined,
    etcdCertFile: undefined,
    etcdKeyFile: undefined,
    etcdPrefix: "/registry",
    tokenAuthFile: undefined,
    tlsCertFile: undefined,
    tlsPrivateKeyFile: undefined,
    clientCaFile: undefined,
    tlsSan: [],
    coordinatedElection: true,
    logLevel: "silent",
  };
}
