// kubectl creates, applies, patches, edits, labels, annotates, replaces and deletes leases.
import assert from "node:assert/strict";
import { test } from "node:test";
import { kubectl, lease, makeNamespace, needing } from "./kubectl.js";

const leaseName = "lease.coordination.k8s.io";
const holder = ["get", "lease", "one", "-o", "jsonpath={.spec.holderIdentity}"];

test("create makes each object of a file once", needing(), async (t) => {
  const space = await makeNamespace(t);
  const input = `${lease("one", "a")}---\n${lease("two", "b")}`;
  const made = await space.kubectl(["create", "-f", "-"], { input });
  assert.equal(made.stdout, `${leaseName}/one created\n${leaseName}/two created\n`);
  const again = await space.kubectl(["create", "-f", "-"], { input: lease("one", "a"), exit: 1 });
  assert.match(
    again.stderr,
    /Error from server \(AlreadyExists\).*leases\.coordination\.k8s\.io "one" already exists/,
  );
});

test("create refuses a field that does not exist and a value that is not allowed", needing(), async (t) => {
  const space = await makeNamespace(t);
  const unknown = lease("one", "a").replace("leaseDurationSeconds", "duration");
  const strict = await space.kubectl(["create", "-f", "-"], { input: unknown, exit: 1 });
  assert.match(strict.stderr, /unknown field "spec.duration"/);
  const wrong = lease("one", "a").replace("15", "-15");
  const invalid = await space.kubectl(["create", "-f", "-"], { input: wrong, exit: 1 });
  assert.match(
    invalid.stderr,
    /The Lease "one" is invalid: spec.leaseDurationSeconds: Invalid value: -15: must be greater than 0/,
  );
});

test("create in a dry run of the server makes nothing", needing(), async (t) => {
  const space = await makeNamespace(t);
  const dry = await space.kubectl(["create", "-f", "-", "--dry-run=server"], { input: lease("one", "a") });
  assert.equal(dry.stdout, `${leaseName}/one created (server dry run)\n`);
  await space.kubectl(["get", "lease", "one"], { exit: 1 });
});

test("apply creates, changes, leaves alone and takes away what was applied before", needing(), async (t) => {
  const space = await makeNamespace(t);
  const apply = async (input) => (await space.kubectl(["apply", "-f", "-"], { input })).stdout.trim();
  assert.equal(await apply(lease("one", "a", "{tier: front}")), `${leaseName}/one created`);
  assert.equal(await apply(lease("one", "a", "{tier: front}")), `${leaseName}/one unchanged`);
  assert.equal(await apply(lease("one", "b")), `${leaseName}/one configured`);
  const read = JSON.parse((await space.kubectl(["get", "lease", "one", "-o", "json"])).stdout);
  assert.deepEqual([read.spec.holderIdentity, read.metadata.labels], ["b", undefined]);
  assert.ok(read.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]);
});

test(
  "apply on the server names whose field it would take, and takes it by force",
  needing("apply"),
  async (t) => {
    const space = await makeNamespace(t);
    const apply = ["apply", "--server-side", "-f", "-"];
    const made = await space.kubectl([...apply, "--field-manager=first"], { input: lease("one", "a") });
    assert.equal(made.stdout, `${leaseName}/one serverside-applied\n`);
    const input = lease("one", "b");
    const refused = await space.kubectl([...apply, "--field-manager=second"], { input, exit: 1 });
    assert.match(refused.stderr, /conflict with "first": \.spec\.holderIdentity/);
    await space.kubectl([...apply, "--field-manager=second", "--force-conflicts"], { input });
    assert.equal((await space.kubectl(holder)).stdout, "b");
  },
);

test("apply on the server takes over what was applied by the client", needing("apply"), async (t) => {
  const space = await makeNamespace(t);
  await space.kubectl(["apply", "-f", "-"], { input: lease("one", "a", "{tier: front}") });
  await space.kubectl(["apply", "--server-side", "-f", "-"], { input: lease("one", "b") });
  const read = JSON.parse((await space.kubectl(["get", "lease", "one", "-o", "json"])).stdout);
  assert.deepEqual([read.spec.holderIdentity, read.metadata.labels], ["b", undefined]);
});

test("diff shows what apply would change", needing("explain"), async (t) => {
  const space = await makeNamespace(t);
  await space.kubectl(["apply", "-f", "-"], { input: lease("one", "a") });
  await space.kubectl(["diff", "-f", "-"], { input: lease("one", "a") });
  const { stdout } = await space.kubectl(["diff", "-f", "-"], { input: lease("one", "b"), exit: 1 });
  assert.match(stdout, /^-  holderIdentity: a$/m);
  assert.match(stdout, /^\+  holderIdentity: b$/m);
});

test("diff on the server shows what a server-side apply would change", needing("apply"), async (t) => {
  const space = await makeNamespace(t);
  await space.kubectl(["apply", "--server-side", "-f", "-"], { input: lease("one", "a") });
  const { stdout } = await space.kubectl(["diff", "--server-side", "-f", "-"], {
    input: lease("one", "b"),
    exit: 1,
  });
  assert.match(stdout, /^\+  holderIdentity: b$/m);
});

