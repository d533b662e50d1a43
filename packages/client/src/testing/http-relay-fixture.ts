import { once } from "node:events";
import { createServer } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import type { UrlSettings } from "../connection/node/url-endpoint.ts";

/** Plain HTTP in front of a server, with its administrator's credentials, as `kubectl proxy` is: for clients that cannot be told a CA. */
export interface HttpRelay {
  readonly url: string;
  close(): Promise<void>;
}

export async function startHttpRelay(settings: UrlSettings): Promise<HttpRelay> {
  const { ca, clientCertificate: cert, clientKey: key, token } = settings;
  const authorization = typeof token === "string" ? { authorization: `Bearer ${token}` } : {};
  const relay = createServer((incoming, outgoing) => {
    const { host: _, ...headers } = incoming.headers;
    const upstream = request(
      new URL(incoming.url ?? "/", settings.url),
      { method: incoming.method, headers: { ...headers, ...authorization }, ca, cert, key },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.flushHeaders();
        answer.pipe(outgoing);
      },
    );
    upstream.on("error", () => outgoing.destroy());
    outgoing.on("close", () => upstream.destroy());
    incoming.pipe(upstream);
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    async close() {
      relay.closeAllConnections();
      relay.close();
      await once(relay, "close");
    },
  };
}
