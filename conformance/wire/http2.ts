import { once } from "node:events";
import http2 from "node:http2";
import type { RawAnswer } from "./answer.ts";
import type { Request } from "./request.ts";
import { type Endpoint, gather, outgoingHeaders, type RawStream, type Transport } from "./transport.ts";

/**
 * HTTP/2 over one connection. A request without credentials has a connection of its own: servers hang up on strangers after each
 * answer, and what would follow on the same connection is refused.
 */
export function connectHttp2(endpoint: Endpoint): Transport {
  let kept: http2.ClientHttp2Session | undefined;
  const keptSession = (): http2.ClientHttp2Session => {
    if (kept === undefined || kept.closed || kept.destroyed) kept = openSession(endpoint);
    return kept;
  };
  const stream = async (request: Request): Promise<RawStream> => {
    const stranger = request.isAnonymous
      ? openSession({ ...endpoint, certificate: undefined, key: undefined })
      : undefined;
    const headers = {
      ":method": request.method,
      ":path": request.path,
      ...outgoingHeaders(request, endpoint),
    };
    // Left to itself, Node sends no body with a DELETE.
    const endStream = request.body === undefined;
    const outgoing = (stranger ?? keptSession()).request(headers, { endStream });
    outgoing.once("close", () => stranger?.destroy());
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
    close: () => kept?.destroy(),
  };
}

function openSession({ url, authority: ca, certificate: cert, key }: Endpoint): http2.ClientHttp2Session {
  const trust = ca === undefined ? {} : { ca };
  const session = http2.connect(url.origin, { ...trust, ...(cert !== undefined && { cert, key }) });
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
