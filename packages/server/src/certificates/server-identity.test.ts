import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { parse } from "yaml";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { parseConfig } from "../parse-config.ts";
import { systemRandom } from "../random.ts";
import { issue, type KeyPairPem } from "./issue.ts";
import { serverIdentity, type ServerIdentity } from "./server-identity.ts";
import { subjectName } from "./server-names.ts";

const directory = mkdtempSync(join(tmpdir(), "leasehold-identity-"));
after(() => rmSync(directory, { recursive: true }));
const impurities = { clock: systemClock, random: systemRandom };

test("a client of the kubeconfig and the server believe each other", async () => {
  const config = configOf(`--data-dir ${freshDir()} --listen 127.0.0.1:0`);
  const identity = await serverIdentity(config, impurities);
  assert.equal(await greet(config, identity), "hello leasehold-admin of system:masters");
});

test("the kubeconfig names the port that was taken and is for its owner alone", async () => {
  const config = configOf(`--data-dir ${freshDir()}`);
  const identity = await serverIdentity(config, impurities);
  const path = identity.writeKubeconfig({ host: "0.0.0.0", port: 4711 });
  assert.equal(path, join(config.dataDir, "admin.kubeconfig"));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(readKubeconfig(path).server, "https://127.0.0.1:4711");
});

test("a given certificate is shown, and its authority stands in the kubeconfig", async () => {
  const dataDir = freshDir();
  const authority = await issue({ for: "authority" }, impurities);
  const request = { for: "server", names: [subjectName("127.0.0.1")] } as const;
  const given = await issue(request, { ...impurities, issuer: authority });
  writeFileSync(join(dataDir, "tls.crt"), given.certificatePem + authority.certificatePem);
  writeFileSync(join(dataDir, "tls.key"), given.privateKeyPem);
  const files = `--tls-cert-file ${dataDir}/tls.crt --tls-private-key-file ${dataDir}/tls.key`;
  const config = configOf(`--data-dir ${dataDir} ${files}`);
  const identity = await serverIdentity(config, impurities);
  assert.ok(identity.server.certificatePem.startsWith(given.certificatePem));
  assert.equal(await greet(config, identity), "hello leasehold-admin of system:masters");
});

test("a given certificate needs its own key", async () => {
  const dataDir = freshDir();
  const [one, other] = [
    await issue({ for: "authority" }, impurities),
    await issue({ for: "authority" }, impurities),
  ];
  writeFileSync(join(dataDir, "tls.crt"), one.certificatePem);
  writeFileSync(join(dataDir, "tls.key"), other.privateKeyPem);
  const files = `--tls-cert-file ${dataDir}/tls.crt --tls-private-key-file ${dataDir}/tls.key`;
  await assert.rejects(
    serverIdentity(configOf(`--data-dir ${dataDir} ${files}`), impurities),
    /is not the key of/,
  );
});

test("a client may come from an authority that the operator names, and from ours all the same", async () => {
  const dataDir = freshDir();
  const others = [
    await issue({ for: "authority" }, impurities),
    await issue({ for: "authority" }, impurities),
  ] as const;
  const [, issuer] = others;
  writeFileSync(join(dataDir, "clients.crt"), others.map((one) => one.certificatePem).join(""));
  const config = configOf(`--data-dir ${dataDir} --client-ca-file ${dataDir}/clients.crt`);
  const identity = await serverIdentity(config, impurities);
  assert.equal(await greet(config, identity), "hello leasehold-admin of system:masters");
  const user = { for: "client", commonName: "ann", organization: "crew" } as const;
  const ann = await issue(user, { ...impurities, issuer });
  assert.equal(await greet(config, identity, ann), "hello ann of crew");
});

test("a file of client authorities that holds none is named", async () => {
  const dataDir = freshDir();
  writeFileSync(join(dataDir, "clients.crt"), "nothing of the kind");
  const config = configOf(`--data-dir ${dataDir} --client-ca-file ${dataDir}/clients.crt`);
  await assert.rejects(serverIdentity(config, impurities), /clients.crt holds no certificate/);
});

/** What a server of this identity answers to a client that knows nothing but the kubeconfig, or comes with a certificate of its own. */
async function greet(config: Config, identity: ServerIdentity, own?: KeyPairPem): Promise<string> {
  const { certificatePem: cert, privateKeyPem: key } = identity.server;
  const options = { cert, key, ca: identity.clientAuthorityPem, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    response.end(`hello ${String(subject.CN)} of ${String(subject.O)}`);
  });
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const kubeconfig = readKubeconfig(identity.writeKubeconfig({ host: config.listen.host, port }));
    const client = {
      ca: kubeconfig.authority,
      cert: own?.certificatePem ?? kubeconfig.certificate,
      key: own?.privateKeyPem ?? kubeconfig.key,
      agent: false,
    };
    const request = get(kubeconfig.server, client);
    const [response] = (await once(request, "response")) as [AsyncIterable<Buffer>];
    return Buffer.concat(await Array.fromAsync(response)).toString();
  } finally {
    server.close();
  }
}

interface Read {
  readonly server: string;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

function readKubeconfig(path: string): Read {
  const { clusters, users } = parse(readFileSync(path, "utf8")) as {
    clusters: [{ cluster: Record<string, string> }];
    users: [{ user: Record<string, string> }];
  };
  const [{ cluster }] = clusters;
  const [{ user }] = users;
  return {
    server: cluster["server"] ?? "",
    authority: decoded(cluster["certificate-authority-data"]),
    certificate: decoded(user["client-certificate-data"]),
    key: decoded(user["client-key-data"]),
  };
}

function decoded(base64 = ""): string {
  return Buffer.from(base64, "base64").toString();
}

function configOf(line: string): Config {
  const parsed = parseConfig(line.split(" "), {});
  assert.equal(parsed.kind, "config");
  return parsed.kind === "config" ? parsed.config : assert.fail();
}

function freshDir(): string {
  return mkdtempSync(join(directory, "data-"));
}
