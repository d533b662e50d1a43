import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { Handler } from "./exchange.ts";
import { exchangeBytes, startListener } from "./listener-fixture.ts";

const json: Handler = () => ({
  status: 200,
  headers: { "Content-Type": "application/json" },
  stream: saying("one", "two"),
  messages: "text",
});

async function* saying(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const upgrade = "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n";
const version = "Sec-WebSocket-Version: 13\r\n";
const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const origin = "Origin: https://x\r\n";
const switched =
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
const said = "\x81\x03one\x81\x03two";
const bye = "\x88\x02\x03\xe8";

const watchWith = (headers: string): string => `GET /?watch=1 HTTP/1.1\r\nHost: h\r\n${headers}\r\n`;

/** As a kube-apiserver 1.36.3 answers the same bytes. */
const handshakes: readonly (readonly [headers: string, received: string])[] = [
  [upgrade + version + key + origin, `${switched}\r\n${said}${bye}`],
  [`${upgrade + version + key}Origin: /a\r\n`, `${switched}\r\n${said}${bye}`],
  [
    `${upgrade + version + key + origin}Sec-WebSocket-Protocol: a\r\n`,
    `${switched}Sec-WebSocket-Protocol: a\r\n\r\n${said}${bye}`,
  ],
  [
    `${upgrade + version + key + origin}Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.YQ, a\r\n`,
    `${switched}Sec-WebSocket-Protocol: a\r\n\r\n${said}${bye}`,
  ],
  [
    `${upgrade + version + key + origin}Sec-WebSocket-Protocol: a, base64url.bearer.authorization.k8s.io.YQ, b\r\n`,
    "HTTP/1.1 400 Bad Request\r\n\r\n",
  ],
  [`${upgrade + version + key + origin}Sec-WebSocket-Protocol: a, b\r\n`, "HTTP/1.1 400 Bad Request\r\n\r\n"],
  [upgrade + version + origin, "HTTP/1.1 400 Bad Request\r\n\r\nmismatch challenge/response"],
  [
    upgrade + key + origin,
    "HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\n\r\nmissing or bad WebSocket Version",
  ],
  [upgrade + version + key, "HTTP/1.1 403 Forbidden\r\n\r\n"],
  [`${upgrade + version + key}Origin: null\r\n`, "HTTP/1.1 403 Forbidden\r\n\r\n"],
];

test("a watch is told over a WebSocket to a client that shakes hands properly, a message for each event", async (context) => {
  const { port, unexpected } = await startListener(context, json);
  for (const [headers, expected] of handshakes) {
    const { received, hungUp } = await exchangeBytes(port, watchWith(headers));
    assert.equal(received, expected, headers);
    assert.ok(hungUp);
  }
  assert.deepEqual(unexpected, []);
});

const masked = (head: string, payload: string): string =>
  `${head}abcd${Array.from(payload, (char, at) => String.fromCharCode(char.charCodeAt(0) ^ "abcd".charCodeAt(at % 4))).join("")}`;

/** What a client sends during a watch without end, and what it is told after that. */
const frames: readonly (readonly [name: string, sent: string, received: string])[] = [
  [
    "a ping is answered with what it holds",
    masked("\x89\x82", "hi") + masked("\x88\x80", ""),
    `\x8a\x02hi${bye}`,
  ],
  [
    "of a long ping only a part is sent back",
    masked("\x89\xfe\x00\x80", "p".repeat(128)) + masked("\x88\x80", ""),
    `\x8a\x7d${"p".repeat(125)}${bye}`,
  ],
  [
    "messages are read and forgotten",
    masked("\x81\xfe\x00\x80", "m".repeat(128)) + masked("\x88\x82", "\x03\xe8"),
    bye,
  ],
  ["frames that are not masked end it", "\x81\x02hi", `\x88\x02\x03\xea${bye}`],
  ["a message beyond the bound ends it", "\x82\xff\x00\x00\x00\x00\x03\x00\x00\x00abcd", bye],
];

for (const [name, sent, expected] of frames) {
  test(`what a client says over a WebSocket: ${name}`, async (context) => {
    const ended = Promise.withResolvers<void>();
    const { port } = await startListener(context, ({ signal }) => ({
      status: 200,
      headers: {},
      stream: untilAborted(signal, ended.resolve),
      messages: "text",
    }));
    const head = Buffer.from(watchWith(upgrade + version + key + origin));
    const { received } = await exchangeBytes(port, Buffer.concat([head, Buffer.from(sent, "latin1")]));
    assert.equal(received, `${switched}\r\n${expected}`);
    await ended.promise;
  });
}

test("an answer that is no watch is sent as it is, and the connection goes on", async (context) => {
  const { port, unexpected } = await startListener(context, ({ query }) => ({
    status: 403,
    headers: {},
    body: query,
  }));
  const asked = (more: string, connection = upgrade): string =>
    `GET /?watch=${more} HTTP/1.1\r\nHost: h\r\n${connection}${version}${key}${origin}\r\n`;
  // More often than Node lets listeners gather on a socket without a warning.
  const often = Array.from({ length: 12 }, (_, at) => String(at));
  const last = asked("last", "Connection: close, Upgrade\r\nUpgrade: websocket\r\n");
  const { received, hungUp } = await exchangeBytes(port, often.map((at) => asked(at)).join("") + last);
  const bodies = received.split(/HTTP\/1\.1 403 Forbidden\r\n[^]*?\r\n\r\n/);
  assert.deepEqual(bodies, ["", ...often.map((at) => `watch=${at}`), "watch=last"]);
  assert.equal(received.split("Connection: close\r\n").length, 2);
  assert.ok(hungUp);
  assert.deepEqual(unexpected, []);
});

// oxlint-disable-next-line require-yield -- a watch of which nothing becomes has nothing to tell
async function* untilAborted(signal: AbortSignal, ended: () => void): AsyncGenerator<Uint8Array> {
  try {
    if (!signal.aborted) await once(signal, "abort");
  } finally {
    ended();
  }
}
