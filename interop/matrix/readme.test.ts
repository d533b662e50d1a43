import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { readKubeconfig } from "../../conformance/kubeconfig.ts";
import { connectHttp1 } from "../../conformance/wire/http1.ts";
import { tellRequest } from "../../conformance/wire/request.ts";

const here = import.meta.dirname;
const patience = { timeout: 60_000 };

test("the election in the README leads, and hands the lease back at Ctrl-C", patience, async (t) => {
  const text = readFileSync(join(here, "../../README.md"), "utf8");
  const [, program = assert.fail("the README has no TypeScript")] = /^```ts\n(.*?)^```/ms.exec(text) ?? [];
  mkdirSync(join(here, "target"), { recursive: true });
  const file = join(here, "target", `readme-${process.pid}.ts`);
  writeFileSync(file, program);
  t.after(() => rmSync(file));

  const child = spawn(process.execPath, ["--conditions=leasehold-source", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (line === "leading") child.kill("SIGINT");
  }
  if (child.exitCode === null) await once(child, "exit");
  assert.deepEqual([said, child.exitCode], [["leading", "following"], 0]);

  const transport = connectHttp1(readKubeconfig(process.env["KUBECONFIG"] ?? ""));
  t.after(() => transport.close());
  const ask = (method: string): ReturnType<typeof transport.ask> =>
    transport.ask(tellRequest(`${method} leases/demo`, {}, "default"));
  const lease = new TextDecoder().decode((await ask("GET")).bytes);
  assert.match(lease, /"holderIdentity":\s*""/);
  await ask("DELETE");
});
