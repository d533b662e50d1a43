import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Config, createServer, type RunningServer, silentLog } from "@leasehold/server";
import { areas } from "./cases.ts";
import { knownDifferences } from "./known-differences.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { runCase } from "./run-cases.ts";
import { connectHttp1 } from "./wire/http1.ts";
import { connectHttp2 } from "./wire/http2.ts";
import type { Endpoint, Transport } from "./wire/transport.ts";

/** Both stores and both versions of HTTP, each of them once. */
const servers: readonly {
  readonly store: Config["store"];
  readonly over: string;
  connect(to: Endpoint): Transport;
}[] = [
  { store: "memory", over: "HTTP/1.1", connect: connectHttp1 },
  { store: "sqlite", over: "HTTP/2", connect: connectHttp2 },
];

for (const { store, over, connect } of servers) {
  describe(`a server on the ${store} store, over ${over}`, { concurrency: 8 }, () => {
    let running: { readonly server: RunningServer; readonly dataDir: string; readonly transport: Transport };

    before(async () => {
      const dataDir = await mkdtemp(join(tmpdir(), "leasehold-conformance-"));
      const server = await createServer(configFor(store, dataDir), { log: silentLog });
      const transport = connect(readKubeconfig(join(dataDir, "admin.kubeconfig")));
      running = { server, dataDir, transport };
    });

    after(async () => {
      running.transport.close();
      await running.server.close();
      await rm(running.dataDir, { recursive: true, force: true });
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

function configFor(store: Config["store"], dataDir: string): Config {
  return {
    dataDir,
    listen: { host: "127.0.0.1", port: 0 },
    store,
    tokenAuthFile: undefined,
    tlsCertFile: undefined,
    tlsPrivateKeyFile: undefined,
    clientCaFile: undefined,
    tlsSan: [],
    coordinatedElection: true,
    logLevel: "silent",
  };
}
