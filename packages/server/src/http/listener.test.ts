import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2, type ClientHttp2Session } from "node:http2";
import { request as requestHttps } from "node:https";
import { connect as connectSocket } from "node:net";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import type { Clock, Timer } from "../clock.ts";
import type { Handler, HttpAnswer } from "./exchange.ts";
import { exchangeBytes, makeCertificates, makeClient, startListener } from "./listener-fixture.ts";

const certificates = await makeCertificates();
const { tls } = certificates;

const whoAsks: Handler = ({ clientCertificate, protocol, remoteAddress }) => ({
  status: 200,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ clientCertificate, protocol, isLocal: remoteAddress.startsWith("127.0.0.1:") }),
});

test("one port speaks HTTP/1.1 and HTTP/2, by the client's choice", async (context) => {
  const { port } = await startListener(context, whoAsks, { tls });
  assert.deepEqual(await askHttp1(port), { protocol: "HTTP/1.1", isLocal: true });
  assert.deepEqual(await askHttp2(port), { protocol: "HTTP/2.0", isLocal: true });
});

test("a client certificate is believed when our authority signed it, and told apart when not", async (context) => {
  const { port } = await startListener(context, whoAsks, { tls });
  const ours = await makeClient(certificates.authority);
  const theirs = await makeClient((await makeCertificates()).authority);
  for (const ask of [askHttp1, askHttp2]) {
    const trusted = (await ask(port, ours))["clientCertificate"];
    assert.ok(typeof trusted === "object" && trusted !== null && "fingerprint" in trusted);
    assert.match(String(trusted.fingerprint), /^[0-9a-f]{64}$/);
    const { fingerprint: _one, ...rest } = trusted;
    assert.deepEqual(rest, { kind: "trusted", commonName: "ann", organizations: ["admins"] });
    const untrusted = (await ask(port, theirs))["clientCertificate"];
    assert.ok(typeof untrusted === "object" && untrusted !== null && "kind" in untrusted);
    assert.equal(untrusted.kind, "untrusted");
  }
});

test("a resumed TLS session still knows its certificate", async (context) => {
  const { port } = await startListener(context, whoAsks, { tls });
  const { certificatePem: cert, privateKeyPem: key } = await makeClient(certificates.authority);
  const options = { port, host: "127.0.0.1", ca: tls.clientCa, cert, key, ALPNProtocols: ["http/1.1"] };
  const ask = async (
    session?: Buffer,
  ): Promise<{ text: string; ticket: Buffer | undefined; isResumed: boolean }> => {
    const socket = connectTls({ ...options, ...(session !== undefined && { session }) });
    let ticket: Buffer | undefined;
    let isResumed = false;
    socket.on("session", (given) => (ticket = given));
    socket.once("secureConnect", () => (isResumed = socket.isSessionReused()));
    socket.write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    let text = "";
    for await (const chunk of socket) text += String(chunk);
    return { text, ticket, isResumed };
  };
  const first = await ask();
  const second = await ask(first.ticket);
  assert.ok(second.isResumed);
  assert.ok(second.text.includes('"commonName":"ann"'), second.text);
});

test("a certificate that has run out since the connection was opened is no longer believed", async (context) => {
  const clock = new StoppedClock();
  const { port } = await startListener(context, whoAsks, { tls, clock });
  const session = connectHttp2(`https://127.0.0.1:${port}`, {
    ca: tls.clientCa,
    ...pem(await makeClient(certificates.authority)),
  });
  context.after(() => session.close());
  clock.wallMs = Date.now();
  assert.equal(kindOf(await askSession(session)), "trusted");
  clock.wallMs += 20 * 365 * 24 * 60 * 60 * 1000;
  assert.equal(kindOf(await askSession(session)), "untrusted");
});