for (const [type, patch] of [
  ["json", `[{"op":"replace","path":"/spec/holderIdentity","value":"b"}]`],
  ["merge", `{"spec":{"holderIdentity":"b"}}`],
  ["strategic", `{"spec":{"holderIdentity":"b"}}`],
]) {
  test(`patch of type ${type} changes what it names, once`, needing(), async (t) => {
    const space = await makeNamespace(t);
    await space.kubectl(["create", "-f", "-"], { input: lease("one", "a") });
    const run = ["patch", "lease", "one", `--type=${type}`, "-p", patch];
    assert.equal((await space.kubectl(run)).stdout, `${leaseName}/one patched\n`);
    assert.equal((await space.kubectl(holder)).stdout, "b");
    assert.equal((await space.kubectl(run)).stdout, `${leaseName}/one patched (no change)\n`);
  });
}

test("edit sends what the editor changed", needing(), async (t) => {
  const space = await makeNamespace(t);
  await space.kubectl(["create", "-f", "-"], { input: lease("one", "a") });
  const env = { KUBE_EDITOR: "sed -i s/holderIdentity:.*/holderIdentity:\\ b/" };
  const edited = await space.kubectl(["edit", "lease", "one"], { env });
  assert.equal(edited.stdout, `${leaseName}/one edited\n`);
  assert.equal((await space.kubectl(holder)).stdout, "b");
});

test("label and annotate add, refuse to overwrite, overwrite and remove", needing(), async (t) => {
  const space = await makeNamespace(t);
  await space.kubectl(["create", "-f", "-"], { input: lease("one", "a") });
  for (const [verb, field] of [
    ["label", "labels"],
    ["annotate", "annotations"],
  ]) {
    const value = async () =>
      (await space.kubectl(["get", "lease", "one", "-o", `jsonpath={.metadata.${field}.x}`])).stdout;
    await space.kubectl([verb, "lease", "one", "x=1"]);
    const refused = await space.kubectl([verb, "lease", "one", "x=2"], { exit: 1 });
    assert.match(refused.stderr, /--overwrite is false/);
    await space.kubectl([verb, "lease", "one", "x=2", "--overwrite"]);
    assert.equal(await value(), "2");
    await space.kubectl([verb, "lease", "one", "x-"]);
    assert.equal(await value(), "");
  }
});

test("replace writes the whole object, and by force makes it anew", needing(), async (t) => {
  const space = await makeNamespace(t);
  await space.kubectl(["create", "-f", "-"], { input: lease("one", "a", "{tier: front}") });
  const uid = ["get", "lease", "one", "-o", "jsonpath={.metadata.uid}"];
  const before = (await space.kubectl(uid)).stdout;
  await space.kubectl(["replace", "-f", "-"], { input: lease("one", "b") });
  assert.equal((await space.kubectl(holder)).stdout, "b");
  assert.equal((await space.kubectl(uid)).stdout, before);
  await space.kubectl(["replace", "--force", "-f", "-"], { input: lease("one", "c") });
  assert.equal((await space.kubectl(holder)).stdout, "c");
  assert.notEqual((await space.kubectl(uid)).stdout, before);
});

test("delete takes one by name, some by label and then all", needing(), async (t) => {
  const space = await makeNamespace(t);
  const names = async () => (await space.kubectl(["get", "leases", "-o", "name"])).stdout;
  const input = ["one", "two", "three", "four"].map((name) =>
    lease(name, "a", name === "two" ? "{tier: front}" : undefined),
  );
  await space.kubectl(["create", "-f", "-"], { input: input.join("---\n") });
  const gone = await space.kubectl(["delete", "lease", "one"]);
  assert.match(gone.stdout, /^lease\.coordination\.k8s\.io "one" deleted/);
  await space.kubectl(["delete", "leases", "-l", "tier=front"]);
  assert.equal(await names(), `${leaseName}/four\n${leaseName}/three\n`);
  await space.kubectl(["delete", "leases", "--all"]);
  assert.equal(await names(), "");
  const absent = await space.kubectl(["delete", "lease", "one"], { exit: 1 });
  assert.match(
    absent.stderr,
    /Error from server \(NotFound\): leases\.coordination\.k8s\.io "one" not found/,
  );
  await space.kubectl(["delete", "lease", "one", "--ignore-not-found"]);
});

// A kube-apiserver leaves this to kube-controller-manager, and alone keeps the namespace for ever.
test("delete of a namespace ends when it and its leases are gone", needing("draining"), async (t) => {
  const name = `interop-drain-${process.pid}`;
  await kubectl(["create", "namespace", name]);
  await kubectl(["create", "-n", name, "-f", "-"], { input: lease("one", "a") });
  await kubectl(["delete", "namespace", name, "--timeout=30s"]);
  await kubectl(["get", "namespace", name], { exit: 1 });
  t.diagnostic(`${name} is gone`);
});
