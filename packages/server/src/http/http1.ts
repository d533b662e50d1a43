import { ServerResponse, type IncomingMessage, type OutgoingHttpHeader } from "node:http";
import type { Socket } from "node:net";
import { Writable } from "node:stream";
import type { PresentedCertificate } from "../authn/authenticator.ts";
import { limits } from "../limits.ts";
import { BodyReader } from "./body-reader.ts";
import { clientCertificateOf } from "./client-certificate.ts";
import type { HttpRequest, RequestBody, RequestHeaders, StreamAnswer, WholeAnswer } from "./exchange.ts";
import { headLines, type NodeAdapter, type Reply } from "./node-adapter.ts";
import { distinctHeaders, firstHeader } from "./request-headers.ts";
import { readTarget, type RequestTarget } from "./request-target.ts";
import { shakeHands, WebSocketSink } from "./web-socket.ts";

/** What the connection's owner tells its requests. */
export interface Http1Context {
  readonly adapter: NodeAdapter;
  /** True once the listener closes: answers then end their connection. */
  readonly closing: () => boolean;
  /** Reads requests from a connection again that was set aside for a WebSocket. */
  readonly takeBack: (socket: Socket) => void;
}

/** Serves one request of an HTTP/1.1 connection. `continues`: the client waits for "100 Continue" before it sends the body. */
export function serveHttp1(context: Http1Context, incoming: IncomingMessage, exchange: Http1Exchange): void {
  try {
    serve(context, incoming, exchange);
  } catch (error) {
    context.adapter.unexpected(error);
    incoming.socket.destroy();
  }
}

/**
 * Serves a request for a WebSocket, which has its connection to itself. An answer that makes none of it gives the connection back.
 * `early`: what the client sent after the request.
 */
export function serveUpgrade(context: Http1Context, incoming: IncomingMessage, early: Uint8Array): void {
  const { socket } = incoming;
  const outgoing = new ServerResponse(incoming);
  socket.on("error", ignore);
  outgoing.shouldKeepAlive = mayGoOn(incoming);
  outgoing.assignSocket(socket);
  outgoing.once("finish", () => {
    outgoing.detachSocket(socket);
    socket.off("error", ignore);
    if (!outgoing.shouldKeepAlive) return void socket.end(() => socket.destroy());
    if (early.length > 0) socket.unshift(early);
    context.takeBack(socket);
  });
  serveHttp1(context, incoming, { outgoing, continues: false, early });
}

/** Whether what the client sends after its request is another one. Nobody reads a body of one that asks for a WebSocket. */
function mayGoOn({ httpVersionMinor, headers }: IncomingMessage): boolean {
  const hasBody = headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
  return httpVersionMinor !== 0 && !hasBody && !/\bclose\b/i.test(headers.connection ?? "");
}

interface Http1Exchange {
  readonly outgoing: ServerResponse;
  readonly continues: boolean;
  /** Present when the connection may be made a WebSocket. */
  readonly early?: Uint8Array;
}

function serve(context: Http1Context, incoming: IncomingMessage, exchange: Http1Exchange): void {
  const target = readTarget(incoming.url ?? "");
  const headers = distinctHeaders(incoming.headers, incoming.rawHeaders);
  if (target.kind === "malformed") return refuseBytes(incoming.socket, "400 Bad Request");
  const refusal = refuseVersion(incoming) ?? refuseHost(incoming, headers);
  if (refusal !== undefined) return refuseBytes(incoming.socket, refusal);
  if (target.path === "*" && incoming.method === "OPTIONS") return answerOptions(exchange.outgoing);
  const request = new Http1Request(context, { incoming, headers, target, ...exchange });
  context.adapter.serve(request, request);
}

/** A client that expects something else than "100 Continue" of a server; Go hangs up on it. */
export function refuseExpectation(outgoing: ServerResponse): void {
  outgoing.writeHead(417, ["Connection", "close", "Content-Length", "0"]).end();
}

/** Go's words to somebody who does not speak HTTP, after which it hangs up. */
export function refuseBytes(socket: Socket, statusLine: string, text: string = statusLine): void {
  if (!socket.writable) return void socket.destroy();
  const head = `HTTP/1.1 ${statusLine}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n`;
  socket.end(head + text, () => socket.destroy());
}

/** Asks about the server as a whole: Go answers it before any handler. */
function answerOptions(outgoing: ServerResponse): void {
  outgoing.removeHeader("connection");
  outgoing.writeHead(200, ["Content-Length", "0"]).end();
}

/** Node lets through what claims to be HTTP/0.9 or HTTP/2.0 and is neither. */
function refuseVersion(incoming: IncomingMessage): string | undefined {
  if (incoming.httpVersionMajor === 1) return undefined;
  if (incoming.httpVersionMajor < 1) return "400 Bad Request";
  return "505 HTTP Version Not Supported: unsupported protocol version";
}

