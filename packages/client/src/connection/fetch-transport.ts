import { type Transport, TransportError, type TransportAnswer, type TransportRequest } from "./transport.ts";
import { unlessAborted } from "./unless-aborted.ts";

export interface FetchTransportOptions {
  /** `https://host:port`, perhaps with a path below which the API stands. */
  readonly url: string;
  /** A bearer token, or what returns the present one: it is asked before each request. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined;
}

/**
 * A transport by `fetch`, for browsers and every other platform that has it. It is told less than sockets tell: any failed write may have
 * happened, and a dead connection is noticed by timeouts alone.
 */
export function fetchTransport(options: FetchTransportOptions): Transport {
  const closing = new AbortController();
  const root = options.url.replace(/\/+$/, "");
  return {
    url: root,
    async request(request) {
      const signal = AbortSignal.any([request.signal, closing.signal]);
      const authorization = await unlessAborted(authorizationOf(options), signal);
      const headers = { ...request.headers, ...authorization };
      const { method, body } = request;
      const init = { method, headers, signal, ...(body === undefined ? {} : { body }) };
      const send = options.fetch ?? fetch;
      // A view on a part of a buffer is a body like any other; the type of `fetch` only leaves out that its memory may be shared.
      const response = await send(root + request.path, init as RequestInit).catch((error: unknown) => {
        throw failure(error, request);
      });
      return answerOf(response, request);
    },
    dedicated: () => fetchTransport(options),
    close: () => closing.abort(new Error("the connection was closed")),
  };
}

function answerOf(response: Response, request: TransportRequest): TransportAnswer {
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: piecesOf(response, request),
  };
}

async function* piecesOf(
  { body }: Response,
  request: TransportRequest,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const piece = await reader.read().catch((error: unknown) => {
        throw failure(error, request);
      });
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    // Ends the request if the body has not ended; a body that broke has nothing to cancel.
    await reader.cancel().catch(() => {});
  }
}

async function authorizationOf({ token }: FetchTransportOptions): Promise<Readonly<Record<string, string>>> {
  const present = typeof token === "function" ? await token() : token;
  return present === undefined ? {} : { authorization: `Bearer ${present}` };
}

function failure(error: unknown, { signal }: TransportRequest): TransportError {
  const cause: unknown = signal.aborted ? signal.reason : error;
  return new TransportError(textOf(error), { cause, sent: "perhaps" });
}

/** `fetch failed` is all that some platforms say; the cause, where there is one, says more. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
