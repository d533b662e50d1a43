import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { startEtcd, withoutEtcd } from "./etcd-process-fixture.ts";

test("members stop, start again and leave nothing behind", { skip: withoutEtcd() }, async () => {
  const etcd = await startEtcd({ members: 3 });
  try {
    const [first] = etcd.members;
    assert.ok(first);
    assert.equal(await health(first.url), "true");
    await first.kill();
    assert.equal(first.pid, undefined);
    await first.start();
    assert.equal(await health(first.url), "true");
    await first.stop();
    await first.start();
    first.pause();
    first.resume();
    assert.equal(await health(first.url), "true");
  } finally {
    await etcd.close();
  }
  assert.deepEqual(
    etcd.members.map(({ dataDir }) => existsSync(dataDir)),
    [false, false, false],
  );
});

test("an etcd that does not start says why", { skip: withoutEtcd() }, async () => {
  await assert.rejects(startEtcd({ args: ["--election-timeout=100"] }), /election-timeout/);
  await assert.rejects(startEtcd({ binary: "/no/such/etcd" }), /ENOENT/);
});

async function health(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/health`);
  const body = (await answer.json()) as { readonly health?: unknown };
  return body.health;
}
