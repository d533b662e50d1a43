import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { startBlackHole } from "../testing/black-hole-fixture.ts";
import {
  type CliProcess,
  type Environment,
  eventually,
  runCli,
  startCli,
  startTestApi,
  type TestApi,
} from "../testing/cli-process-fixture.ts";
import { Witness } from "../testing/witness-fixture.ts";

let api: TestApi;
before(async () => {
  api = await startTestApi();
});
after(() => api.close());

interface Started {
  readonly argv: readonly string[];
  readonly env?: Environment;
}

function start(name: string, { argv, env = api.env }: Started): CliProcess {
  return startCli(["run", name, "-n", api.namespace, ...argv], env);
}

async function end(...runs: readonly CliProcess[]): Promise<void> {
  for (const run of runs) run.kill("SIGKILL");
  await Promise.all(runs.map(({ ended }) => ended));
}

for (const manner of ["", "deaf"] as const) {
  const name = manner === "" ? "tame" : manner;
  test(`a ${name} command is dead before another runs when its supervisor sends into a black hole`, async () => {
    const hole = await startBlackHole(api.env.KUBECONFIG);
    const witness = new Witness();
    const argv = ["--lease-duration", "4s", "--", ...witness.command(manner)];
    const first = start(`cut-${name}`, { argv, env: { KUBECONFIG: hole.kubeconfig } });
    await witness.started(1);
    const second = start(`cut-${name}`, { argv });
    await eventually(() => second.said.stderr.includes("holds the lease"));
    hole.cut();
    await witness.started(2);
    await eventually(() => first.said.stderr.includes("could not be renewed in time"));
    assert.doesNotMatch(first.said.stderr, /the supervisor/);
    witness.assertAlone();
    await end(first, second);
    hole.close();
  });
}

test("a lease that is released by force is no more worked for", async () => {
  const witness = new Witness();
  const argv = ["--identity", "first", "--", ...witness.command("deaf")];
  const run = start("forced", { argv });
  await witness.started(1);
  const refused = await runCli(["release", "forced", "-n", api.namespace], api.env);
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /^leasehold release: first holds .*; --identity first or --force releases it\n$/,
  );
  const released = await runCli(["release", "forced", "-n", api.namespace, "--identity", "first"], api.env);
  assert.equal(released.code, 0, released.stderr);
  await eventually(() => run.said.stderr.includes("was emptied"));
  // It is a candidate again.
  await witness.started(2);
  witness.assertAlone();
  assert.ok(!witness.notes.some(({ what }) => what === "term"), "the command was to be killed at once");
  await end(run);
});

test("a transfer hands the lease to the one that is named", async () => {
  const witness = new Witness();
  const argv = (identity: string): readonly string[] => ["--identity", identity, "--", ...witness.command()];
  const runs = [start("handed", { argv: argv("a") })];
  await witness.started(1);
  for (const identity of ["b", "c"]) {
    const run = start("handed", { argv: argv(identity) });
    runs.push(run);
    await eventually(() => run.said.stderr.includes("a holds the lease"));
  }
  const transfer = await runCli(["transfer", "handed", "--to", "c", "-n", api.namespace], api.env);
  assert.equal(transfer.stdout, `${api.namespace}/handed: a is asked to hand it to c\n`);
  await witness.started(2);
  assert.equal((await runCli(["who", "handed", "--recorded", "-n", api.namespace], api.env)).stdout, "c\n");
  witness.assertAlone();
  await end(...runs);
});

