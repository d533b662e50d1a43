// kubectl reads, describes, explains, watches and waits for leases.
import assert from "node:assert/strict";
import { test } from "node:test";
import { kubectl, lease, makeNamespace, needing, startKubectl } from "./kubectl.js";

test("version tells the server's", needing(), async () => {
  const { stdout } = await kubectl(["version", "-o", "json"]);
  assert.match(JSON.parse(stdout).serverVersion.gitVersion, /^v1\.\d+/);
});

test("api-resources and api-versions list leases and namespaces", needing(), async () => {
  const group = await kubectl([
    "api-resources",
    "--api-group=coordination.k8s.io",
    "-o",
    "wide",
    "--no-headers",
  ]);
  const words = group.stdout
    .split("\n")
    .find((line) => line.startsWith("leases "))
    .split(/\s+/);
  const verbs = "create,delete,deletecollection,get,list,patch,update,watch";
  assert.deepEqual(words.slice(1, 5), ["coordination.k8s.io/v1", "true", "Lease", verbs]);
  const core = await kubectl(["api-resources", "--api-group=", "--no-headers"]);
  assert.match(core.stdout, /^namespaces +ns +v1 +false +Namespace$/m);
  const versions = await kubectl(["api-versions"]);
  assert.match(versions.stdout, /^coordination\.k8s\.io\/v1$/m);
});

test("get prints the server's table", needing(), async (t) => {
  const space = await makeLeases(t);
  const table = (await space.kubectl(["get", "leases"])).stdout.split("\n").map((line) => line.split(/ +/));
  assert.deepEqual(table[0], ["NAME", "HOLDER", "AGE"]);
  assert.deepEqual(
    table.slice(1, 3).map((row) => row.slice(0, 2)),
    [
      ["one", "a"],
      ["two", "b"],
    ],
  );
  const wide = await space.kubectl(["get", "leases", "-o", "wide"]);
  assert.match(wide.stdout, /^NAME +HOLDER +AGE/);
  const labelled = await space.kubectl(["get", "leases", "--show-labels"]);
  assert.match(labelled.stdout, /^one +a +\S+ +tier=front$/m);
  const everywhere = await space.kubectl(["get", "leases", "-A"]);
  assert.match(everywhere.stdout, new RegExp(`^${space.name} +two +b +\\S+$`, "m"));
});

test("get prints objects in every other form", needing(), async (t) => {
  const space = await makeLeases(t);
  const get = async (...args) => (await space.kubectl(["get", "leases", ...args])).stdout;
  assert.equal(await get("-o", "name"), "lease.coordination.k8s.io/one\nlease.coordination.k8s.io/two\n");
  assert.equal(JSON.parse(await get("-o", "json")).items[0].spec.renewTime, "2026-02-03T04:05:06.123457Z");
  assert.match(await get("one", "-o", "yaml"), /^ {2}renewTime: "2026-02-03T04:05:06\.123457Z"$/m);
  assert.equal(await get("-o", "jsonpath={.items[*].spec.holderIdentity}"), "a b");
  assert.equal(await get("-o", "custom-columns=H:.spec.holderIdentity", "--no-headers"), "a\nb\n");
  assert.equal(await get("-l", "tier=front", "-o", "name"), "lease.coordination.k8s.io/one\n");
  assert.equal(
    await get("--field-selector=metadata.name=two", "-o", "name"),
    "lease.coordination.k8s.io/two\n",
  );
  assert.match(await get("--sort-by=.spec.holderIdentity"), /one[^]*two/);
});

test("get -w tells rows as they change", needing(), async (t) => {
  const space = await makeLeases(t);
  const next = space.start(["get", "leases", "-w", "--output-watch-events", "--no-headers"]);
  const rows = async (count) => {
    const read = [];
    while (read.length < count) read.push((await next()).split(/ +/).slice(0, 3).join(" "));
    return read;
  };
  assert.deepEqual(await rows(2), ["ADDED one a", "ADDED two b"]);
  await space.kubectl(["patch", "lease", "one", "--type=merge", "-p", `{"spec":{"holderIdentity":"c"}}`]);
  await space.kubectl(["delete", "lease", "two"]);
  assert.deepEqual(await rows(2), ["MODIFIED one c", "DELETED two b"]);
});

test("wait ends when a field has its value and when an object is gone", needing(), async (t) => {
  const space = await makeLeases(t);
  const wait = (condition) => space.kubectl(["wait", "lease/one", `--for=${condition}`, "--timeout=30s"]);
  const holds = wait("jsonpath={.spec.holderIdentity}=c");
  await space.kubectl(["patch", "lease", "one", "--type=merge", "-p", `{"spec":{"holderIdentity":"c"}}`]);
  assert.match((await holds).stdout, /lease\.coordination\.k8s\.io\/one condition met/);
  const gone = wait("delete");
  await space.kubectl(["delete", "lease", "one", "--wait=false"]);
  await gone;
  const never = ["wait", "lease/two", "--for=jsonpath={.spec.holderIdentity}=z", "--timeout=1s"];
  assert.match((await space.kubectl(never, { exit: 1 })).stderr, /timed out waiting/);
});

