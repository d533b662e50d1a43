import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from "node:http2";
import type { Writable } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { PresentedCertificate } from "../authn/authenticator.ts";
import { limits } from "../limits.ts";
import { BodyReader } from "./body-reader.ts";
import { clientCertificateOf } from "./client-certificate.ts";
import type { HttpRequest, RequestBody, RequestHeaders, StreamAnswer, WholeAnswer } from "./exchange.ts";
import { clientGone, hostPort } from "./http1.ts";
import { headLines, type NodeAdapter, type Reply } from "./node-adapter.ts";
import { distinctHeaders, firstHeader } from "./request-headers.ts";
import { readTarget, type RequestTarget } from "./request-target.ts";

/** Serves an HTTP/2 connection until it ends, and returns its session for the listener to close. */
export function serveHttp2(adapter: NodeAdapter, socket: TLSSocket): ServerHttp2Session {
  const session = performServerHandshake(socket, options);
  session.setLocalWindowSize(limits.http2ConnectionWindowBytes);
  session.on("error", ignore);
  let streams = 0;
  session.setTimeout(limits.httpIdleMsMax, () => {
    if (streams === 0) session.close();
  });
  session.on("stream", (...opened) => {
    const [stream, joined, flags, lines] = opened;
    streams++;
    stream.on("error", ignore);
    stream.on("close", () => streams--);
    const endsAtOnce = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    try {
      serveStream(adapter, { stream, socket, headers: distinctHeaders(joined, lines), endsAtOnce });
    } catch (error) {
      adapter.unexpected(error);
      stream.destroy();
    }
  });
  return session;
}

const options: ServerOptions = {
  maxSessionMemory: limits.http2SessionMegabytesMax,
  settings: {
    maxConcurrentStreams: limits.http2StreamsMax,
    initialWindowSize: limits.http2StreamWindowBytes,
    maxFrameSize: limits.http2StreamWindowBytes,
    maxHeaderListSize: limits.httpHeaderBytesMax,
    enablePush: false,
  },
};

const ignore = (): void => undefined;

interface Http2Parts {
  readonly stream: ServerHttp2Stream;
  readonly socket: TLSSocket;
  readonly headers: RequestHeaders;
  readonly endsAtOnce: boolean;
}

function serveStream(adapter: NodeAdapter, parts: Http2Parts): void {
  const target = readTarget(firstHeader(parts.headers, ":path"));
  if (target.kind === "malformed") return refuse(parts.stream);
  const request = new Http2Request(adapter, { ...parts, target });
  adapter.serve(request, request);
}

/** Go answers a path that it cannot read with a bare 400 here. */
function refuse(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 400 }, { endStream: true });
}

class Http2Request implements HttpRequest, Reply {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly auditId: string;
  readonly protocol = "HTTP/2.0";
  readonly #adapter: NodeAdapter;
  readonly #parts: Http2Parts;
  #controller: AbortController | undefined;
  #bodyRead = false;

  constructor(
    adapter: NodeAdapter,
    parts: Http2Parts & {
      readonly headers: RequestHeaders;
      readonly target: RequestTarget & { kind: "target" };
    },
  ) {
    this.#adapter = adapter;
    this.#parts = parts;
    this.headers = parts.headers;
    this.method = firstHeader(parts.headers, ":method");
    this.path = parts.target.path;
    this.query = parts.target.query;
    this.auditId = adapter.auditIdOf(parts.headers);
  }

  get remoteAddress(): string {
    const { remoteAddress, remotePort } = this.#parts.socket;
    return remoteAddress === undefined ? "" : hostPort(remoteAddress, remotePort ?? 0);
  }

  get clientCertificate(): PresentedCertificate | undefined {
    return clientCertificateOf(this.#parts.socket, this.#adapter.clock);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const { stream } = this.#parts;
      this.#controller = new AbortController();
      if (stream.destroyed) this.abort();
      else stream.once("aborted", () => this.abort());
    }
    return this.#controller.signal;
  }

  readBody(bytesMax: number): Promise<RequestBody> {
    const { stream, endsAtOnce } = this.#parts;
    if (endsAtOnce) return Promise.resolve({ kind: "read", bytes: new Uint8Array(0) });
    this.#bodyRead = true;
    if (firstHeader(this.headers, "expect").toLowerCase() === "100-continue")
      stream.additionalHeaders({ ":status": 100 });
    return new BodyReader(stream, bytesMax).read(Number(firstHeader(this.headers, "content-length")));
  }

  get over(): boolean {
    return this.#parts.stream.headersSent || this.#parts.stream.destroyed;
  }

  abort(): void {
    this.#controller?.abort(clientGone);
  }

  cut(): void {
    this.#parts.stream.destroy();
  }

  sendWhole(answer: WholeAnswer): void {
    const { stream } = this.#parts;
    const { body } = answer;
    const length = body === undefined ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.length;
    const head = this.#head(answer);
    if (answer.status !== 304 && answer.status !== 204) head.push("content-length", String(length));
    this.#discardBody();
    const ends = length === 0 || this.method === "HEAD";
    stream.respond(head, { endStream: ends });
    if (!ends) stream.end(body);
  }

  startStream(answer: StreamAnswer): Writable {
    const { stream } = this.#parts;
    this.#discardBody();
    stream.respond(this.#head(answer));
    return stream;
  }

  #head(answer: WholeAnswer | StreamAnswer): string[] {
    return [":status", String(answer.status), ...headLines(answer.headers, this.auditId)];
  }

  /** A body that nobody asked for would hold the stream open. */
  #discardBody(): void {
    if (!this.#parts.endsAtOnce && !this.#bodyRead) this.#parts.stream.resume();
  }
}
