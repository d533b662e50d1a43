import type { RawAnswer } from "./answer.ts";
import type { Request } from "./request.ts";

/** How a server is reached: HTTP/1.1 and HTTP/2 look alike from here. */
export interface Transport {
  ask(request: Request): Promise<RawAnswer>;
  /** Resolves once the headers of the answer are there. */
  stream(request: Request): Promise<RawStream>;
  close(): void;
}

export interface RawStream {
  readonly status: number;
  readonly headers: RawAnswer["headers"];
  /** Ends when the server ends the stream. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Hangs up. */
  close(): void;
}

/** Where a server is, and as whom it is spoken to. */
export interface Endpoint {
  readonly url: URL;
  /** PEM; undefined trusts what the system trusts. */
  readonly authority: string | undefined;
  readonly token: string | undefined;
  /** PEM, both or neither. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** An answer that takes longer than this never comes, whatever is asked here. */
export const answerWithinMs = 20_000;

export async function gather(stream: RawStream): Promise<RawAnswer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.chunks) chunks.push(chunk);
  return { status: stream.status, headers: stream.headers, bytes: Buffer.concat(chunks) };
}

/** The headers of a request as Node takes them, with the credentials that belong to them. */
export function outgoingHeaders(
  { headers, body, isAnonymous, method }: Request,
  { token }: Endpoint,
): Record<string, string | string[]> {
  const needsLength = body !== undefined || method === "POST" || method === "PUT" || method === "PATCH";
  return {
    "user-agent": "leasehold-conformance",
    ...(needsLength && { "content-length": String(body?.byteLength ?? 0) }),
    ...(token !== undefined && !isAnonymous && { authorization: `Bearer ${token}` }),
    ...Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
    ),
  };
}
