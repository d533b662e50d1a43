import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { after, before, test } from "node:test";
import {
  type CliProcess,
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

/** A lease of its own for each test. */
function argvOf(name: string, ...rest: readonly string[]): readonly string[] {
  return ["run", name, "-n", api.namespace, ...rest];
}

/** The shortest that a busy machine bears, for those that wait for its end. */
const short = ["--lease-duration", "4s"];

function start(name: string, ...rest: readonly string[]): CliProcess {
  return startCli(argvOf(name, ...rest), api.env);
}

test("the command finds its term in the environment, and its exit code is passed on", async () => {
  const script =
    'echo "$LEASEHOLD_NAMESPACE/$LEASEHOLD_LEASE $LEASEHOLD_IDENTITY $LEASEHOLD_FENCING_TOKEN"; exit 7';
  const { code, stdout, stderr } = await runCli(
    argvOf("environment", "--identity", "me", "--", "sh", "-c", script),
    api.env,
  );
  assert.equal(code, 7, stderr);
  assert.match(stdout, new RegExp(`^${api.namespace}/environment me [1-9][0-9]*\n$`));
  assert.equal((await api.leases.get("environment")).spec.holderIdentity, "");
});

test(
  "the command's stderr stays as it was, though complaints of ours went there before",
  { skip: process.platform !== "linux" },
  async () => {
    const holder = start("blocking", "--", "sleep", "100");
    await eventually(async () => (await api.leases.get("blocking").catch(() => undefined)) !== undefined);
    const script = "grep flags /proc/self/fdinfo/2";
    const run = start("blocking", "--", "sh", "-c", script);
    await eventually(() => run.said.stderr.includes("holds the lease"));
    holder.kill("SIGTERM");
    const { stdout } = await run.ended;
    const flags = Number.parseInt(/flags:\s*(\d+)/.exec(stdout)?.[1] ?? "", 8);
    assert.equal(flags & constants.O_NONBLOCK, 0, stdout);
  },
);

test("stdin is the command's", async () => {
  const run = startCli(argvOf("stdin", "--", "tr", "a-z", "A-Z"), api.env, "hello\n");
  assert.equal((await run.ended).stdout, "HELLO\n");
});

const ends = [
  { name: "killed", argv: ["sh", "-c", "kill -9 $$"], code: 137 },
  { name: "missing", argv: ["/no/such/command"], code: 127 },
  { name: "not-executable", argv: ["/etc/passwd"], code: 126 },
];

for (const { name, argv, code } of ends) {
  test(`a command that is ${name} leaves ${code} behind`, async () => {
    assert.equal((await runCli(argvOf(name, "--", ...argv), api.env)).code, code);
  });
}

test("of two only one command runs, and the other follows when the first ends", async () => {
  const witness = new Witness();
  const first = start("turns", "--", ...witness.command());
  await witness.started(1);
  const second = start("turns", "--", ...witness.command());
  await eventually(() => second.said.stderr.includes("holds the lease"));
  assert.equal(witness.notes.length, 1);
  first.kill("SIGTERM");
  assert.equal((await first.ended).code, 0);
  await witness.started(2);
  second.kill("SIGTERM");
  assert.equal((await second.ended).code, 0);
  witness.assertAlone();
});

test("--no-wait leaves a held lease alone and exits with 75", async () => {
  const witness = new Witness();
  const holder = start("impatient", "--", ...witness.command());
  await witness.started(1);
  const { code, stdout } = await runCli(argvOf("impatient", "--no-wait", "--", "echo", "ran"), api.env);
  assert.deepEqual({ code, stdout }, { code: 75, stdout: "" });
  holder.kill("SIGTERM");
  await holder.ended;
  assert.equal(
    (await runCli(argvOf("impatient", "--no-wait", "--", "echo", "ran"), api.env)).stdout,
    "ran\n",
  );
});

for (const manner of ["", "deaf"] as const) {
  const suffix = manner === "" ? "tame" : manner;
  const which = manner === "" ? "a command" : "a command that ignores SIGTERM";
  test(`when its supervisor is killed, ${which} is dead before another runs`, async () => {
    const witness = new Witness();
    const first = start(`killed-${suffix}`, ...short, "--", ...witness.command(manner));
    await witness.started(1);
    const second = start(`killed-${suffix}`, ...short, "--", ...witness.command());
    await eventually(() => second.said.stderr.includes("holds the lease"));
    first.kill("SIGKILL");
    await witness.started(2);
    second.kill("SIGTERM");
    await second.ended;
    witness.assertAlone();
    assert.equal(witness.notes.filter(({ what }) => what === "term").length, 2);
  });

  test(`when its supervisor is stopped, ${which} is dead before another runs`, async () => {
    const witness = new Witness();
    const first = start(`stopped-${suffix}`, ...short, "--", ...witness.command(manner));
    await witness.started(1);
    const second = start(`stopped-${suffix}`, ...short, "--", ...witness.command());
    await eventually(() => second.said.stderr.includes("holds the lease"));
    first.kill("SIGSTOP");
    await witness.started(2);
    first.kill("SIGCONT");
    await eventually(() => first.said.stderr.includes("stood still"));
    second.kill("SIGTERM");
    await second.ended;
    await witness.started(3);
    first.kill("SIGKILL");
    await first.ended;
    witness.assertAlone();
  });
}

test("--once exits with 124 when the lease is lost", async () => {
  const witness = new Witness();
  const first = start("once", ...short, "--once", "--", ...witness.command());
  await witness.started(1);
  first.kill("SIGSTOP");
  await eventually(() => first.said.stderr.includes("the supervisor stands still"));
  await eventually(() => witness.notes.some(({ what }) => what === "term"));
  first.kill("SIGCONT");
  assert.equal((await first.ended).code, 124);
});

test("signals reach the command and what it has started", async () => {
  const script =
    "trap 'echo usr1' USR1; trap 'echo int; exit 3' INT; echo ready; while :; do sleep 0.05; done";
  const run = start("signals", "--", "sh", "-c", script);
  await eventually(() => run.said.stdout.includes("ready"));
  run.kill("SIGUSR1");
  await eventually(() => run.said.stdout.includes("usr1"));
  run.kill("SIGINT");
  assert.equal((await run.ended).code, 3);
});

test("a signal while it waits ends it", async () => {
  const witness = new Witness();
  const holder = start("waiting", "--", ...witness.command());
  await witness.started(1);
  const waiting = start("waiting", "--", "true");
  await eventually(() => waiting.said.stderr.includes("holds the lease"));
  waiting.kill("SIGINT");
  assert.equal((await waiting.ended).code, 130);
  holder.kill("SIGTERM");
  await holder.ended;
});

test("what a command leaves behind in its group is ended before the lease is released", async () => {
  const witness = new Witness();
  // The shell ends by itself; the witness, which it has started, does not hear of that.
  const argvAfter = (count: number): readonly string[] => {
    const script = `"$@" & while [ "$(grep -c start "$0/log")" != ${count} ]; do sleep 0.05; done`;
    return argvOf("leftovers", "--", "sh", "-c", script, witness.directory, ...witness.command("deaf"));
  };
  const { code, stderr } = await runCli(argvAfter(1), api.env);
  assert.equal(code, 0, stderr);
  await runCli(argvAfter(2), api.env);
  witness.assertAlone();
});

test("a command whose guard dies is stopped", async () => {
  const witness = new Witness();
  const run = start("unguarded", "--", ...witness.command());
  await witness.started(1);
  const guard = guardOf(run);
  process.kill(guard, "SIGKILL");
  const { code, stderr } = await run.ended;
  assert.equal(code, 125);
  assert.match(stderr, /the guard process has died/);
  assert.equal(witness.notes.at(-1)?.what, "term");
});

test("a guard that does not answer is replaced before the command runs", async () => {
  const witness = new Witness();
  const holder = start("mute", "--", ...witness.command());
  await witness.started(1);
  const run = start("mute", "--", ...witness.command());
  await eventually(() => run.said.stderr.includes("holds the lease"));
  const guard = guardOf(run);
  process.kill(guard, "SIGSTOP");
  holder.kill("SIGTERM");
  await eventually(() => run.said.stderr.includes("the guard process does not answer"));
  await witness.started(2);
  assert.notEqual(guardOf(run), guard);
  run.kill("SIGTERM");
  assert.equal((await run.ended).code, 0);
  witness.assertAlone();
});

test("a namespace that does not exist is told in one line", async () => {
  const { code, stderr } = await runCli(["run", "x", "-n", "no-such-namespace", "--", "true"], api.env);
  assert.equal(code, 125);
  assert.match(stderr, /^leasehold run: [^\n]*namespaces "no-such-namespace" not found\n$/);
});

const wrong = [
  { argv: ["--lease-duration", "1500ms"], says: /--lease-duration needs whole seconds/ },
  { argv: ["--lease-duration", "15s", "--survive-outage", "10s"], says: /exclude each other/ },
  { argv: ["--grace", "14s"], says: /--grace leaves too little/ },
  { argv: ["--status-listen", "nowhere"], says: /--status-listen needs HOST:PORT/ },
];

for (const { argv, says } of wrong) {
  test(`run ${argv.join(" ")} is refused with 2`, async () => {
    const { code, stderr } = await runCli(["run", "x", ...argv, "--", "true"], api.env);
    assert.equal(code, 2);
    assert.match(stderr, says);
  });
}

/** The child of the supervisor that is not the command. */
function guardOf(run: CliProcess): number {
  const children = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => Number(match?.[2]) === run.pid && match?.[3]?.includes("guard-process") === true);
  return Number(children[0]?.[1]);
}
