import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createServer, parseConfig, silentLog } from "@leasehold/server";
import { startEtcd, withoutEtcd } from "../packages/server/src/store/etcd/etcd-process-fixture.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { Answer } from "./wire/answer.ts";
import { connectHttp1 } from "./wire/http1.ts";
import { having } from "./wire/match.ts";
import { type Options, tellRequest } from "./wire/request.ts";
import { Watch } from "./wire/watch.ts";

test(
  "without its etcd a server refuses writes with a time to come again, reads what may be old, and goes on by itself",
  {
    skip: withoutEtcd(),
  },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "leasehold-losing-etcd-"));
    const etcd = await startEtcd();
    t.after(() => etcd.close());
    const argv = ["--listen", "127.0.0.1:0", "--data-dir", directory, "--store", "etcd"];
    const parsed = parseConfig([...argv, "--etcd-servers", etcd.urls.join(",")], {});
    if (parsed.kind !== "config") assert.fail(parsed.kind);
    const server = await createServer(parsed.config, { log: silentLog });
    const transport = connectHttp1(readKubeconfig(join(directory, "admin.kubeconfig")));
    t.after(async () => {
      transport.close();
      await server.close();
      await rm(directory, { recursive: true });
    });
    const ask = async (line: string, options: Options = {}): Promise<Answer> => {
      const answer = await transport.ask(tellRequest(line, options, "default"));
      return new Answer(answer, { line, namespace: "default" });
    };
    const until = async (line: string, status: number): Promise<void> => {
      while ((await ask(line)).status !== status) await pause(20);
    };
    const merge = { spec: { holderIdentity: "a" } };
    const json = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "a" }, spec: {} };
    const created = (await ask("POST leases", { json })).is({ status: 201 });
    const request = tellRequest(`GET leases?watch=1&resourceVersion=${created.revision}`, {}, "default");
    const watch = new Watch(await transport.stream(request), "default");

    await etcd.members[0]?.kill();
    await until("GET /readyz", 500);
    const unavailable = { code: 503, reason: "ServiceUnavailable", details: { retryAfterSeconds: 1 } };
    for (const refused of [
      await ask("PATCH leases/a", { merge }),
      await ask("POST leases", { json: { ...json, metadata: { name: "b" } } }),
      await ask("DELETE leases/a"),
      await ask("GET leases/a"),
      await ask("GET leases"),
    ])
      refused.is({ status: 503, body: having(unavailable), headers: { "retry-after": "1" } });
    assert.deepEqual((await ask("GET leases/a?resourceVersion=0")).body, created.body);
    (await ask("GET leases?resourceVersion=0")).is({ status: 200 });

    await etcd.members[0]?.start();
    await until("GET /readyz", 200);
    const renewed = (await ask("PATCH leases/a", { merge })).is({ status: 200 });
    assert.deepEqual(await watch.next(), ["MODIFIED", renewed.body]);
    watch.close();
  },
);
