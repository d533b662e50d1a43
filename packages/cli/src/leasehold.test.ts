import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";

const directory = mkdtempSync(join(tmpdir(), "leasehold-cli-"));
const started = new Set<ChildProcess>();
after(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

test("leasehold serve runs until SIGTERM and leaves with 0", async () => {
  const dataDir = join(directory, "one");
  const { child, ready } = await serveUntilReady(dataDir);
  assert.match(ready[0] ?? "", /^leasehold is ready at https:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(ready[1], `export KUBECONFIG=${dataDir}/admin.kubeconfig`);
  const url = ready[0]?.split(" ").at(-1) ?? "";
  assert.ok(readFileSync(join(dataDir, "admin.kubeconfig"), "utf8").includes(`server: ${url}\n`));
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("a second server on the same data directory says so in one line and leaves with 1", async () => {
  const dataDir = join(directory, "two");
  const { child } = await serveUntilReady(dataDir);
  const second = await runToEnd("serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir);
  assert.equal(second.code, 1);
  assert.equal(second.stdout, "");
  assert.match(second.stderr, /^leasehold serve: another server uses the data directory .*\n$/);
  child.kill("SIGINT");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("a port that is taken is one line and 1", async () => {
  const { child, ready } = await serveUntilReady(join(directory, "three"));
  const taken = new URL(ready[0]?.split(" ").at(-1) ?? "").host;
  const second = await runToEnd("serve", "--listen", taken, "--data-dir", join(directory, "four"));
  assert.equal(second.code, 1);
  assert.match(second.stderr, /^leasehold serve: .*\n$/);
  child.kill("SIGTERM");
  await once(child, "exit");
});

test("a token file with a malformed line is one line and 2", async () => {
  const tokens = join(directory, "tokens.csv");
  writeFileSync(tokens, "token,user\n");
  const dataDir = join(directory, "five");
  const { code, stderr } = await runToEnd("serve", "--token-auth-file", tokens, "--data-dir", dataDir);
  assert.equal(code, 2);
  assert.match(stderr, /^leasehold serve: .*tokens\.csv, line 1: .*\n$/);
});

const asked = [
  { argv: [], code: 2, stderr: /leasehold serve/ },
  { argv: ["sevre"], code: 2, stderr: /^leasehold: unknown command "sevre"; leasehold --help lists them\n$/ },
  { argv: ["--help"], code: 0, stderr: /^$/ },
  { argv: ["help", "serve"], code: 0, stderr: /^$/ },
  { argv: ["help", "sevre"], code: 2, stderr: /^leasehold: unknown command "sevre"; .*\n$/ },
  { argv: ["version"], code: 0, stderr: /^$/ },
  { argv: ["--version"], code: 0, stderr: /^$/ },
  { argv: ["version", "--loud"], code: 2, stderr: /^leasehold version: unknown flag --loud; .*\n$/ },
  { argv: ["completion", "tcsh"], code: 2, stderr: /^leasehold completion: .*"tcsh"\n$/ },
  { argv: ["serve", "--store", "tape"], code: 2, stderr: /^leasehold serve: --store needs .*\n$/ },
];

for (const { argv, code, stderr } of asked) {
  test(`leasehold ${argv.join(" ")} leaves with ${code}`, async () => {
    const ended = await runToEnd(...argv);
    assert.equal(ended.code, code);
    assert.match(ended.stderr, stderr);
  });
}

function start(argv: readonly string[]) {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, ["--conditions=leasehold-source", main, ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.add(child);
  return child;
}

async function serveUntilReady(dataDir: string) {
  const child = start(["serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir]);
  const complaints = text(child.stderr);
  const ready: string[] = [];
  for await (const line of createInterface(child.stdout)) if (ready.push(line) === 2) break;
  if (ready.length < 2) assert.fail(`the server did not start: ${await complaints}`);
  return { child, ready };
}

async function runToEnd(...argv: readonly string[]) {
  const child = start(argv);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { stdout, stderr, code: child.exitCode };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString();
}
