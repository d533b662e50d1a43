import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { Writable } from "node:stream";
import { holdsToken } from "../authn/web-socket-token.ts";
import type { RequestHeaders } from "./exchange.ts";
import { allHeaders, firstHeader } from "./request-headers.ts";
import { ClientFrames, closeCodes, closeFrame, frameHead, opcodes } from "./web-socket-frames.ts";

/** Whether a client wants to be told over a WebSocket (RFC 6455) what it watches. Other requests are answered as if it had not said so. */
export function wantsWebSocket({ method, headers }: WebSocketRequest): boolean {
  return method === "GET" && asksForWebSocket(headers);
}

/** The protocols among which the client leaves the choice; none unless it asks for a WebSocket. A bearer token may be one. */
export function offeredProtocols(headers: RequestHeaders): readonly string[] {
  if (!asksForWebSocket(headers)) return [];
  return allHeaders(headers, "sec-websocket-protocol").flatMap((line) =>
    line.split(",").map((protocol) => protocol.trim()),
  );
}

function asksForWebSocket(headers: RequestHeaders): boolean {
  return (
    firstHeader(headers, "upgrade").toLowerCase() === "websocket" &&
    allHeaders(headers, "connection").some((value) => value.toLowerCase().includes("upgrade"))
  );
}

interface WebSocketRequest {
  readonly method: string;
  readonly headers: RequestHeaders;
}

/** Bytes that go out before the connection speaks in frames, or before it ends. */
export interface Handshake {
  readonly kind: "accepted" | "refused";
  readonly bytes: string;
}

/** Answers as golang.org/x/net/websocket does: a client must say where it comes from, and may name one protocol at most. */
export function shakeHands(headers: RequestHeaders): Handshake {
  const key = firstHeader(headers, "sec-websocket-key");
  if (key === "") return refused("400 Bad Request", "\r\nmismatch challenge/response");
  if (firstHeader(headers, "sec-websocket-version") !== "13") {
    return refused("400 Bad Request", "Sec-WebSocket-Version: 13\r\n\r\nmissing or bad WebSocket Version");
  }
  if (!wellFormedOrigin.test(firstHeader(headers, "origin"))) return refused("403 Forbidden");
  const protocol = agreedProtocol(headers);
  if (protocol.includes(",")) return refused("400 Bad Request");
  const accept = createHash("sha1")
    .update(key + protocolId)
    .digest("base64");
  const named = protocol === "" ? "" : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
  return { kind: "accepted", bytes: `${switching}Sec-WebSocket-Accept: ${accept}\r\n${named}\r\n` };
}

/** Where the messages of a WebSocket are written: each chunk is one. Destroyed, when the client wants no more. */
export class WebSocketSink extends Writable {
  readonly #socket: Socket;
  readonly #opcode: typeof opcodes.text | typeof opcodes.binary;
  readonly #frames = new ClientFrames();

  /** `early`: what the client sent after its request before the connection was its own. */
  constructor(socket: Socket, messages: { readonly kind: "text" | "binary"; readonly early: Uint8Array }) {
    super();
    this.#socket = socket;
    this.#opcode = opcodes[messages.kind];
    socket.on("data", (chunk: Uint8Array) => this.#read(chunk));
    socket.once("end", () => this.destroy());
    socket.once("close", () => this.destroy());
    this.#read(messages.early);
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.cork();
    this.#socket.write(frameHead(this.#opcode, chunk.length));
    this.#socket.write(chunk, done);
    this.#socket.uncork();
  }

  /** All has been written, or somebody has gone: either way the connection ends. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const socket = this.#socket;
    if (socket.writable) socket.end(closeFrame(closeCodes.normal), () => socket.destroy());
    else socket.destroy();
    done(error);
  }

  #read(chunk: Uint8Array): void {
    if (this.destroyed) return;
    for (const frame of this.#frames.push(chunk)) {
      if (frame.kind === "ping") {
        this.#socket.write(Buffer.concat([frameHead(opcodes.pong, frame.payload.length), frame.payload]));
        continue;
      }
      if (frame.kind === "unmasked") this.#socket.write(closeFrame(closeCodes.protocolError));
      this.destroy();
    }
  }
}

/** All that is offered, which has to be one. A token among it has been read, and is not repeated to the client. */
function agreedProtocol(headers: RequestHeaders): string {
  const offered = offeredProtocols(headers);
  if (!offered.some(holdsToken)) return firstHeader(headers, "sec-websocket-protocol").trim();
  return offered.filter((protocol) => !holdsToken(protocol)).join(",");
}

function refused(statusLine: string, rest = "\r\n"): Handshake {
  return { kind: "refused", bytes: `HTTP/1.1 ${statusLine}\r\n${rest}` };
}

const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";

/** What RFC 6455 has a server append to the client's key. */
const protocolId = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** What Go's url.ParseRequestURI takes: an absolute URL or an absolute path. */
const wellFormedOrigin = /^(?:[A-Za-z][A-Za-z0-9+.-]*:|\/)[^\s]*$/;
