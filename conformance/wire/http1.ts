import http from "node:http";
import https from "node:https";
import type { RawAnswer } from "./answer.ts";
import type { Request } from "./request.ts";
import {
  answerWithinMs,
  type Endpoint,
  gather,
  outgoingHeaders,
  type RawStream,
  type Transport,
} from "./transport.ts";

/** HTTP/1.1 over kept connections; requests without credentials have connections of their own. */
export function connectHttp1(endpoint: Endpoint): Transport {
  const { url, authority: ca, certificate: cert, key } = endpoint;
  const isPlain = url.protocol === "http:";
  const trust = { keepAlive: true, ...(ca !== undefined && { ca }) };
  const named = isPlain
    ? new http.Agent({ keepAlive: true })
    : new https.Agent({ ...trust, ...(cert !== undefined && { cert, key }) });
  const anonymous = isPlain ? new http.Agent({ keepAlive: true }) : new https.Agent(trust);
  const stream = (request: Request): Promise<RawStream> =>
    new Promise((resolve, reject) => {
      const options = {
        agent: request.isAnonymous ? anonymous : named,
        host: url.hostname.replace(/^\[|\]$/g, ""),
        port: url.port === "" ? (isPlain ? 80 : 443) : Number(url.port),
        method: request.method,
        path: request.path,
        headers: outgoingHeaders(request, endpoint),
        timeout: answerWithinMs,
      };
      const outgoing = isPlain ? http.request(options) : https.request(options);
      outgoing.once("timeout", () =>
        outgoing.destroy(new Error(`no answer to ${request.method} ${request.path}`)),
      );
      outgoing.once("error", reject);
      outgoing.once("response", (incoming) => {
        // A stream that is hung up on says so as an error, which nobody waits for any more.
        outgoing.on("error", () => {});
        resolve({
          status: incoming.statusCode ?? 0,
          headers: headersOf(incoming.headersDistinct),
          chunks: incoming,
          close: () => incoming.destroy(),
        });
      });
      outgoing.end(request.body);
    });
  return {
    stream,
    ask: async (request) => gather(await stream(request)),
    close() {
      named.destroy();
      anonymous.destroy();
    },
  };
}

function headersOf(headers: NodeJS.Dict<string[]>): RawAnswer["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values ?? []]));
}
