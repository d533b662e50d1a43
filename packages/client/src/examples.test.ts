import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { startTestServer, type TestServer } from "./testing/test-server-fixture.ts";

describe("the examples", { timeout: 120_000 }, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  test("of two leaders the second follows when the first is told to end", async (t) => {
    const first = example(t, "leader.ts", "two-leaders");
    await first.says(/A lease lasts \d+ s/);
    await first.says(/leading with token \d+/);
    const second = example(t, "leader.ts", "two-leaders");
    first.child.kill("SIGTERM");
    await first.says(/the elector was stopped/);
    assert.equal(await first.exit(), 0);
    await second.says(/leading with token \d+/);
    second.child.kill("SIGTERM");
    assert.equal(await second.exit(), 0);
  });

  test("work that is to be done once is done", async (t) => {
    const nightly = example(t, "once-a-night.ts", "nightly");
    assert.equal(await nightly.exit(), 0);
    await nightly.says(/page one, token (\d+)\npage two, token \1\npage three, token \1/);
  });

  test("workers see one another come and go", async (t) => {
    const one = example(t, "workers.ts", "worker-one");
    await one.says(/worker-one sees all/);
    const two = example(t, "workers.ts", "worker-two");
    await two.says(/worker-two sees all/);
    await one.says(/worker-two joined/);
    two.child.kill("SIGTERM");
    assert.equal(await two.exit(), 0);
    await one.says(/worker-two left/);
  });

  function example(t: TestContext, file: string, name: string): Example {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const path = join(import.meta.dirname, "../examples", file);
    const child = spawn(process.execPath, [...process.execArgv, path, name], {
      env: { ...env, KUBECONFIG: server.kubeconfig },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    t.after(async () => {
      child.kill("SIGKILL");
      await exited;
    });
    let heard = "";
    child.stdout.on("data", (piece: Buffer) => (heard += piece.toString()));
    return {
      child,
      async says(pattern) {
        while (!pattern.test(heard)) {
          assert.ok(!child.stdout.closed, `it ended after saying:\n${heard}`);
          await Promise.race([once(child.stdout, "data"), once(child.stdout, "close")]);
        }
      },
      async exit() {
        await exited;
        return child.exitCode;
      },
    };
  }
});

interface Example {
  readonly child: ChildProcess;
  /** Resolves when what it has said so far matches. */
  says(pattern: RegExp): Promise<void>;
  /** Resolves with its exit code. */
  exit(): Promise<number | null>;
}
