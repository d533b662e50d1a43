import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { SettingsError } from "../errors.ts";
import { clusterEndpoint } from "./cluster-endpoint.ts";
import { connect } from "./connect.ts";
import { kubeconfigEndpoint } from "./kubeconfig-endpoint.ts";

const folder = mkdtempSync(join(tmpdir(), "leasehold-kubeconfig-"));
after(() => rmSync(folder, { recursive: true }));

describe("a kubeconfig", () => {
  const kubeconfig = join(folder, "config");
  const now = { ms: 0 };
  const clock = { ...systemClock, monotonicMs: () => now.ms };

  beforeEach(() => {
    writeFileSync(join(folder, "token"), "from-file\n");
    const plugin = join(folder, "plugin");
    const credential = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"made-'$(cat ${folder}/turn)'"}}`;
    writeFileSync(plugin, `#!/bin/sh\necho '${credential}'\n`);
    chmodSync(plugin, 0o755);
    writeFileSync(join(folder, "turn"), "1");
    writeFileSync(kubeconfig, configText(plugin));
  });

  test("names server, credentials and namespace by its current context", async () => {
    const endpoint = await kubeconfigEndpoint({ kubeconfig }, clock);
    assert.equal(endpoint.url.href, "https://one.example:6443/");
    assert.equal(endpoint.namespace, "team-a");
    const { headers, tls } = await endpoint.credentials();
    assert.equal(headers["authorization"], "Bearer plain");
    assert.deepEqual(tls, { ca: "the CA", servername: "inner.example" });
  });

  test("has other contexts", async () => {
    const endpoint = await kubeconfigEndpoint({ kubeconfig, context: "certificate" }, clock);
    const { headers, tls } = await endpoint.credentials();
    assert.deepEqual([headers, tls.cert, tls.key], [{}, "the certificate", "the key"]);
  });

  test("the same credentials are the same object, so that sockets are kept", async () => {
    const endpoint = await kubeconfigEndpoint({ kubeconfig, context: "certificate" }, clock);
    const { tls } = await endpoint.credentials();
    now.ms += limits.kubeconfigCredentialsMsMax;
    assert.equal((await endpoint.credentials()).tls, tls);
  });

  test("a program makes tokens, and is asked again when one is refused", async () => {
    const endpoint = await kubeconfigEndpoint({ kubeconfig, context: "program" }, clock);
    assert.equal((await endpoint.credentials()).headers["authorization"], "Bearer made-1");
    writeFileSync(join(folder, "turn"), "2");
    assert.equal((await endpoint.credentials()).headers["authorization"], "Bearer made-1");
    endpoint.refused?.();
    assert.equal((await endpoint.credentials()).headers["authorization"], "Bearer made-2");
  });

  test("a file holds the token", async () => {
    const endpoint = await kubeconfigEndpoint({ kubeconfig, context: "file" }, clock);
    assert.equal((await endpoint.credentials()).headers["authorization"], "Bearer from-file");
  });

  test("a program that fails is told with its words", async () => {
    writeFileSync(join(folder, "plugin"), "#!/bin/sh\necho 'please log in' >&2; exit 1\n");
    const endpoint = await kubeconfigEndpoint({ kubeconfig, context: "program" }, clock);
    await assert.rejects(endpoint.credentials(), (error: unknown) => {
      assert.ok(error instanceof SettingsError);
      assert.match(error.message, /please log in/);
      return true;
    });
  });

  for (const [name, settings, message] of [
    [
      "an unknown context",
      { kubeconfig, context: "x" },
      /no cluster for context "x"; it has plain, certificate/,
    ],
    ["a missing file", { kubeconfig: "/does/not/exist" }, /cannot read the kubeconfig: ENOENT/],
    [
      "a proxy",
      { kubeconfig, context: "proxied" },
      /is behind a proxy \(proxy-url\), which is not supported/,
    ],
  ] as const) {
    test(`is refused with the reason: ${name}`, async () => {
      await assert.rejects(connect(settings), (error: unknown) => {
        assert.ok(error instanceof SettingsError, String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }

  test("files, passwords and impersonation are as kubectl has them", async () => {
    writeFileSync(join(folder, "ca.crt"), "the CA in a file");
    const user = { username: "u", password: "p", as: "somebody", "client-certificate": "ca.crt" };
    const cluster = {
      server: "https://x",
      "certificate-authority": "ca.crt",
      "insecure-skip-tls-verify": true,
    };
    const other = join(folder, "other");
    writeFileSync(
      other,
      JSON.stringify({
        "current-context": "c",
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        clusters: [{ name: "c", cluster }],
        users: [{ name: "u", user }],
      }),
    );
    const endpoint = await kubeconfigEndpoint({ kubeconfig: other }, clock);
    assert.deepEqual(await endpoint.credentials(), {
      headers: { authorization: "Basic dTpw", "impersonate-user": "somebody" },
      tls: { ca: "the CA in a file", cert: "the CA in a file", rejectUnauthorized: false },
    });
  });

  test("of several files the first that names a thing counts, and some may be missing", async () => {
    const [before, own] = [process.env["KUBECONFIG"], join(folder, "own")];
    const user = { name: "plain", user: { token: "own" } };
    writeFileSync(own, JSON.stringify({ "current-context": "plain", users: [user] }));
    process.env["KUBECONFIG"] = [join(folder, "missing"), own, kubeconfig].join(delimiter);
    const endpoint = await kubeconfigEndpoint({}, clock);
    if (before === undefined) delete process.env["KUBECONFIG"];
    else process.env["KUBECONFIG"] = before;
    assert.equal(endpoint.url.host, "one.example:6443");
    assert.equal((await endpoint.credentials()).headers["authorization"], "Bearer own");
  });

  test("without the package that runs programs, is refused with what to install", () => {
    const script = `
      import { registerHooks } from "node:module";
      registerHooks({ resolve(name, context, next) {
        if (name === "@kubernetes/client-node") throw new Error("not installed");
        return next(name, context);
      } });
      const { connect } = await import(${JSON.stringify(join(import.meta.dirname, "connect.ts"))});
      await connect({ url: "https://x" });
      await connect({ kubeconfig: ${JSON.stringify(kubeconfig)} });
      await connect({ kubeconfig: ${JSON.stringify(kubeconfig)}, context: "program" }).catch((error) => console.log(error.message));`;
    const argv = [...process.execArgv, "--input-type=module", "--eval", script];
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8", env });
    assert.equal(
      stdout,
      "this user of the kubeconfig needs a package that is not installed: npm install @kubernetes/client-node\n",
      stderr,
    );
  });
});

test("a pod's service account is read without that package, its token anew every minute", async () => {
  const account = join(folder, "account");
  mkdirSync(account);
  writeFileSync(join(account, "ca.crt"), "the CA");
  writeFileSync(join(account, "namespace"), "team-b\n");
  writeFileSync(join(account, "token"), "one\n");
  process.env["KUBERNETES_SERVICE_HOST"] = "fd00::1";
  process.env["KUBERNETES_SERVICE_PORT"] = "443";
  let nowMs = 0;
  const endpoint = await clusterEndpoint({ ...systemClock, monotonicMs: () => nowMs }, account);
  delete process.env["KUBERNETES_SERVICE_HOST"];
  delete process.env["KUBERNETES_SERVICE_PORT"];
  const token = async (): Promise<string | undefined> =>
    (await endpoint.credentials()).headers["authorization"];
  assert.deepEqual([endpoint.url.href, endpoint.namespace], ["https://[fd00::1]/", "team-b"]);
  assert.equal(await token(), "Bearer one");
  writeFileSync(join(account, "token"), "two\n");
  assert.equal(await token(), "Bearer one");
  nowMs = limits.tokenFileEveryMs;
  assert.equal(await token(), "Bearer two");
  writeFileSync(join(account, "token"), "three\n");
  endpoint.refused?.();
  assert.equal(await token(), "Bearer three");
});

function configText(plugin: string): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const contexts = ["plain", "certificate", "program", "file", "proxied"];
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "plain",
    contexts: contexts.map((name) => ({
      name,
      context: { cluster: name === "proxied" ? "proxied" : "one", user: name, namespace: "team-a" },
    })),
    clusters: [
      {
        name: "one",
        cluster: {
          server: "https://one.example:6443",
          "certificate-authority-data": base64("the CA"),
          "tls-server-name": "inner.example",
        },
      },
      { name: "proxied", cluster: { server: "https://one.example", "proxy-url": "http://proxy.example" } },
    ],
    users: [
      { name: "plain", user: { token: "plain" } },
      {
        name: "certificate",
        user: {
          "client-certificate-data": base64("the certificate"),
          "client-key-data": base64("the key"),
        },
      },
      {
        name: "program",
        user: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: plugin } },
      },
      { name: "file", user: { tokenFile: "token" } },
      { name: "proxied", user: { token: "plain" } },
    ],
  });
}
