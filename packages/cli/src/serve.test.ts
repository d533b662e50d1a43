import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clock, type Config, type RunningServer, StartError } from "@leasehold/server";
import { serve, type ServeParts } from "./serve.ts";
import type { Surroundings } from "./surroundings.ts";

/** A process that does not run: what is said in it, and the signals and the time that it is given. */
class Stage implements Surroundings, Clock {
  readonly env: Record<string, string> = {};
  readonly said: string[] = [];
  readonly complaints: string[] = [];
  readonly exits: number[] = [];
  readonly #timers = new Map<() => void, number>();
  #heard: (() => void) | undefined;
  #nowMs = 0;

  say(line: string): void {
    this.said.push(line);
  }
  complain(line: string): void {
    this.complaints.push(line);
  }
  onStopSignal(heard: () => void): () => void {
    this.#heard = heard;
    return () => (this.#heard = undefined);
  }
  exit(code: number): void {
    this.exits.push(code);
  }
  signal(): void {
    assert.ok(this.#heard, "nobody listens for signals");
    this.#heard();
  }
  nowMs(): number {
    return this.#nowMs;
  }
  monotonicMs(): number {
    return this.#nowMs;
  }
  schedule(delayMs: number, run: () => void) {
    this.#timers.set(run, this.#nowMs + delayMs);
    return { cancel: () => void this.#timers.delete(run) };
  }
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const [run, atMs] of this.#timers) if (atMs <= this.#nowMs) run();
  }
}

interface Play {
  readonly argv?: readonly string[];
  readonly close?: () => Promise<void>;
  readonly refuse?: Error;
}

function play({ argv = ["--data-dir", "/data"], close = () => Promise.resolve(), refuse }: Play) {
  const stage = new Stage();
  const configs: Config[] = [];
  const parts: ServeParts = {
    clock: stage,
    createServer(config): Promise<RunningServer> {
      configs.push(config);
      if (refuse !== undefined) return Promise.reject(refuse);
      const { host } = config.listen;
      return Promise.resolve({ address: { host, port: 1234 }, url: `https://${host}:1234`, close });
    },
  };
  return { stage, configs, code: serve(argv, stage, parts) };
}

/** Lets everything happen that waits for nothing but its turn. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

test("once it serves, the address and the line to paste stand on stdout", async () => {
  const { stage, code } = play({});
  await settle();
  assert.deepEqual(stage.said, [
    "leasehold is ready at https://127.0.0.1:1234",
    "export KUBECONFIG=/data/admin.kubeconfig",
  ]);
  stage.signal();
  assert.equal(await code, 0);
  assert.deepEqual([stage.complaints, stage.exits], [[], []]);
});

test("a path with spaces and quotes can be pasted", async () => {
  const { stage, code } = play({ argv: ["--data-dir", "/it's here"] });
  await settle();
  assert.equal(stage.said[1], String.raw`export KUBECONFIG='/it'\''s here/admin.kubeconfig'`);
  stage.signal();
  await code;
});

test("a signal during the start stops the server once it is up", async () => {
  const { stage, code } = play({});
  stage.signal();
  assert.equal(await code, 0);
});

test("one keypress that arrives twice is one signal", async () => {
  const { stage, code } = play({});
  await settle();
  stage.signal();
  stage.signal();
  assert.equal(await code, 0);
  assert.deepEqual(stage.exits, []);
});

test("a second signal ends the process at once", async () => {
  const { stage, code } = play({ close: () => new Promise(() => {}) });
  void code;
  await settle();
  stage.signal();
  await settle();
  stage.advance(1000);
  assert.deepEqual(stage.exits, []);
  stage.signal();
  assert.deepEqual(stage.exits, [1]);
});

test("a server that does not come to rest is left within five seconds", async () => {
  const { stage, code } = play({ close: () => new Promise(() => {}) });
  await settle();
  stage.signal();
  await settle();
  stage.advance(4999);
  assert.equal(await code, 1);
  assert.deepEqual(stage.exits, [1]);
  assert.match(stage.complaints.join("\n"), /did not come to rest/);
});

const refusals = [
  {
    title: "a wrong flag",
    argv: ["--port", "1"],
    code: 2,
    says: "leasehold serve: unknown flag --port; --help lists them",
  },
  {
    title: "a setting that cannot be had",
    refuse: new StartError("setting", "cannot read /t.csv"),
    code: 2,
    says: "leasehold serve: cannot read /t.csv",
  },
  {
    title: "surroundings that are not right",
    refuse: new StartError("surroundings", "another server uses /data"),
    code: 1,
    says: "leasehold serve: another server uses /data",
  },
];

for (const { title, code, says, ...how } of refusals) {
  test(`${title} is one line on stderr and exit code ${code}`, async () => {
    const { stage, code: actual } = play(how);
    assert.equal(await actual, code);
    assert.deepEqual([stage.said, stage.complaints], [[], [says]]);
  });
}

test("what nobody expects is not swallowed", async () => {
  await assert.rejects(play({ refuse: new TypeError("a bug") }).code, TypeError);
});

for (const { argv, says } of [
  { argv: ["--help"], says: /--listen HOST:PORT/ },
  { argv: ["--version"], says: /^leasehold \d+\.\d+\.\d+/ },
]) {
  test(`${argv.join(" ")} answers on stdout without starting anything`, async () => {
    const { stage, configs, code } = play({ argv });
    assert.equal(await code, 0);
    assert.match(stage.said.join("\n"), says);
    assert.deepEqual(configs, []);
  });
}
