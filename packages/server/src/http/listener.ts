import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { ServerHttp2Session } from "node:http2";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { limits } from "../limits.ts";
import { type Http1Context, refuseBytes, refuseExpectation, serveHttp1, serveUpgrade } from "./http1.ts";
import { serveHttp2 } from "./http2.ts";
import { NodeAdapter, type AdapterOptions } from "./node-adapter.ts";
import { wantsWebSocket } from "./web-socket.ts";

export interface ListenerOptions extends AdapterOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Absent: plain HTTP/1.1, for tests. */
  readonly tls?: ListenerTls;
}

/** In PEM. A client may present a certificate; whether it is to be believed depends on `clientCa`. */
export interface ListenerTls {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string;
}

export interface Listener {
  readonly host: string;
  /** The port that was taken. */
  readonly port: number;
  /**
   * Stops accepting, lets answers in flight finish (watches end by their own signals), then cuts what is left after
   * `limits.httpCloseWithinMs`. Idempotent.
   */
  close(): Promise<void>;
}

/** Starts to listen. Rejects with Node's error (EADDRINUSE, EACCES, …) when the address cannot be had. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const connections = new Connections(options);
  const server = connections.server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => connections.unexpected(error));
  const { address, port } = addressOf(server);
  return { host: address, port, close: () => connections.close() };
}

function addressOf(server: Server | TlsServer): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the listener has no address");
  return address;
}

/** The one server and everything that is connected to it. */
class Connections {
  readonly server: Server | TlsServer;
  readonly #adapter: NodeAdapter;
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Of which Node's server may know nothing. */
  readonly #upgraded = new Set<Socket>();
  #closing: Promise<void> | undefined;

  constructor(options: ListenerOptions) {
    this.#adapter = new NodeAdapter(options);
    const context: Http1Context = {
      adapter: this.#adapter,
      closing: () => this.#closing !== undefined,
      // Node's server reads it like a new one.
      takeBack: (socket) =>
        this.server.emit(options.tls === undefined ? "connection" : "secureConnection", socket),
    };
    const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
      serveHttp1(context, incoming, { outgoing, continues: false });
    this.server =
      options.tls === undefined
        ? createPlainServer(http1Options, onRequest)
        : createTlsServer({ ...http1Options, ...tlsOptions(options.tls) }, onRequest);
    if (options.tls !== undefined) this.#takeHttp2(this.server);
    this.server.maxConnections = limits.httpConnectionsMax;
    this.server.on("checkContinue", (incoming: IncomingMessage, outgoing: ServerResponse) =>
      serveHttp1(context, incoming, { outgoing, continues: true }),
    );
    this.server.on("checkExpectation", (_incoming: IncomingMessage, outgoing: ServerResponse) =>
      refuseExpectation(outgoing),
    );
    this.server.on("upgrade", (incoming: IncomingMessage, _socket: Duplex, early: Uint8Array) => {
      const { socket } = incoming;
      if (!this.#upgraded.has(socket)) socket.once("close", () => this.#upgraded.delete(socket));
      this.#upgraded.add(socket);
      serveUpgrade(context, incoming, early);
    });
    this.server.on("clientError", refuse);
    this.server.setTimeout(limits.httpStalledReaderMsMax, (socket: Socket) => {
      if (socket.writableLength > 0) socket.destroy();
    });
  }

  unexpected(error: unknown): void {
    this.#adapter.unexpected(error);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { server } = this;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const cut = this.#adapter.clock.schedule(limits.httpCloseWithinMs, () => {
      for (const session of this.#sessions) session.destroy();
      for (const socket of this.#upgraded) socket.destroy();
      server.closeAllConnections();
    });
    for (const session of this.#sessions) session.close();
    server.closeIdleConnections();
    await closed;
    cut.cancel();
    this.#adapter.close();
  }

  /**
   * Hands connections that chose HTTP/2 in their handshake to an HTTP/2 session. Node's HTTPS server takes the others, with
   * all its timeouts; it learns of connections by this event alone.
   */
  #takeHttp2(server: Server | TlsServer): void {
    const serveHttp1Connection = server.listeners("secureConnection");
    server.removeAllListeners("secureConnection");
    server.on("secureConnection", (socket: TLSSocket) => {
      if (socket.alpnProtocol !== "h2") {
        for (const serve of serveHttp1Connection) Reflect.apply(serve, server, [socket]);
        return;
      }
      if (this.#closing !== undefined) return void socket.destroy();
      const session = serveHttp2(this.#adapter, socket);
      this.#sessions.add(session);
      session.once("close", () => this.#sessions.delete(session));
    });
  }
}

const http1Options = {
  maxHeaderSize: limits.httpHeaderBytesMax,
  headersTimeout: limits.httpHeadersWithinMs,
  requestTimeout: limits.httpRequestWithinMs,
  keepAliveTimeout: limits.httpIdleMsMax,
  connectionsCheckingInterval: limits.httpTimeoutCheckEveryMs,
  // Checked by us, because Node's refusal has not Go's text.
  requireHostHeader: false,
  shouldUpgradeCallback: mayBeWebSocketWatch,
  optimizeEmptyRequests: true,
  noDelay: true,
};

/** Only watches are told over WebSockets, and a connection cannot be kept once it is taken for one. */
function mayBeWebSocketWatch({ method = "", url = "", headers }: IncomingMessage): boolean {
  return wantsWebSocket({ method, headers }) && (url.includes("watch") || url.includes("%"));
}

/** A certificate of a foreign CA does not end the handshake: the request is answered with a 401, as kube-apiserver does. */
function tlsOptions(tls: ListenerTls): object {
  return {
    cert: tls.cert,
    key: tls.key,
    ca: tls.clientCa,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ["h2", "http/1.1"],
    minVersion: "TLSv1.2",
    handshakeTimeout: limits.httpHandshakeWithinMs,
  };
}

/** Bytes that are no request. A client that is merely slow or gone is told nothing, as Go does. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  const code = error.code ?? "";
  if (!code.startsWith("HPE_")) return void socket.destroy();
  if (code === "HPE_HEADER_OVERFLOW") return refuseBytes(socket, "431 Request Header Fields Too Large");
  if (code === "HPE_INVALID_VERSION") {
    return refuseBytes(socket, "505 HTTP Version Not Supported: unsupported protocol version");
  }
  refuseBytes(socket, "400 Bad Request");
}
