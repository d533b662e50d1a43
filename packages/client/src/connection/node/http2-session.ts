import http2 from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { TransportError, type TransportAnswer, type TransportRequest } from "../transport.ts";
import { Http2Pings } from "./http2-pings.ts";
import { headerValue } from "./header-value.ts";
import { piecesOf } from "./pieces.ts";
import { socketFailure } from "./socket-failure.ts";

export interface Http2SessionParts {
  readonly url: URL;
  readonly clock: Clock;
  /** Called when nothing is left of it. */
  readonly closed: () => void;
}

/** One HTTP/2 connection and the requests on it. */
export class Http2Session {
  readonly #session: http2.ClientHttp2Session;
  readonly #pings: Http2Pings;
  readonly #clock: Clock;
  #inUse = 0;
  #hasServed = false;
  #isSuspect = false;
  #usedMs: number;

  constructor(socket: TLSSocket, { url, clock, closed }: Http2SessionParts) {
    this.#clock = clock;
    this.#usedMs = clock.monotonicMs();
    this.#session = http2.connect(url.origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: limits.http2StreamWindowBytes },
    });
    this.#session.on("error", () => {}); // Each stream is told.
    this.#session.once("close", closed);
    this.#session.once("connect", () => {
      this.#session.setLocalWindowSize(limits.http2ConnectionWindowBytes);
    });
    this.#session.unref();
    this.#pings = new Http2Pings(this.#session, { clock, silent: () => this.#fail() });
  }

  /**
   * Whether new requests may go here. Not after the peer said goodbye, after a long rest in which it may have gone, or after a request
   * was given up without a sign of life: the next attempt had better not wait for the same ping.
   */
  get isUsable(): boolean {
    if (this.#session.closed || this.#session.destroyed || this.#isSuspect) return false;
    return this.#inUse > 0 || this.#clock.monotonicMs() - this.#usedMs < limits.idleSocketMsMax;
  }

  /** Lets the requests under way end, and goes. */
  retire(): void {
    if (!this.#session.destroyed) this.#session.close();
  }

  destroy(): void {
    this.#session.destroy(
      new TransportError("the connection was closed", { cause: undefined, sent: "perhaps" }),
    );
  }

  request(request: TransportRequest, headers: Readonly<Record<string, string>>): Promise<TransportAnswer> {
    const { signal, body } = request;
    return new Promise((resolve, reject) => {
      const reused = this.#hasServed;
      const stream = this.#begin(request, headers);
      let isAnswered = false;
      const begunMs = this.#clock.monotonicMs();
      const abort = (): void => {
        const waitedMs = this.#clock.monotonicMs() - begunMs;
        this.#isSuspect ||= waitedMs >= limits.suspectAfterMs && !this.#pings.hasHeardSince(begunMs);
        stream.close(http2.constants.NGHTTP2_CANCEL);
        stream.destroy(
          new TransportError("the request was aborted", { cause: signal.reason, sent: "perhaps" }),
        );
      };
      signal.addEventListener("abort", abort);
      stream.on("response", (answered) => {
        isAnswered = true;
        this.#hasServed = true;
        this.#pings.heard();
        stream.on("data", () => this.#pings.heard()).pause();
        resolve({
          status: answered[":status"] ?? 0,
          header: (name) => headerValue(answered[name]),
          // A connection that is closed resets its streams, and Node ends them as if they were whole.
          body: piecesOf(stream, () => stream.rstCode === http2.constants.NGHTTP2_NO_ERROR),
        });
      });
      const fail = (error: unknown): void => {
        const refused = stream.rstCode === http2.constants.NGHTTP2_REFUSED_STREAM;
        reject(socketFailure(error, { sent: refused ? "no" : "perhaps", reused }));
      };
      stream.on("error", fail);
      stream.once("close", () => {
        signal.removeEventListener("abort", abort);
        this.#ended();
        if (!isAnswered) fail(new Error("the connection was closed before the answer came"));
      });
      if (body !== undefined) stream.end(body);
      if (signal.aborted) abort();
    });
  }

  #begin(request: TransportRequest, headers: Readonly<Record<string, string>>): http2.ClientHttp2Stream {
    const length = request.body === undefined ? {} : { "content-length": String(request.body.length) };
    const fields = {
      ":method": request.method,
      ":path": request.path,
      ...request.headers,
      ...headers,
      ...length,
    };
    let stream;
    try {
      stream = this.#session.request(fields, { endStream: request.body === undefined });
    } catch (error) {
      throw socketFailure(error, { sent: "no", reused: true });
    }
    this.#inUse += 1;
    if (this.#inUse === 1) this.#session.ref();
    this.#pings.begin();
    return stream;
  }

  #ended(): void {
    this.#usedMs = this.#clock.monotonicMs();
    this.#inUse -= 1;
    this.#pings.end();
    if (this.#inUse === 0 && !this.#session.destroyed) this.#session.unref();
  }

  #fail(): void {
    const message = `the connection is dead: a ping was not answered within ${limits.pingWithinMs} ms`;
    this.#session.destroy(new TransportError(message, { cause: undefined, sent: "perhaps" }));
  }
}
