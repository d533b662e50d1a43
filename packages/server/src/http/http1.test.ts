import assert from "node:assert/strict";
import { test } from "node:test";
import type { Handler, RequestBody } from "./exchange.ts";
import { exchangeBytes, startListener } from "./listener-fixture.ts";

const echo: Handler = async (request) => {
  const { method, path, query, headers } = request;
  const body = method === "POST" ? describe(await request.readBody(8)) : "";
  return {
    status: 200,
    headers: { "Content-Type": "text/plain" },
    body: `${method} ${path} ${query} ${JSON.stringify(headers["x-a"])} ${body}`,
  };
};

function describe(body: RequestBody): string {
  return body.kind === "read" ? `read ${Buffer.from(body.bytes).toString()}` : body.kind;
}

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`;
const post = (more: string): string => `POST / HTTP/1.1\r\nHost: h\r\n${more}`;

/** The first line, and the last where it matters, as a kube-apiserver 1.36.3 answers the same bytes. */
const refused: readonly (readonly [bytes: string, statusLine: string])[] = [
  ["\0\u0001\u0002\r\n\r\n", "400 Bad Request"],
  ["GET / HTTP/1.1\r\n\r\n", "400 Bad Request: missing required Host header"],
  ["GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 Bad Request"],
  ["GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400 Bad Request: malformed Host header"],
  [get("version"), "400 Bad Request"],
  [get("/a%zz"), "400 Bad Request"],
  [get("/a b"), "400 Bad Request"],
  ["GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505 HTTP Version Not Supported: unsupported protocol version"],
  [post("Content-Length: abc\r\n\r\n"), "400 Bad Request"],
  [post("Content-Length: -1\r\n\r\n"), "400 Bad Request"],
  [post("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), "400 Bad Request"],
  ["GET / HTTP/1.1\r\nHost: h\r\nfoo bar\r\n\r\n", "400 Bad Request"],
  ["GET / HTTP/1.1\r\nHost: h\r\nX: a\u0001b\r\n\r\n", "400 Bad Request"],
  [`GET / HTTP/1.1\r\nHost: h\r\nX: ${"a".repeat(1_200_000)}\r\n\r\n`, "431 Request Header Fields Too Large"],
];

test("bytes that are no request are refused in Go's words, and the connection ends", async (context) => {
  const { port, unexpected } = await startListener(context, echo);
  for (const [bytes, statusLine] of refused) {
    const { received, hungUp } = await exchangeBytes(port, bytes);
    const head = `HTTP/1.1 ${statusLine}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n`;
    assert.equal(received, head + statusLine, bytes.slice(0, 60));
    assert.ok(hungUp);
  }
  assert.deepEqual(unexpected, []);
});

test("a target keeps its escapes, loses its authority, and is split at the first question mark", async (context) => {
  const { port } = await startListener(context, echo);
  const targets: readonly (readonly [target: string, seen: string])[] = [
    ["/a%2Fb?c=%zz?d", "GET /a%2Fb c=%zz?d"],
    ["http://foo/version", "GET /version "],
    ["http://foo", "GET / "],
    ["//a/../b", "GET //a/../b "],
    ["/?", "GET / "],
    ["*", "GET * "],
  ];
  for (const [target, seen] of targets) {
    const { received } = await exchangeBytes(port, get(target), (text) => text.includes("undefined"));
    assert.ok(received.includes(`\r\n\r\n${seen} undefined`), `${target}: ${received}`);
  }
});

test("an answer carries what every answer of kube-apiserver carries, and the connection goes on", async (context) => {
  const { port } = await startListener(context, echo);
  const twice = get("/1") + get("/2").replace("Host", "Audit-Id: mine\r\nHost");
  const { received } = await exchangeBytes(port, twice, (text) => text.includes("GET /2"));
  assert.match(
    received,
    /^HTTP\/1\.1 200 OK\r\nAudit-Id: [0-9a-f-]{36}\r\nCache-Control: no-cache, private\r\n/,
  );
  assert.match(
    received,
    /Content-Type: text\/plain\r\nContent-Length: 18\r\nDate: [^\r]+ GMT\r\n\r\nGET \/1/,
  );
  assert.match(received, /Audit-Id: mine\r\n/);
  assert.doesNotMatch(received, /Connection|Keep-Alive/);
});

test("repeated headers are kept apart", async (context) => {
  const { port } = await startListener(context, echo);
  const bytes = "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1, 2\r\nx-a: 3\r\n\r\n";
  const { received } = await exchangeBytes(port, bytes, (text) => text.includes("3"));
  assert.ok(received.includes('["1, 2","3"]'), received);
});

test("a body is read up to its bound, however it comes", async (context) => {
  const { port } = await startListener(context, echo);
  const bodies: readonly (readonly [bytes: string, body: string])[] = [
    [post("Content-Length: 8\r\n\r\n12345678"), "read 12345678"],
    [post("Content-Length: 9\r\n\r\n123456789"), "too-large"],
    [post("Content-Length: 100000000\r\n\r\n1"), "too-large"],
    [post("Content-Length: 0\r\n\r\n"), "read "],
    [post("\r\n"), "read "],
    [post("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "read abcde"],
    [post("Transfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n"), "too-large"],
  ];
  for (const [bytes, body] of bodies) {
    const { received } = await exchangeBytes(port, bytes, (text) => text.endsWith(body));
    assert.ok(received.endsWith(body), `${bytes}: ${received}`);
  }
});

test("a client that waits for 100 Continue is told when its body is wanted, and not before", async (context) => {
  const { port } = await startListener(context, (request) =>
    request.path === "/wanted" ? echo(request) : { status: 403, headers: {}, body: "no" },
  );
  const expecting = (path: string): string =>
    `POST ${path} HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`;
  const wanted = await exchangeBytes(port, expecting("/wanted"), (text) => text.includes("\r\n\r\n"));
  assert.equal(wanted.received, "HTTP/1.1 100 Continue\r\n\r\n");
  const unwanted = await exchangeBytes(port, expecting("/other"));
  assert.match(unwanted.received, /^HTTP\/1\.1 403 Forbidden\r\n/);
  const other = post("Expect: tea\r\nContent-Length: 2\r\n\r\n{}");
  assert.match((await exchangeBytes(port, other)).received, /^HTTP\/1\.1 417 Expectation Failed\r\n/);
});

test("HEAD is answered without a body, and OPTIONS of the server without a handler", async (context) => {
  const { port } = await startListener(context, echo);
  const isHead = (text: string): boolean => text.includes("\r\n\r\n");
  const head = await exchangeBytes(port, get("/").replace("GET", "HEAD"), isHead);
  assert.match(head.received, /Content-Length: 18\r\n[^]*\r\n\r\n$/);
  const options = await exchangeBytes(port, get("*").replace("GET", "OPTIONS"), isHead);
  assert.match(options.received, /^HTTP\/1\.1 200 OK\r\nContent-Length: 0\r\n/);
});

test("header values cannot break out of their line", async (context) => {
  const { port } = await startListener(context, () => ({
    status: 200,
    headers: { Warning: ["a\r\nSet-Cookie: x", "ü"] },
    body: "ö",
  }));
  const { received } = await exchangeBytes(port, get("/"), (text) => text.endsWith("¶"));
  assert.match(received, /Warning: a {2}Set-Cookie: x\r\nWarning: Ã¼\r\n[^]*\r\n\r\nÃ¶$/);
});

test("arbitrary bytes end in an answer or a closed connection, and the next client is served", async (context) => {
  const { port, unexpected } = await startListener(context, echo);
  const pieces = [
    get("/"),
    post("Content-Length: 4\r\n\r\n"),
    "\r\n",
    "HTTP/1.1",
    "\0",
    "ÿ",
    "Transfer-Encoding: chunked\r\n",
    "ffffffffffffffff\r\n",
    ":",
    " ",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ];
  let seed = 1;
  const next = (bound: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % bound;
  };
  for (let round = 0; round < 300; round++) {
    const bytes = Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)] ?? "").join("");
    const cut = Buffer.from(bytes, "latin1").subarray(0, 1 + next(bytes.length + 20));
    await exchangeBytes(port, Buffer.concat([cut, Buffer.from("\r\n\r\n\0\r\n\r\n")]));
  }
  const { received } = await exchangeBytes(port, get("/"), (text) => text.includes("GET /"));
  assert.match(received, /^HTTP\/1\.1 200 OK/);
  assert.deepEqual(unexpected, []);
});
