import { once } from "node:events";
import http2 from "node:http2";
import type { RawAnswer } from "./answer.ts";
import type { Request } from "./request.ts";
import { type Endpoint, gather, outgoingHeaders, type RawStream, type Transport } from "./transport.ts";

/** HTTP/2 over one connection, and one more for requests without credentials. */
export function connectHttp2(endpoint: Endpoint): Transport {
  const sessions = new Map<boolean, http2.ClientHttp2Session>();
  const sessionFor = (isAnonymous: boolean): http2.ClientHttp2Session => {
    const kept = sessions.get(isAnonymous);
    if (kept !== undefined && !kept.closed && !kept.destroyed) return kept;
    const session = openSession(endpoint, isAnonymous);
    sessions.set(isAnonymous, session);
    return session;
  };
  const stream = async (request: Request): Promise<RawStream> => {
    const headers = { ":method": request.method, ":path": request.path, ...outgoingHeaders(request, endpoint) };
    // Left to itself, Node sends no body with a DELETE.
    const endStream = request.body === undefined;
    const outgoing = sessionFor(request.isAnonymous).request(headers, { endStream });
    if (!endStream) outgoing.end(request.body);
    const [answered] = (await once(outgoing, "response")) as [http2.IncomingHttpHeaders];
    outgoing.on("error", () => {});
    return {
      status: Number(answered[":status"]),
      headers: headersOf(answered),
      chunks: outgoing,
      close: () => outgoing.close(http2.constants.NGHTTP2_CANCEL),
    };
  };
  return {
    stream,
    ask: async (request) => gather(await stream(request)),
    close() {
      for (const session of sessions.values()) session.destroy();
    },
  };
}

function openSession(
  { url, authority: ca, certificate: cert, key }: Endpoint,
  isAnonymous: boolean,
): http2.ClientHttp2Session {
  const session = http2.connect(url.origin, {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && !isAnonymous && { cert, key }),
  });
  // Each request on the connection tells its own failure.
  session.on("error", () => {});
  session.setMaxListeners(0);
  return session;
}

/** Node joins the values of a header that stands several times; only Warning does so here, and its texts are quoted. */
function headersOf(headers: http2.IncomingHttpHeaders): RawAnswer["headers"] {
  const told = Object.entries(headers).filter(([name]) => !name.startsWith(":"));
  return Object.fromEntries(told.map(([name, value]) => [name, valuesOf(name, value)]));
}

function valuesOf(name: string, value: string | readonly string[] | undefined): readonly string[] {
  if (typeof value !== "string") return value ?? [];
  return name === "warning" ? value.split(/, (?=299 - ")/) : [value];
}