test("what a handler throws is a 500 for its client alone", async (context) => {
  const { port, unexpected } = await startListener(context, ({ path }) => {
    if (path === "/now") throw new Error("now");
    if (path === "/later") return Promise.reject(new Error("later"));
    return { status: 200, headers: {}, body: "fine" };
  });
  const bytes = ["/now", "/later", "/ok"].map((path) => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`).join("");
  const { received } = await exchangeBytes(port, bytes, (text) => text.endsWith("fine"));
  assert.deepEqual(received.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 500", "HTTP/1.1 500", "HTTP/1.1 200"]);
  assert.ok(received.includes('"reason":"InternalError"'));
  assert.deepEqual(unexpected.map(String), ["Error: now", "Error: later"]);
});

test("a stream is sent piece by piece, and ends in order", async (context) => {
  const gate = Promise.withResolvers<void>();
  const { port } = await startListener(context, () => {
    async function* pieces(): AsyncGenerator<string | Uint8Array> {
      yield "one\n";
      await gate.promise;
      yield Buffer.from("two\n");
    }
    return { status: 200, headers: {}, stream: pieces() };
  });
  const { received, hungUp } = await exchangeBytes(port, request("/"), (text) => {
    if (text.includes("one")) gate.resolve();
    return text.includes("0\r\n\r\n");
  });
  assert.ok(received.endsWith("\r\n\r\n4\r\none\n\r\n4\r\ntwo\n\r\n0\r\n\r\n"), received);
  assert.ok(!hungUp);
});

test("a stream that fails is cut short, so that nobody takes it for whole", async (context) => {
  const { port, unexpected } = await startListener(context, () => {
    async function* pieces(): AsyncGenerator<string> {
      yield "one\n";
      throw new Error("broken");
    }
    return { status: 200, headers: {}, stream: pieces() };
  });
  const { received, hungUp } = await exchangeBytes(port, request("/"));
  assert.ok(hungUp && !received.endsWith("0\r\n\r\n"));
  assert.deepEqual(unexpected.map(String), ["Error: broken"]);
});

test("when the client leaves, its signal aborts and its stream is returned", async (context) => {
  for (const leave of ["http1", "http2"] as const) {
    const aborted = Promise.withResolvers<void>();
    const returned = Promise.withResolvers<void>();
    const { port } = await startListener(
      context,
      ({ signal }) => {
        signal.addEventListener("abort", () => aborted.resolve());
        return { status: 200, headers: {}, stream: endless(() => returned.resolve()) };
      },
      { tls },
    );
    if (leave === "http1") await beginHttp1AndLeave(port);
    else await beginHttp2AndLeave(port);
    await Promise.all([aborted.promise, returned.promise]);
  }
});

test("a reader that does not read stops its source, and loses nothing by it", async (context) => {
  const piece = Buffer.alloc(64 * 1024);
  let pulled = 0;
  const { port } = await startListener(context, () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (; pulled < 1000; pulled++) {
        yield piece;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return { status: 200, headers: {}, stream: pieces() };
  });
  const socket = connectSocket(port, "127.0.0.1", () => socket.write(request("/")));
  socket.pause();
  let seen = -1;
  await until(async () => {
    const isStill = seen === pulled && pulled > 0;
    seen = pulled;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return isStill;
  });
  assert.ok(pulled < 500, `${pulled} pieces were taken of the source`);
  let bytes = 0;
  for await (const chunk of socket) {
    bytes += Buffer.byteLength(String(chunk), "latin1");
    if (pulled === 1000) socket.end();
  }
  assert.ok(bytes > 0);
});

test("a handler that finds no answer in time is answered for", async (context) => {
  const clock = new StoppedClock();
  const never = Promise.withResolvers<HttpAnswer>();
  const signals: AbortSignal[] = [];
  const { port } = await startListener(
    context,
    ({ signal }) => {
      signals.push(signal);
      return never.promise;
    },
    { clock },
  );
  const asked = exchangeBytes(port, request("/"), (text) => text.includes('"code":504'));
  await until(() => signals.length > 0);
  clock.pass(59_999);
  assert.equal(signals[0]?.aborted, false);
  clock.pass(1);
  const { received } = await asked;
  assert.match(received, /^HTTP\/1\.1 504 Gateway Timeout/);
  assert.ok(received.includes("Timeout: request did not complete within the allotted timeout"));
  assert.equal(signals[0]?.aborted, true);
});

test("bytes that are no HTTP/2 frames end their connection, and nobody else's", async (context) => {
  const { port, unexpected } = await startListener(context, whoAsks, { tls });
  const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  let seed = 7;
  const byte = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % 256;
  for (let round = 0; round < 40; round++) {
    const socket = connectTls({ port, host: "127.0.0.1", ca: tls.clientCa, ALPNProtocols: ["h2"] });
    socket.on("error", () => undefined);
    const frame = Buffer.from([
      0,
      0,
      16,
      byte() % 12,
      byte(),
      0,
      0,
      0,
      byte() % 8,
      ...Array.from({ length: 16 }, byte),
    ]);
    socket.write(Buffer.concat(round % 4 === 0 ? [frame] : [preface, settings, frame, frame]));
    await Promise.race([once(socket, "close"), new Promise((resolve) => setTimeout(resolve, 30))]);
    socket.destroy();
  }
  assert.deepEqual(await askHttp2(port), { protocol: "HTTP/2.0", isLocal: true });
  assert.deepEqual(unexpected, []);
});

test("closing lets answers in flight finish, and takes no new connections", async (context) => {
  const answers = [Promise.withResolvers<HttpAnswer>(), Promise.withResolvers<HttpAnswer>()];
  let asked = 0;
  const listener = await startListener(
    context,
    () => answers[asked++]?.promise ?? { status: 500, headers: {}, body: "" },
    {
      tls,
    },
  );
  const session = connectHttp2(`https://127.0.0.1:${listener.port}`, { ca: tls.clientCa });
  const goaway = once(session, "goaway");
  const both = [askHttp1(listener.port), askSession(session)];
  await until(() => asked === 2);
  const closed = listener.close();
  await goaway;
  await assert.rejects(askHttp1(listener.port), { code: "ECONNREFUSED" });
  for (const answer of answers) answer.resolve({ status: 200, headers: {}, body: '{"done":true}' });
  assert.deepEqual(await Promise.all(both), [{ done: true }, { done: true }]);
  await closed;
});

test("closing cuts what does not end by itself", async (context) => {
  const clock = new StoppedClock();
  let asked = 0;
  const listener = await startListener(
    context,
    () => {
      asked++;
      return { status: 200, headers: {}, stream: endless(() => undefined) };
    },
    { clock },
  );
  const stuck = exchangeBytes(listener.port, request("/"));
  await until(() => asked === 1);
  const closed = listener.close();
  clock.pass(5000);
  await closed;
  assert.ok((await stuck).hungUp);
});

/** Time that passes only when it is told to. */
class StoppedClock implements Clock {
  wallMs = 0;
  #nowMs = 0;
  #timers: { atMs: number; run: () => void }[] = [];

  nowMs(): number {
    return this.wallMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, run: () => void): Timer {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return { cancel: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    const due = this.#timers.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#timers = this.#timers.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { run } of due) run();
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

function request(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
}

/** A stream that waits for ever, as a watch without events does. */
function endless(onReturn: () => void): AsyncIterable<string> {
  const left = Promise.withResolvers<IteratorResult<string>>();
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => left.promise,
      return() {
        onReturn();
        left.resolve({ done: true, value: undefined });
        return left.promise;
      },
    }),
  };
}

interface Pem {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

function pem(client: Pem | undefined): { cert: string; key: string } | undefined {
  return client && { cert: client.certificatePem, key: client.privateKeyPem };
}

function askHttp1(port: number, client?: Pem): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const asking = requestHttps(
      { host: "127.0.0.1", port, ca: tls.clientCa, agent: false, ...pem(client) },
      (answer) => {
        let text = "";
        answer.on("data", (chunk) => (text += String(chunk)));
        answer.on("end", () => resolve(parse(text)));
      },
    );
    asking.on("error", reject);
    asking.end();
  });
}

async function askHttp2(port: number, client?: Pem): Promise<Record<string, unknown>> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: tls.clientCa, ...pem(client) });
  try {
    return await askSession(session);
  } finally {
    session.close();
  }
}

async function askSession(session: ClientHttp2Session): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of session.request({ ":path": "/" })) text += String(chunk);
  return parse(text);
}

function kindOf({ clientCertificate }: Record<string, unknown>): unknown {
  return typeof clientCertificate === "object" && clientCertificate !== null && "kind" in clientCertificate
    ? clientCertificate.kind
    : undefined;
}

function parse(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  assert.ok(typeof value === "object" && value !== null);
  return { ...value };
}

async function beginHttp1AndLeave(port: number): Promise<void> {
  const socket = connectTls({ port, host: "127.0.0.1", ca: tls.clientCa, ALPNProtocols: ["http/1.1"] });
  socket.write(request("/"));
  await once(socket, "data");
  socket.destroy();
}

async function beginHttp2AndLeave(port: number): Promise<void> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: tls.clientCa });
  const stream = session.request({ ":path": "/" });
  await once(stream, "response");
  session.destroy();
}
