import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import {
  type Connection,
  type ReplyBody,
  type ServerProcess,
  startServerProcess,
} from "./server-process-fixture.ts";
import { leasehold as runCommand } from "./leasehold.ts";
import { processSurroundings } from "./surroundings.ts";

const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

test("a backup that is taken under load and restored holds every write acknowledged before, and versions only grow", async (t) => {
  const directory = newDirectory(t);
  const file = join(directory, "backup");
  const first = await startServerProcess(join(directory, "first"));
  const load = await startRenewing(first);
  await load.acknowledged(100);
  const before = load.latest();
  const backup = await leasehold("backup", file, "--data-dir", first.dataDir);
  assert.deepEqual([backup.code, backup.stderr], [0, ""]);
  assert.match(backup.stdout, /holds \d+ objects at resourceVersion \d+ \(\d+ bytes\)\n$/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await load.acknowledged(50);
  await first.kill();
  const seen = Math.max(...(await load.stopped()).values());
  assert.match((await leasehold("check", file)).stdout, /\nsound\n$/);

  const dataDir = join(directory, "second");
  const restored = await leasehold("restore", file, "--data-dir", dataDir);
  assert.deepEqual([restored.code, restored.stderr], [0, ""]);
  const second = await startServerProcess(dataDir);
  const connection = second.connect();
  const { body } = await connection.ask("GET", leases);
  assert.ok(Number(body.metadata?.resourceVersion) > seen + 900_000_000);
  const counts = new Map(
    (body.items ?? []).map((item) => [item.metadata?.name, item.spec?.leaseTransitions ?? 0]),
  );
  for (const [name, count] of before.counts) assert.ok((counts.get(name) ?? 0) >= count, name);
  for (const item of body.items ?? []) assert.ok(versionOf(item) > seen, "an object went back");
  const watch = await connection.ask("GET", `${leases}?watch=true&resourceVersion=${seen}`);
  assert.deepEqual([watch.body.type, watch.body.object?.code], ["ERROR", 410]);
  connection.close();
  assert.equal(await second.stop(), 0);
});

test("a store is restored over another one only by force, goes on from both, and the other one is kept", async (t) => {
  const directory = newDirectory(t);
  const dataDir = join(directory, "data");
  const file = join(directory, "backup");
  await runOnce(dataDir);
  assert.equal((await leasehold("backup", file, "--data-dir", dataDir)).code, 0);
  const refused = await leasehold("restore", file, "--data-dir", dataDir);
  assert.deepEqual(refused, {
    code: 2,
    stdout: "",
    stderr: `leasehold restore: there is a store in ${dataDir}; --force replaces it, and keeps it beside the new one\n`,
  });
  for (const round of [1, 2]) {
    const restored = await leasehold("restore", file, "--data-dir", dataDir, "--force");
    assert.match(restored.stdout, new RegExp(`and goes on after resourceVersion ${round}0000`));
    const check = await leasehold("check", "--data-dir", dataDir);
    assert.deepEqual([check.code, check.stdout.split("\n").at(-2)], [0, "sound"]);
  }
  assert.equal((await leasehold("check", join(dataDir, "leasehold.db.replaced"))).code, 0);
  await runOnce(dataDir);
});

test("a server that was killed leaves a store that is sound, and that can be backed up and restored from", async (t) => {
  const directory = newDirectory(t);
  const server = await startServerProcess(join(directory, "data"));
  const load = await startRenewing(server);
  await load.acknowledged(20);
  await server.kill();
  const newest = Math.max(...(await load.stopped()).values());
  const check = await leasehold("check", "--data-dir", server.dataDir);
  assert.deepEqual([check.code, check.stdout.split("\n").at(-2)], [0, "sound"]);
  const file = join(directory, "backup");
  const backup = await leasehold("backup", file, "--data-dir", server.dataDir);
  assert.ok(Number(/resourceVersion (\d+)/.exec(backup.stdout)?.[1]) >= newest);
  const restored = await leasehold(
    "restore",
    join(server.dataDir, "leasehold.db"),
    "--data-dir",
    join(directory, "other"),
  );
  assert.equal(restored.code, 0);
});

test("a flipped bit is named by check, refused by serve, backup and restore, and healed by a restore", async (t) => {
  const directory = newDirectory(t);
  const dataDir = join(directory, "data");
  const file = join(directory, "backup");
  await runOnce(dataDir);
  assert.equal((await leasehold("backup", file, "--data-dir", dataDir)).code, 0);
  const store = join(dataDir, "leasehold.db");
  flipIn(store, "kube-node-lease");
  const named = /revision \d+ \(key "\/registry\/namespaces\/kube-node-leas."\) is not what was written/;

  const check = await leasehold("check", "--data-dir", dataDir);
  assert.equal(check.code, 1);
  assert.match(check.stdout, new RegExp(`\ndamaged: ${named.source}.*\n1 problem\n$`, "s"));
  for (const argv of [
    ["serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir],
    ["backup", join(directory, "damaged"), "--data-dir", dataDir],
    ["restore", store, "--data-dir", join(directory, "new")],
  ]) {
    const { code, stdout, stderr } = await leasehold(...argv);
    assert.deepEqual([code, stdout, stderr.split("\n").length], [1, "", 2], String(argv[0]));
    assert.match(stderr, named);
  }
  assert.deepEqual(readdirSync(directory).toSorted(), ["backup", "data", "new"]);

  assert.equal((await leasehold("restore", file, "--data-dir", dataDir, "--force")).code, 0);
  assert.equal((await leasehold("check", "--data-dir", dataDir)).code, 0);
  await runOnce(dataDir);
});

test("what cannot be done is one line, and says what to do", async (t) => {
  const directory = newDirectory(t);
  const dataDir = join(directory, "data");
  const empty = join(directory, "empty");
  const file = join(directory, "backup");
  const noStore = join(directory, "no-store");
  writeFileSync(noStore, "not a database, but long enough to be looked at".repeat(100));
  const server = await startServerProcess(dataDir);
  assert.equal((await leasehold("backup", file, "--data-dir", dataDir)).code, 0);
  const cases: readonly { readonly argv: readonly string[]; readonly code: number; readonly says: RegExp }[] =
    [
      { argv: ["backup"], code: 2, says: /the file to write is missing/ },
      { argv: ["backup", file, "--data-dir", dataDir], code: 2, says: /backup exists; --force replaces it/ },
      { argv: ["backup", file, "--data-dir", empty], code: 2, says: /there is no store in .*empty/ },
      {
        argv: ["backup", join(directory, "a/b"), "--data-dir", dataDir],
        code: 1,
        says: /cannot use .*a\/b: ENOENT/,
      },
      {
        argv: ["restore", file, "--data-dir", dataDir, "--force"],
        code: 1,
        says: /another server uses the data directory/,
      },
      {
        argv: ["restore", join(directory, "nothing"), "--data-dir", empty],
        code: 2,
        says: /there is no file .*nothing/,
      },
      { argv: ["restore", noStore, "--data-dir", empty], code: 1, says: /no-store: file is not a database/ },
      {
        argv: ["restore", file, "--data-dir", empty, "--bump-revision", "0"],
        code: 2,
        says: /needs a whole number/,
      },
      {
        argv: ["restore", file, "--data-dir", empty, "--bump-revision", String(2 ** 52)],
        code: 1,
        says: /choose a smaller/,
      },
      { argv: ["check", "--data-dir", empty], code: 2, says: /there is no store .*empty\/leasehold\.db/ },
      { argv: ["check", noStore], code: 1, says: /file is not a database/ },
    ];
  for (const { argv, code, says } of cases) {
    const ended = await leaseholdHere(...argv);
    assert.match(ended.stderr, new RegExp(`^leasehold ${argv[0]}: .*${says.source}.*\n$`));
    assert.deepEqual([ended.code, ended.stdout], [code, ""]);
  }
  assert.equal((await leasehold("backup", file, "--force", "--data-dir", dataDir)).code, 0);
  assert.match(
    (await leasehold("check", "--data-dir", dataDir)).stdout,
    /, in use by a server\n.*\nsound\n$/s,
  );
  assert.equal(await server.stop(), 0);
});

test("a restore that died on the way is refused by a server, and healed by another one", async (t) => {
  const directory = newDirectory(t);
  const dataDir = join(directory, "data");
  const file = join(directory, "backup");
  await runOnce(dataDir);
  assert.equal((await leasehold("backup", file, "--data-dir", dataDir)).code, 0);
  const other = join(directory, "other");
  assert.equal((await leasehold("restore", file, "--data-dir", other)).code, 0);
  // As it is left between the first and the last of its renames.
  cpSync(join(other, "leasehold.db-mark"), join(dataDir, "leasehold.db-mark"));
  for (const missing of [[], ["leasehold.db"]]) {
    for (const name of missing) rmSync(join(dataDir, name));
    const { code, stderr } = await leasehold("serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir);
    assert.equal(code, 1);
    assert.match(stderr, /its end is missing: .* and 10000\d+ was acknowledged/);
  }
  assert.equal((await leasehold("restore", file, "--force", "--data-dir", dataDir)).code, 0);
  await runOnce(dataDir);
});

function versionOf({ metadata }: ReplyBody): number {
  return Number(metadata?.resourceVersion);
}

async function runOnce(dataDir: string): Promise<void> {
  const server = await startServerProcess(dataDir);
  assert.equal(await server.stop(), 0);
}

interface Load {
  /** Resolves when so many more writes are acknowledged. */
  acknowledged(count: number): Promise<void>;
  latest(): { readonly counts: ReadonlyMap<string, number> };
  /** Resolves once the connections are broken, with the newest version of each lease. */
  stopped(): Promise<ReadonlyMap<string, number>>;
}

/** Four clients count leases up until the server is gone. */
async function startRenewing(server: ServerProcess): Promise<Load> {
  const counts = new Map<string, number>();
  const versions = new Map<string, number>();
  let total = 0;
  let wake = Promise.withResolvers<void>();
  const acknowledge = (name: string, body: ReplyBody): void => {
    total += 1;
    counts.set(name, body.spec?.leaseTransitions ?? 0);
    versions.set(name, versionOf(body));
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  const names = ["a", "b", "c", "d"];
  const clients = names.map((name) => renew(server.connect(), name, (body) => acknowledge(name, body)));
  return {
    async acknowledged(count) {
      const target = total + count;
      const isReached = (): boolean => total >= target;
      while (!isReached()) await wake.promise;
    },
    latest: () => ({ counts: new Map(counts) }),
    async stopped() {
      await Promise.all(clients);
      return versions;
    },
  };
}

async function renew(connection: Connection, name: string, told: (body: ReplyBody) => void): Promise<void> {
  const path = `${leases}/${name}`;
  try {
    let { resourceVersion } = (await connection.ask("GET", path)).body.metadata ?? {};
    for (let leaseTransitions = 1; ; leaseTransitions += 1) {
      const metadata = { name, resourceVersion };
      const lease = {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata,
        spec: { leaseTransitions },
      };
      const { status, body } = await connection.ask("PUT", path, lease);
      if (status !== 200 && status !== 201) assert.fail(body.message);
      ({ resourceVersion } = body.metadata ?? {});
      told(body);
    }
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
  } finally {
    connection.close();
  }
}

/** The last bit of a text wherever it stands: pages that are free now may hold it too. */
function flipIn(path: string, text: string): void {
  const content = readFileSync(path);
  for (let at = content.indexOf(text); at !== -1; at = content.indexOf(text, at + 1))
    content[at + text.length - 1] = (content[at + text.length - 1] ?? 0) ^ 1;
  writeFileSync(path, content);
}

async function leasehold(...argv: readonly string[]) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [...process.execArgv, main, ...argv], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: child.exitCode, stdout, stderr };
}

/** The same in this process, which is sooner. */
async function leaseholdHere(...argv: readonly string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await runCommand(argv, {
    ...processSurroundings,
    env: {},
    say: (line) => (stdout += `${line}\n`),
    complain: (line) => (stderr += `${line}\n`),
  });
  return { code, stdout, stderr };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString();
}

function newDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "leasehold-upkeep-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}
