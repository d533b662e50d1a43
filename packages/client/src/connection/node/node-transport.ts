import type { Clock } from "../../clock.ts";
import { type Transport, TransportError, type TransportAnswer, type TransportRequest } from "../transport.ts";
import { unlessAborted } from "../unless-aborted.ts";
import type { Credentials, Endpoint } from "./endpoint.ts";
import { http1Lane } from "./http1-lane.ts";
import { Http2Lane } from "./http2-lane.ts";
import type { Lane } from "./lane.ts";
import { StaleSocketError } from "./socket-failure.ts";

/** `negotiated`: HTTP/2 where TLS and the server allow it, else HTTP/1.1. */
export type Protocol = "negotiated" | "http/1.1";

export interface NodeTransportParts {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly protocol: Protocol;
}

/** Sockets of Node's own. */
export function nodeTransport(parts: NodeTransportParts): Transport {
  const { url } = parts.endpoint;
  const { protocol } = parts;
  return new NodeTransport(parts, { protocol: url.protocol === "https:" ? protocol : "http/1.1" });
}

class NodeTransport implements Transport {
  readonly url: string;
  readonly #parts: NodeTransportParts;
  /** Shared with the dedicated transports, so that only one of them has to find out. */
  readonly #spoken: { protocol: Protocol };
  readonly #http1: Lane;
  readonly #http2: Http2Lane;
  #isClosed = false;

  constructor(parts: NodeTransportParts, spoken: { protocol: Protocol }) {
    this.url = parts.endpoint.url.origin;
    this.#parts = parts;
    this.#spoken = spoken;
    this.#http1 = http1Lane(parts.endpoint.url);
    this.#http2 = new Http2Lane(parts.endpoint.url, parts.clock);
  }

  async request(request: TransportRequest): Promise<TransportAnswer> {
    const prefixed = { ...request, path: this.#prefix + request.path };
    const { endpoint } = this.#parts;
    // A program that makes tokens may wait for somebody to log in.
    const credentials = await unlessAborted(endpoint.credentials(), request.signal);
    if (this.#isClosed || request.signal.aborted)
      throw notSent(this.#isClosed ? "closed" : "aborted", request);
    const answer = await this.#send(prefixed, credentials).catch((error: unknown) => {
      if (!mayBeRepeated(error, request) || this.#isClosed) throw error;
      return this.#send(prefixed, credentials);
    });
    if (answer.status === 401) endpoint.refused?.();
    return answer;
  }

  dedicated(): Transport {
    return new NodeTransport(this.#parts, this.#spoken);
  }

  close(): void {
    this.#isClosed = true;
    this.#http1.close();
    this.#http2.close();
  }

  /** A server may stand below a path, as behind Rancher or `kubectl proxy --api-prefix`. */
  get #prefix(): string {
    return this.#parts.endpoint.url.pathname.replace(/\/+$/, "");
  }

  async #send(request: TransportRequest, credentials: Credentials): Promise<TransportAnswer> {
    if (this.#spoken.protocol === "negotiated") {
      const answer = await this.#http2.request(request, credentials);
      if (answer !== "http/1.1") return answer;
      this.#spoken.protocol = "http/1.1";
    }
    return this.#http1.request(request, credentials);
  }
}

function notSent(why: string, { signal }: TransportRequest): TransportError {
  return new TransportError(`the ${why === "closed" ? "connection" : "request"} was ${why}`, {
    cause: signal.reason,
    sent: "no",
  });
}

/**
 * A kept socket may have been closed by the server just when the request left. A question may be asked again; a write only if the
 * server said that it did not look at it.
 */
function mayBeRepeated(error: unknown, { method, signal }: TransportRequest): boolean {
  if (!(error instanceof StaleSocketError) || signal.aborted) return false;
  return method === "GET" || error.sent === "no";
}
