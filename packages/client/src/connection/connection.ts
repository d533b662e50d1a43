import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import type { Random } from "../random.ts";
import { ConnectionError, type RequestSubject, textOf } from "./errors.ts";
import { Exchange } from "./exchange.ts";
import { refusalOf } from "./refusal.ts";
import type { RequestTelemetry, Telemetry } from "./telemetry.ts";
import type { Transport, TransportAnswer, TransportRequest } from "./transport.ts";

/** How one request is bounded, by whoever makes it. */
export interface RequestBounds {
  /** Ends the request; it rejects with the signal's reason. A write that was aborted may have happened. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the answer must be there to its last byte (of a watch: its first). Default: the connection's. */
  readonly timeoutMs?: number | undefined;
}

/** A request to the API, before anything is known of HTTP connections. */
export interface ApiRequest {
  readonly subject: RequestSubject;
  readonly method: TransportRequest["method"];
  /** With the query; percent-encoded. */
  readonly path: string;
  readonly body?: ApiBody | undefined;
}

export interface ApiBody {
  readonly mediaType: string;
  readonly text: string;
}

/** The answer to a watch: bytes as they come. */
export interface OpenAnswer {
  /** Ends with a ConnectionError when the connection breaks, and with the reason of the attempt's signal when that aborts. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the answer and frees the socket. Idempotent. */
  close(): void;
}

export interface ConnectionParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry?: Telemetry | undefined;
  /** Milliseconds that an attempt may take which names no time of its own; default `limits.attemptWithinMs`. */
  readonly timeoutMs?: number | undefined;
  /** Told to the server with each request; absent where the platform says it itself. */
  readonly userAgent?: string | undefined;
  /** Where objects are meant to be if nobody says otherwise: the kubeconfig context's, or that of the pod. */
  readonly namespace?: string | undefined;
}

/**
 * A way to one API server, for any number of clients at a time. Every failure is one of: ApiError (refused), ConnectionError (nothing
 * happened), OutcomeUnknownError (a write may have), UnreadableAnswerError, or the reason of the caller's own signal.
 */
export class Connection {
  readonly clock: Clock;
  readonly random: Random;
  /** The namespace that the settings name, or `default`. */
  readonly namespace: string;
  readonly #transport: Transport;
  readonly #parts: ConnectionParts;
  #inFlight = 0;
  #elections: Connection | undefined;
  #isClosed = false;

  constructor(transport: Transport, parts: ConnectionParts) {
    this.clock = parts.clock;
    this.random = parts.random;
    this.namespace = parts.namespace ?? "default";
    this.#transport = transport;
    this.#parts = parts;
  }

  /** Where it leads, for people. */
  get url(): string {
    return this.#transport.url;
  }

  /**
   * A connection to the same server with sockets of its own, on which nothing of this one can stand before a request. Close it
   * by itself. In browsers, which share sockets as they like, it promises nothing.
   */
  dedicated(): Connection {
    return new Connection(this.#transport.dedicated(), this.#parts);
  }

  /**
   * The dedicated connection that all elections over this one share: no list and no watch of another kind stands before a renewal, and the
   * watch on the lease keeps it warm. Closed with this one.
   */
  get elections(): Connection {
    this.#elections ??= this.dedicated();
    if (this.#isClosed) this.#elections.close();
    return this.#elections;
  }

  /** Ends all requests and closes all sockets, those of elections included. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#elections?.close();
    this.#transport.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Sends a request and reads the whole answer, which is 2xx. */
  async ask(request: ApiRequest, attempt: RequestBounds = {}): Promise<Uint8Array> {
    const exchange = this.#begin(request, attempt);
    try {
      const answer = await this.#send(request, exchange);
      return await exchange.readWhole(answer);
    } finally {
      exchange.settle();
    }
  }

  /** Sends a request and hands its 2xx answer out while it arrives. The attempt's time ends with the head, its signal never. */
  async open(request: ApiRequest, attempt: RequestBounds = {}): Promise<OpenAnswer> {
    const exchange = this.#begin(request, attempt);
    try {
      const answer = await this.#send(request, exchange);
      exchange.noTimeLimit();
      return { body: exchange.read(answer), close: () => exchange.abandon() };
    } catch (error) {
      exchange.settle();
      throw error;
    }
  }

  #begin(request: ApiRequest, { signal, timeoutMs }: RequestBounds): Exchange {
    signal?.throwIfAborted();
    const what = textOf(request.subject);
    if (this.#inFlight >= limits.requestsInFlightMax)
      throw new ConnectionError(`${what}: ${this.#inFlight} requests are in flight already`);
    this.#inFlight += 1;
    return new Exchange({
      subject: request.subject,
      url: this.url,
      clock: this.clock,
      signal,
      timeoutMs: timeoutMs ?? this.#parts.timeoutMs ?? limits.attemptWithinMs,
      settled: () => {
        this.#inFlight -= 1;
      },
    });
  }

  async #send(request: ApiRequest, exchange: Exchange): Promise<TransportAnswer> {
    const watched = this.#parts.telemetry?.requestBegins(request.subject);
    const answer = await exchange
      .send(this.#transport, this.#requestOf(request, watched))
      .catch((error: unknown) => {
        watched?.ended({ kind: "failed", error });
        throw error;
      });
    watched?.ended({ kind: "answered", status: answer.status });
    if (answer.status >= 200 && answer.status < 300) return answer;
    const body = await exchange.readWhole(answer);
    const refusal = { status: answer.status, retryAfter: answer.header("retry-after"), body };
    throw refusalOf(refusal, request.subject);
  }

  #requestOf(
    { method, path, body }: ApiRequest,
    watched: RequestTelemetry | undefined,
  ): Omit<TransportRequest, "signal"> {
    const headers: Record<string, string> = { accept: "application/json", ...watched?.headers };
    if (this.#parts.userAgent !== undefined) headers["user-agent"] = this.#parts.userAgent;
    if (body === undefined) return { method, path, headers, body: undefined };
    headers["content-type"] = body.mediaType;
    return { method, path, headers, body: utf8.encode(body.text) };
  }
}

const utf8 = new TextEncoder();
