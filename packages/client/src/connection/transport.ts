/**
 * How bytes reach a server. A transport knows neither Kubernetes nor time: it sends one request over one of its sockets, and hands
 * out the answer as it arrives. Deadlines are the caller's, who aborts the signal.
 */
export interface Transport {
  /** Where it leads, for people: `https://127.0.0.1:6443`. */
  readonly url: string;
  /**
   * Resolves with the head of the answer. Rejects with a TransportError, whatever happened, the signal's abort included. An abort
   * after the head ends the body with an error. No socket stays busy for a request whose signal was aborted.
   */
  request(request: TransportRequest): Promise<TransportAnswer>;
  /** Another transport to the same server that shares no socket with this one, where the platform knows sockets. */
  dedicated(): Transport;
  /** Ends all requests and closes all sockets. Idempotent; every later request is refused. */
  close(): void;
}

export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With the query, beginning with a slash; percent-encoded. */
  readonly path: string;
  /** In lower case. Authentication is the transport's own business. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly signal: AbortSignal;
}

export interface TransportAnswer {
  readonly status: number;
  /** A header's value by its name in lower case; undefined when absent. */
  header(name: string): string | undefined;
  /** To be read once. Leaving the loop early frees the socket. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Why there was no answer, or only a part of one. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  /** `no` only if no byte of the request can have reached the server. */
  readonly sent: "no" | "perhaps";

  constructor(message: string, options: ErrorOptions & { readonly sent: "no" | "perhaps" }) {
    super(message, options);
    this.sent = options.sent;
  }
}
