import http from "node:http";
import https from "node:https";
import { limits } from "../../limits.ts";
import { TransportError, type TransportAnswer, type TransportRequest } from "../transport.ts";
import type { Credentials } from "./endpoint.ts";
import type { Lane } from "./lane.ts";
import { headerValue } from "./header-value.ts";
import { piecesOf } from "./pieces.ts";
import { socketFailure } from "./socket-failure.ts";

/**
 * Requests over HTTP/1.1: one at a time on a socket, sockets kept for the next. A request that is aborted takes its socket with it, so
 * that nothing half-open is used again.
 */
export function http1Lane(url: URL): Lane {
  const secure = url.protocol === "https:";
  const settings = {
    keepAlive: true,
    keepAliveMsecs: limits.tcpProbeAfterMs,
    maxSockets: limits.socketsMax,
    maxFreeSockets: limits.socketsMax,
    // The youngest socket first: old ones are left to age out.
    scheduling: "lifo",
    timeout: limits.idleSocketMsMax,
  } as const;
  const agent = secure ? new https.Agent(settings) : new http.Agent(settings);
  return {
    request(request, credentials) {
      const outgoing = { ...optionsOf(url, request, credentials), agent };
      return exchange(request, () => (secure ? https.request(outgoing) : http.request(outgoing)));
    },
    close: () => agent.destroy(),
  };
}

function optionsOf(url: URL, request: TransportRequest, { headers, tls }: Credentials): https.RequestOptions {
  return {
    ...tls,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    method: request.method,
    path: request.path,
    headers: {
      ...request.headers,
      ...headers,
      ...(request.body === undefined ? {} : { "content-length": String(request.body.length) }),
    },
    // The sockets' own bound is for idle ones; a watch may be silent for longer.
    timeout: 0,
  };
}

function exchange(request: TransportRequest, begin: () => http.ClientRequest): Promise<TransportAnswer> {
  const { signal, body } = request;
  return new Promise((resolve, reject) => {
    const outgoing = begin();
    let sent: "no" | "perhaps" = "no";
    const abort = (): void => {
      outgoing.destroy(new TransportError("the request was aborted", { cause: signal.reason, sent }));
    };
    signal.addEventListener("abort", abort);
    outgoing.on("socket", (socket) => {
      const connected = (): void => {
        sent = "perhaps";
      };
      if (!socket.connecting && outgoing.reusedSocket) connected();
      else socket.once("secureConnecting" in socket ? "secureConnect" : "connect", connected);
    });
    outgoing.on("response", (incoming) => {
      incoming.on("error", () => {}); // Whoever reads the body is told; nobody else need be.
      resolve({
        status: incoming.statusCode ?? 0,
        header: (name) => headerValue(incoming.headers[name]),
        body: piecesOf(incoming),
      });
    });
    outgoing.on("error", (error) => reject(socketFailure(error, { sent, reused: outgoing.reusedSocket })));
    outgoing.on("close", () => signal.removeEventListener("abort", abort));
    outgoing.end(body);
    if (signal.aborted) abort();
  });
}
