import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  type CliEnd,
  eventually,
  leaseOf,
  runCli,
  startCli,
  startTestApi,
  type TestApi,
} from "./testing/cli-process-fixture.ts";

let api: TestApi;
before(async () => {
  api = await startTestApi();
});
after(() => api.close());

function cli(...argv: readonly string[]): Promise<CliEnd> {
  return runCli([...argv, "-n", api.namespace], api.env);
}

test("get shows one lease as a table, as JSON, as YAML and by its name", async () => {
  await api.leases.create(leaseOf("shown", { holderIdentity: "me", leaseDurationSeconds: 15 }));
  const table = await cli("get", "shown");
  assert.match(table.stdout, /^NAME +HOLDER +RENEWED +EXPIRES +AGE\nshown +me +\d+s\n$/);
  const json = JSON.parse((await cli("get", "shown", "-o", "json")).stdout) as Record<string, unknown>;
  assert.equal(json["kind"], "Lease");
  assert.deepEqual(json["spec"], { holderIdentity: "me", leaseDurationSeconds: 15 });
  assert.match((await cli("get", "shown", "--output=yaml")).stdout, /\n {2}holderIdentity: me\n/);
  assert.equal((await cli("get", "shown", "-oname")).stdout, "lease.coordination.k8s.io/shown\n");
});

test("get lists a namespace, and all of them", async () => {
  await api.leases.create(leaseOf("listed"));
  const list = JSON.parse((await cli("get", "-o", "json")).stdout) as { readonly items: readonly unknown[] };
  assert.ok(list.items.length > 0);
  assert.match((await cli("get")).stdout, /^NAME .*\n(.*\n)*listed +<none> +\d+s\n/);
  const all = await runCli(["get", "-A"], api.env);
  assert.match(all.stdout, new RegExp(`^NAMESPACE +NAME .*\n(.*\n)*${api.namespace} +listed `));
});

test("get of what is not there is one line and 1", async () => {
  const { code, stdout, stderr } = await cli("get", "absent");
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(stderr, /^leasehold get: leases\.coordination\.k8s\.io "absent" not found\n$/);
});

test("who prints a holder that renews", async () => {
  await api.leases.create(leaseOf("lively", { holderIdentity: "me", leaseDurationSeconds: 3600 }));
  const who = startCli(["who", "lively", "-n", api.namespace], api.env);
  const over = new AbortController();
  void who.ended.then(() => over.abort());
  for (let leaseTransitions = 1; !over.signal.aborted; leaseTransitions += 1) {
    const { metadata, spec } = await api.leases.get("lively");
    await api.leases.replace({ ...leaseOf("lively", { ...spec, leaseTransitions }), metadata });
  }
  const { code, stdout } = await who.ended;
  assert.deepEqual({ code, stdout }, { code: 0, stdout: "me\n" });
});

test("who exits with 1 when the lease is absent, empty or expired", async () => {
  assert.equal((await cli("who", "absent")).code, 1);
  await api.leases.create(leaseOf("empty", { holderIdentity: "" }));
  assert.equal((await cli("who", "empty")).code, 1);
  await api.leases.create(leaseOf("dead", { holderIdentity: "gone", leaseDurationSeconds: 1 }));
  const { code, stdout } = await cli("who", "dead");
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.equal((await cli("who", "dead", "--recorded")).stdout, "gone\n");
});

test("who exits with 125 when the server cannot be asked", async () => {
  const { code, stderr } = await runCli(["who", "x", "--server", "http://127.0.0.1:1"]);
  assert.equal(code, 125);
  assert.match(stderr, /^leasehold who: .*nothing listens there.*\n$/);
});

test("watch tells what is there, what changes, what expires and what goes", async () => {
  const watch = startCli(["watch", "seen", "-n", api.namespace], api.env);
  await eventually(() => watch.said.stdout.includes("NAME"));
  await api.leases.create(leaseOf("unseen"));
  await api.leases.create(leaseOf("seen", { holderIdentity: "me", leaseDurationSeconds: 1 }));
  await eventually(() => /seen +me +1s/.test(watch.said.stdout));
  await eventually(() => /seen +me +expired/.test(watch.said.stdout));
  await api.leases.delete("seen");
  await eventually(() => /seen +me +deleted/.test(watch.said.stdout));
  assert.doesNotMatch(watch.said.stdout, /unseen/);
  watch.kill("SIGINT");
  assert.equal((await watch.ended).signal, "SIGINT");
});

test("watch writes a document for each change", async () => {
  const watch = startCli(["watch", "-n", api.namespace, "-o", "name"], api.env);
  await api.leases.create(leaseOf("named"));
  await eventually(() => watch.said.stdout.includes("lease.coordination.k8s.io/named\n"));
  watch.kill("SIGTERM");
  await watch.ended;
});

const wrong = [
  { argv: ["get", "--token", "x"], says: "leasehold get: --token needs --server" },
  {
    argv: ["get", "--certificate-authority", "x"],
    says: "leasehold get: --certificate-authority needs --server",
  },
  {
    argv: ["get", "--server", "ftp://x"],
    says: 'leasehold get: "ftp://x" is not the URL of a server: https://host:port is',
  },
  { argv: ["get", "-o", "xml"], says: 'leasehold get: --output needs one of json, yaml, name, not "xml"' },
  { argv: ["get", "x", "-A"], says: "leasehold get: a lease is named within its namespace, not within all" },
  { argv: ["who"], says: "leasehold who: the name of a lease is missing" },
];

for (const { argv, says } of wrong) {
  test(`${argv.join(" ")} is refused with 2`, async () => {
    const { code, stderr } = await runCli(argv, api.env);
    assert.deepEqual({ code, stderr }, { code: 2, stderr: `${says}\n` });
  });
}