function refuseHost(incoming: IncomingMessage, headers: RequestHeaders): string | undefined {
  const host = headers["host"];
  if (host === undefined) {
    return incoming.httpVersionMinor === 0 ? undefined : "400 Bad Request: missing required Host header";
  }
  if (typeof host !== "string") return "400 Bad Request";
  return wellFormedHost.test(host) ? undefined : "400 Bad Request: malformed Host header";
}

/** The characters that golang.org/x/net/http/httpguts.ValidHostHeader lets through. */
const wellFormedHost = /^[A-Za-z0-9!$%&'()*+,\-.:;=@[\]_~]*$/;

interface Http1Parts extends Http1Exchange {
  readonly incoming: IncomingMessage;
  readonly headers: RequestHeaders;
  readonly target: RequestTarget & { kind: "target" };
}

class Http1Request implements HttpRequest, Reply {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly auditId: string;
  readonly protocol = "HTTP/1.1";
  readonly #context: Http1Context;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #continues: boolean;
  readonly #early: Uint8Array | undefined;
  #controller: AbortController | undefined;

  constructor(context: Http1Context, parts: Http1Parts) {
    this.#context = context;
    this.#incoming = parts.incoming;
    this.#outgoing = parts.outgoing;
    this.#continues = parts.continues;
    this.#early = parts.early;
    this.method = parts.incoming.method ?? "";
    this.path = parts.target.path;
    this.query = parts.target.query;
    this.headers = parts.headers;
    this.auditId = context.adapter.auditIdOf(parts.headers);
  }

  get remoteAddress(): string {
    const { remoteAddress, remotePort } = this.#incoming.socket;
    return remoteAddress === undefined ? "" : hostPort(remoteAddress, remotePort ?? 0);
  }

  get clientCertificate(): PresentedCertificate | undefined {
    return clientCertificateOf(this.#incoming.socket, this.#context.adapter.clock);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const outgoing = this.#outgoing;
      this.#controller = new AbortController();
      if (outgoing.destroyed) this.abort();
      else outgoing.once("close", () => outgoing.writableEnded || this.abort());
    }
    return this.#controller.signal;
  }

  readBody(bytesMax: number): Promise<RequestBody> {
    if (this.#continues && !this.#outgoing.headersSent) this.#outgoing.writeContinue();
    const announced = Number(firstHeader(this.headers, "content-length"));
    return new BodyReader(this.#incoming, bytesMax).read(announced);
  }

  get over(): boolean {
    return this.#outgoing.headersSent || this.#outgoing.destroyed;
  }

  abort(): void {
    this.#controller?.abort(clientGone);
  }

  cut(): void {
    this.#outgoing.destroy();
  }

  sendWhole(answer: WholeAnswer): void {
    const { body } = answer;
    const lines = headLines(answer.headers, this.auditId);
    const length = body === undefined ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.length;
    if (answer.status !== 304 && answer.status !== 204) lines.push("Content-Length", String(length));
    this.#head(answer.status, lines);
    if (length === 0) this.#outgoing.end();
    // Node sends a text along with its head, and would take the bytes of the head for characters.
    else this.#outgoing.end(lines.some(hasHighBytes) ? Buffer.from(body ?? "") : body);
  }

  startStream(answer: StreamAnswer): Writable {
    if (answer.messages !== undefined && this.#early !== undefined) {
      return this.#startWebSocket({ kind: answer.messages, early: this.#early });
    }
    this.#head(answer.status, headLines(answer.headers, this.auditId));
    this.#outgoing.on("error", ignore);
    this.#outgoing.flushHeaders();
    return this.#outgoing;
  }

  #startWebSocket(messages: { readonly kind: "text" | "binary"; readonly early: Uint8Array }): Writable {
    const { socket } = this.#incoming;
    const handshake = shakeHands(this.headers);
    if (handshake.kind === "refused") {
      socket.end(handshake.bytes, () => socket.destroy());
      return new Writable().destroy();
    }
    socket.write(handshake.bytes);
    return new WebSocketSink(socket, messages);
  }

  /** HTTP/1.1 keeps connections without saying so; Node would say it, with 50 bytes that no client needs. */
  #head(status: number, lines: OutgoingHttpHeader[]): void {
    const outgoing = this.#outgoing;
    if (this.#context.closing() || !bodyWithinReach(this.#incoming)) outgoing.shouldKeepAlive = false;
    if (outgoing.shouldKeepAlive && this.#incoming.httpVersionMinor !== 0)
      outgoing.removeHeader("connection");
    if (status === 413) outgoing.statusMessage = "Request Entity Too Large";
    outgoing.writeHead(status, lines);
  }
}

function hasHighBytes(line: string): boolean {
  return /[\u0080-\u00ff]/.test(line);
}

/** Whether what is left of the body is worth reading for the sake of the connection. */
function bodyWithinReach(incoming: IncomingMessage): boolean {
  if (incoming.complete) return true;
  return Number(incoming.headers["content-length"] ?? 0) <= limits.httpRefusedBodyBytesMax;
}

export function hostPort(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Made once: an error with a fresh stack for every client that leaves would cost more than its request. */
export const clientGone: Error = new Error("the client has gone");

const ignore = (): void => undefined;