test("of three commands on two slots two run, each on its own", async () => {
  const witness = new Witness();
  const argv = ["--slots", "2", "--", ...witness.command()];
  const runs = [1, 2, 3].map(() => start("slots", { argv }));
  await witness.started(2);
  await eventually(() => runs.some(({ said }) => said.stderr.includes("holds the lease")));
  assert.deepEqual(witness.notes.map(({ slot }) => slot).toSorted(), ["0", "1"]);
  const impatient = await runCli(
    ["run", "slots", "-n", api.namespace, "--slots", "2", "--no-wait", "--", "echo", "ran"],
    api.env,
  );
  assert.deepEqual([impatient.code, impatient.stdout], [75, ""]);
  const [holder] = witness.notes;
  process.kill(holder?.pid ?? 0, "SIGTERM");
  const third = await witness.started(3);
  assert.equal(third.slot, holder?.slot);
  assert.ok(!witness.notes.some(({ what }) => what === "overlap"));
  await end(...runs);
});

test("the status endpoint says whether the command runs", async () => {
  const witness = new Witness();
  const url = `http://127.0.0.1:${await freePort()}`;
  const holder = start("told", { argv: ["--", ...witness.command()] });
  await witness.started(1);
  const argv = ["--identity", "me", "--status-listen", new URL(url).host, "--", ...witness.command()];
  const run = start("told", { argv });
  await eventually(() => run.said.stderr.includes("holds the lease"));
  const who = { namespace: api.namespace, lease: "told", identity: "me" };
  assert.deepEqual(await ask(`${url}/leader`), { status: 503, body: { ...who, leading: false } });
  assert.equal((await ask(`${url}/healthz`)).status, 200);
  assert.equal((await ask(`${url}/nothing`)).status, 404);
  holder.kill("SIGTERM");
  const { token } = await witness.started(2);
  const { status, body } = await ask(`${url}/leader`);
  assert.equal(status, 200);
  assert.deepEqual([body["leading"], body["fencingToken"]], [true, token]);
  assert.ok(Date.parse(String(body["until"])) > Date.parse(String(body["since"])));
  await end(holder, run);
});

test("a status address that is taken is one line and 125", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const run = start("taken", { argv: ["--status-listen", `127.0.0.1:${port}`, "--", "true"] });
  const { code, stderr } = await run.ended;
  assert.equal(code, 125);
  assert.match(stderr, /^leasehold run: cannot serve the status: .*EADDRINUSE.*\n$/);
  server.close();
});

test("Ctrl-Z stops the command too, and fg lets both go on", async () => {
  const witness = new Witness();
  const run = start("paused", { argv: ["--", ...witness.command()] });
  const { pid } = await witness.started(1);
  run.kill("SIGTSTP");
  await eventually(() => stateOf(pid) === "T" && stateOf(run.pid) === "T");
  run.kill("SIGCONT");
  await eventually(() => stateOf(pid) === "S" && stateOf(run.pid) === "S");
  run.kill("SIGTERM");
  assert.equal((await run.ended).code, 0);
});

test("a server that is away is waited for, and --no-wait exits with 125", async () => {
  const argv = ["run", "x", "--server", "http://127.0.0.1:1", "--", "true"];
  const { code, stderr } = await runCli([...argv.slice(0, 2), "--no-wait", ...argv.slice(2)]);
  assert.equal(code, 125);
  assert.match(stderr, /^leasehold run: cannot read default\/x: .*nothing listens there.*\n$/);
  const patient = startCli(argv);
  await eventually(() => patient.said.stderr.includes("nothing listens there"));
  patient.kill("SIGTERM");
  assert.equal((await patient.ended).code, 143);
});

test("heartbeats keep a lease renewed until they are stopped", async () => {
  const argv = ["heartbeat", "alive", "-n", api.namespace, "--lease-duration", "2s", "--interval", "200ms"];
  const beating = startCli([...argv, "--identity", "me"], api.env);
  await eventually(
    async () => (await runCli(["who", "alive", "-n", api.namespace], api.env)).stdout === "me\n",
  );
  beating.kill("SIGTERM");
  assert.equal((await beating.ended).code, 0);
  assert.equal((await runCli(["who", "alive", "-n", api.namespace], api.env)).code, 1);
});

async function ask(
  url: string,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** `T` stopped, `S` sleeping. */
function stateOf(pid: number): string {
  return execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" })
    .trim()
    .charAt(0);
}
