import { createServer as createTlsServer } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { noTokens, readTokenFile } from "./authn/token-file.ts";
import { serverIdentity } from "./certificates/server-identity.ts";
import { serverUrl } from "./certificates/server-url.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { takeDataDir } from "./data-dir.ts";
import { createLog, type Log } from "./log.ts";
import { type Random, systemRandom } from "./random.ts";
import { StartError } from "./start-error.ts";

export interface RunningServer {
  readonly address: { readonly host: string; readonly port: number };
  /** `https://HOST:PORT`, as clients on this machine reach it. */
  readonly url: string;
  /** Stops accepting, finishes what is in flight, ends watches, syncs. Idempotent. */
  close(): Promise<void>;
}

/** What a server takes from its surroundings; each has the real thing as its default. */
export interface ServerParts {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
}

/** Starts a server and resolves once it serves. Throws a StartError when what the configuration asks for cannot be had. */
export async function createServer(config: Config, parts: ServerParts = {}): Promise<RunningServer> {
  const { clock = systemClock, random = systemRandom, log = createLog(config.logLevel) } = parts;
  const tokens = config.tokenAuthFile === undefined ? noTokens : readTokenFile(config.tokenAuthFile);
  for (const warning of tokens.warnings) log.warn(warning);
  const dataDir = takeDataDir(config.dataDir);
  try {
    const identity = await serverIdentity(config, { clock, random });
    const tls = {
      key: identity.server.privateKeyPem,
      cert: identity.server.certificatePem,
      ca: identity.clientAuthorityPem,
      requestCert: true,
      rejectUnauthorized: false,
    };
    const listener = createTlsServer(tls, (request, response) => {
      const healthy = request.url === "/readyz";
      response.writeHead(healthy ? 200 : 404).end(healthy ? "ok" : "");
    });
    listener.listen(config.listen);
    await once(listener, "listening").catch((error: unknown) => {
      throw new StartError("surroundings", `cannot listen on ${config.listen.host}: ${String(error)}`);
    });
    const address = { host: config.listen.host, port: (listener.address() as AddressInfo).port };
    identity.writeKubeconfig(address);
    return {
      address,
      url: serverUrl(address),
      async close() {
        listener.closeAllConnections();
        listener.close();
        await once(listener, "close");
        dataDir.release();
      },
    };
  } catch (error) {
    dataDir.release();
    throw error;
  }
}
