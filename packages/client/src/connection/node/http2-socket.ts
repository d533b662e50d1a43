import tls from "node:tls";
import { limits } from "../../limits.ts";
import type { Clock } from "../../clock.ts";
import { TransportError } from "../transport.ts";
import type { TlsMaterial } from "./endpoint.ts";
import { socketFailure } from "./socket-failure.ts";

/** A TLS socket that is being opened, on behalf of everybody who waits for it. */
export interface OpeningSocket {
  /** The socket, once server and client agreed on HTTP/2; `http/1.1` if the server does not speak it. */
  readonly opened: Promise<tls.TLSSocket | "http/1.1">;
  /** Nobody waits any more. */
  cancel(): void;
}

export function openHttp2Socket(url: URL, material: TlsMaterial, clock: Clock): OpeningSocket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const socket = tls.connect({
    ...material,
    host,
    port: url.port === "" ? 443 : Number(url.port),
    // An address is not sent as a server's name.
    servername: material.servername ?? (isAddress(host) ? "" : host),
    ALPNProtocols: ["h2", "http/1.1"],
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, limits.tcpProbeAfterMs);
  const timer = clock.schedule(limits.connectWithinMs, () =>
    socket.destroy(
      new TransportError(`no connection within ${limits.connectWithinMs} ms`, {
        cause: undefined,
        sent: "no",
      }),
    ),
  );
  const opened = new Promise<tls.TLSSocket | "http/1.1">((resolve, reject) => {
    socket.once("secureConnect", () => {
      if (socket.alpnProtocol === "h2") return resolve(socket);
      socket.destroy();
      resolve("http/1.1");
    });
    socket.on("error", (error) => reject(socketFailure(error, unsent)));
    socket.once("close", () => reject(socketFailure(new Error("the server closed the connection"), unsent)));
  }).finally(() => timer.cancel());
  opened.catch(() => {}); // Those who wait are told, if there still are any.
  return { opened, cancel: () => socket.destroy() };
}

const unsent = { sent: "no", reused: false } as const;

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(":");
}
