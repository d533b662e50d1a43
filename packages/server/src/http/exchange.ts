import type { PresentedCertificate } from "../authn/authenticator.ts";

/**
 * What an HTTP exchange is to the rest of the server, whatever protocol version carries it. The adapter makes requests of
 * sockets and writes answers to them; everybody else sees only these types.
 */
export interface HttpRequest {
  /** Upper case as HTTP demands, but otherwise whatever the client sent. */
  readonly method: string;
  /** As it came: still escaped, without the query. Starts with `/`. */
  readonly path: string;
  /** As it came: still escaped, without the `?`; empty when there is none. */
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly protocol: "HTTP/1.1" | "HTTP/2.0";
  /** `address:port` as Go writes it; empty when the client is gone. */
  readonly remoteAddress: string;
  /**
   * The certificate with which the client opened the connection; absent when it presented none. Read once per connection,
   * when first asked for.
   */
  readonly clientCertificate: PresentedCertificate | undefined;
  /** Names the request in logs and in the answer's Audit-Id: what the client asked for, or a fresh UUID. */
  readonly auditId: string;
  /** Aborts when the client goes away before the answer is complete. Made when first asked for. */
  readonly signal: AbortSignal;
  /** Reads the whole body, once. A body over the bound is refused as soon as that is known. */
  readBody(bytesMax: number): Promise<RequestBody>;
}

/** Names in lower case. Repeated fields are joined as HTTP allows, except those that must not be (`set-cookie`). */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The body, or why there is none: `gone` is a client that left in the middle of it. */
export type RequestBody =
  | { readonly kind: "read"; readonly bytes: Uint8Array }
  | { readonly kind: "too-large"; readonly bytesMax: number }
  | { readonly kind: "gone" };

/** A whole answer, or one that goes on: a watch. */
export type HttpAnswer = WholeAnswer | StreamAnswer;

export interface WholeAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Sent with its Content-Length. Absent: no body at all. */
  readonly body: string | Uint8Array | undefined;
}

export interface StreamAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /**
   * Every piece is sent at once. The next one is asked for only when the connection has room, so what a slow reader leaves
   * behind gathers in the source, which bounds it; the iterator is returned when the client goes away.
   */
  readonly stream: AsyncIterable<Uint8Array | string>;
  /** Present when each piece is a message for the WebSocket that the client wants; of text, or of bytes. */
  readonly messages?: "text" | "binary";
}

/**
 * Names as they stand on the wire; several values are several lines. Without a `Cache-Control` the answer gets kube-apiserver's,
 * with an empty one it gets none.
 */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Answers one request. What it throws is nobody's fault but ours: the client reads a 500 and the listener goes on. */
export type Handler = (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer;