test("describe shows the fields of a lease", needing(), async (t) => {
  const space = await makeLeases(t);
  const { stdout } = await space.kubectl(["describe", "lease", "one"]);
  assert.match(stdout, /^Name: +one$/m);
  assert.match(stdout, /^ {2}Holder Identity: +a$/m);
});

test("explain knows the fields of a lease", needing("explain"), async () => {
  const whole = await kubectl(["explain", "leases"]);
  assert.match(whole.stdout, /^GROUP: +coordination\.k8s\.io\nKIND: +Lease\nVERSION: +v1\n/);
  const field = await kubectl(["explain", "lease.spec.leaseDurationSeconds"]);
  assert.match(field.stdout, /^FIELD: leaseDurationSeconds <integer>$/m);
  const deep = await kubectl(["explain", "lease", "--recursive"]);
  assert.match(deep.stdout, /^ {4}holderIdentity\t<string>$/m);
});

test("a list is read in chunks", needing(), async (t) => {
  const space = await makeLeases(t);
  const input = ["three", "four", "five"].map((name) => lease(name, "a")).join("---\n");
  await space.kubectl(["create", "-f", "-"], { input });
  const { stdout, stderr } = await space.kubectl(["get", "leases", "--chunk-size=2", "--no-headers", "-v=6"]);
  assert.equal(stdout.trim().split("\n").length, 5);
  assert.equal(stderr.match(/[?&]limit=2/g)?.length, 3);
});

test("get --raw and proxy pass requests on", needing(), async (t) => {
  const space = await makeLeases(t);
  assert.equal((await kubectl(["get", "--raw", "/readyz"])).stdout, "ok");
  const path = `/apis/coordination.k8s.io/v1/namespaces/${space.name}/leases`;
  assert.equal(JSON.parse((await kubectl(["get", "--raw", path])).stdout).items.length, 2);
  const ready = await startKubectl(t, ["proxy", "--port=0"])();
  const address = /127\.0\.0\.1:\d+/.exec(ready)[0];
  const answer = await fetch(`http://${address}${path}/one`);
  assert.equal((await answer.json()).spec.holderIdentity, "a");
});

test("auth tells who one is and what one may do", needing("reviews"), async (t) => {
  const space = await makeLeases(t);
  const me = JSON.parse((await kubectl(["auth", "whoami", "-o", "json"])).stdout);
  assert.ok(me.status.userInfo.groups.includes("system:masters"));
  assert.equal((await space.kubectl(["auth", "can-i", "delete", "leases"])).stdout, "yes\n");
  const list = await space.kubectl(["auth", "can-i", "--list"]);
  assert.match(list.stdout, /^\*\.\* +\[\] +\[\] +\[\*\]$/m);
});

test("somebody else, by impersonation, may only what roles allow", needing("reviews"), async (t) => {
  const space = await makeLeases(t);
  const asJane = (args, options) => space.kubectl(["--as=jane", ...args], options);
  const me = JSON.parse((await asJane(["auth", "whoami", "-o", "json"])).stdout);
  assert.equal(me.status.userInfo.username, "jane");
  const refused = await asJane(["get", "leases"], { exit: 1 });
  const reason =
    'User "jane" cannot list resource "leases" in API group "coordination.k8s.io" in the namespace';
  assert.ok(refused.stderr.includes(`leases.coordination.k8s.io is forbidden: ${reason} "${space.name}"`));
  await space.kubectl([
    "create",
    "role",
    "reader",
    "--verb=get,list,watch",
    "--resource=leases.coordination.k8s.io",
  ]);
  await space.kubectl(["create", "rolebinding", "reader", "--role=reader", "--user=jane"]);
  t.after(() => space.kubectl(["delete", "role,rolebinding", "--all"]));
  // The authorizer learns of a new binding by its own watch.
  for (let tries = 0; tries < 50; tries += 1) {
    const outcome = await asJane(["auth", "can-i", "list", "leases"]).then(
      () => "yes",
      () => "no",
    );
    if (outcome === "yes") break;
  }
  assert.match((await asJane(["get", "leases", "-o", "name"])).stdout, /one\n/);
  await asJane(["auth", "can-i", "delete", "leases"], { exit: 1 });
});

async function makeLeases(t) {
  const space = await makeNamespace(t);
  const input = `${lease("one", "a", "{tier: front}")}---\n${lease("two", "b")}`;
  await space.kubectl(["create", "-f", "-"], { input });
  return space;
}
