import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Clock } from "../clock.ts";
import { systemRandom } from "../random.ts";
import { StartError } from "../start-error.ts";
import { lifeMs } from "./issue.ts";
import { loadOrCreatePki, type Pki } from "./pki.ts";
import { subjectName } from "./server-names.ts";

const directory = mkdtempSync(join(tmpdir(), "leasehold-pki-"));
after(() => rmSync(directory, { recursive: true }));

const beganMs = Date.UTC(2030, 0, 1);
const dayMs = 24 * 60 * 60 * 1000;
const usualNames = ["localhost", "127.0.0.1", "::1"];

interface Start {
  readonly dataDir: string;
  readonly nowMs?: number;
  readonly names?: readonly string[];
}

function start({ dataDir, nowMs = beganMs, names = usualNames }: Start): Promise<Pki> {
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => 0, schedule: () => ({ cancel: () => {} }) };
  return loadOrCreatePki({
    dataDir,
    names: names.map((name) => subjectName(name)),
    clock,
    random: systemRandom,
  });
}

function freshDir(): string {
  return mkdtempSync(join(directory, "data-"));
}

test("the first start makes an authority, a server and an administrator", async () => {
  const pki = await start({ dataDir: freshDir() });
  const authority = new X509Certificate(pki.authorityPem);
  assert.equal(authority.ca, true);
  for (const pem of [pki.server.certificatePem, pki.admin.certificatePem]) {
    const leaf = new X509Certificate(pem);
    assert.equal(leaf.ca, false);
    assert.ok(leaf.checkIssued(authority) && leaf.verify(authority.publicKey));
  }
  const server = new X509Certificate(pki.server.certificatePem);
  assert.equal(server.subjectAltName, "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  assert.deepEqual(server.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  const admin = new X509Certificate(pki.admin.certificatePem);
  assert.equal(admin.subject, "O=system:masters\nCN=leasehold-admin");
  assert.deepEqual(admin.keyUsage, ["1.3.6.1.5.5.7.3.2"]);
});

test("the administrator's key is in the form that every client reads", async () => {
  const { admin } = await start({ dataDir: freshDir() });
  assert.match(admin.privateKeyPem, /^-----BEGIN RSA PRIVATE KEY-----/);
});

test("private keys are for their owner alone", async () => {
  const dataDir = freshDir();
  await start({ dataDir });
  const modes = readdirSync(join(dataDir, "pki")).map((name) => [
    name,
    statSync(join(dataDir, "pki", name)).mode & 0o777,
  ]);
  assert.deepEqual(Object.fromEntries(modes), {
    "admin.crt": 0o644,
    "admin.key": 0o600,
    "ca.crt": 0o644,
    "ca.key": 0o600,
    "server.crt": 0o644,
    "server.key": 0o600,
  });
});

type Part = "authority" | "server" | "admin";

/** What a later start makes anew, after a first one with the usual names. */
const later: readonly {
  readonly title: string;
  readonly next: Omit<Start, "dataDir">;
  readonly renews: readonly Part[];
}[] = [
  { title: "an hour later everything is kept", next: { nowMs: beganMs + dayMs / 24 }, renews: [] },
  {
    title: "in another order the names are the same",
    next: { names: ["::1", "localhost", "127.0.0.1"] },
    renews: [],
  },
  {
    title: "one more name needs another server certificate",
    next: { names: [...usualNames, "a.example"] },
    renews: ["server"],
  },
  {
    title: "one name less needs another server certificate",
    next: { names: ["localhost", "::1"] },
    renews: ["server"],
  },
  {
    title: "two thirds of a year later nothing needs renewal yet",
    next: { nowMs: beganMs + 240 * dayMs },
    renews: [],
  },
  {
    title: "in the last third of the year the leaves are renewed",
    next: { nowMs: beganMs + 250 * dayMs },
    renews: ["server", "admin"],
  },
  {
    title: "in the last third of its life the authority is renewed as well",
    next: { nowMs: beganMs + (lifeMs.authority * 2) / 3 + dayMs },
    renews: ["authority", "server", "admin"],
  },
  {
    title: "a clock that goes backwards needs certificates of its own time",
    next: { nowMs: beganMs - 100 * dayMs },
    renews: ["authority", "server", "admin"],
  },
];

for (const { title, next, renews } of later) {
  test(title, async () => {
    const dataDir = freshDir();
    const [before, after] = [parts(await start({ dataDir })), parts(await start({ dataDir, ...next }))];
    assert.deepEqual(
      (["authority", "server", "admin"] as const).filter((part) => before[part] !== after[part]),
      renews,
    );
  });
}

function parts(pki: Pki): Readonly<Record<Part, string>> {
  return { authority: pki.authorityPem, server: pki.server.certificatePem, admin: pki.admin.certificatePem };
}

test("a renewed authority still vouches for what it signed before", async () => {
  const dataDir = freshDir();
  const before = await start({ dataDir });
  const after = await start({ dataDir, nowMs: beganMs + lifeMs.authority });
  assert.notEqual(after.authorityPem, before.authorityPem);
  const authority = new X509Certificate(after.authorityPem);
  const oldLeaf = new X509Certificate(before.admin.certificatePem);
  assert.ok(oldLeaf.checkIssued(authority) && oldLeaf.verify(authority.publicKey));
});

test("a lost leaf is made anew under the same authority", async () => {
  const dataDir = freshDir();
  const before = await start({ dataDir });
  rmSync(join(dataDir, "pki", "server.crt"));
  rmSync(join(dataDir, "pki", "admin.key"));
  const after = await start({ dataDir });
  assert.equal(after.authorityPem, before.authorityPem);
  assert.equal(after.server.privateKeyPem, before.server.privateKeyPem);
  assert.notEqual(after.admin.privateKeyPem, before.admin.privateKeyPem);
});

test("another authority signs the leaves anew", async () => {
  const dataDir = freshDir();
  const before = await start({ dataDir });
  for (const name of ["ca.crt", "ca.key"]) rmSync(join(dataDir, "pki", name));
  const after = parts(await start({ dataDir }));
  assert.notEqual(after.server, before.server.certificatePem);
  assert.notEqual(after.admin, before.admin.certificatePem);
});

const damages: readonly {
  readonly title: string;
  readonly harm: (pki: string) => void;
  readonly says: RegExp;
}[] = [
  {
    title: "a damaged certificate is not overwritten",
    harm: (pki) => writeFileSync(join(pki, "server.crt"), "not a certificate"),
    says: /server\.crt is damaged/,
  },
  {
    title: "a damaged key is not overwritten",
    harm: (pki) => writeFileSync(join(pki, "ca.key"), ""),
    says: /ca\.key is damaged/,
  },
  {
    title: "an authority without its key is not replaced",
    harm: (pki) => rmSync(join(pki, "ca.key")),
    says: /ca\.key is missing/,
  },
];

for (const { title, harm, says } of damages) {
  test(title, async () => {
    const dataDir = freshDir();
    await start({ dataDir });
    harm(join(dataDir, "pki"));
    await assert.rejects(
      start({ dataDir }),
      (error) => error instanceof StartError && says.test(error.message),
    );
  });
}
