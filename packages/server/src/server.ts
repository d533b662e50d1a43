import { join } from "node:path";
import { leaseKind, namespaceKind, type Kind } from "@leasehold/api";
import { createAuthenticator } from "./authn/authenticate.ts";
import { noTokens, readTokenFile } from "./authn/token-file.ts";
import { anyOf } from "./authz/authorizer.ts";
import { superuser } from "./authz/superuser.ts";
import { serverIdentity } from "./certificates/server-identity.ts";
import { serverUrl } from "./certificates/server-url.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { takeDataDir } from "./data-dir.ts";
import { createDefaultNamespaces } from "./default-namespaces.ts";
import { createHandler } from "./http/handle.ts";
import { listen } from "./http/listener.ts";
import { textAnswer } from "./http/respond.ts";
import { createRouter } from "./http/route.ts";
import { createLog, type Log } from "./log.ts";
import { type Random, systemRandom } from "./random.ts";
import { kindPrefixOf, type Registry } from "./registry/target.ts";
import { StartError } from "./start-error.ts";
import { openMemoryStore } from "./store/memory/memory-store.ts";
import { openSqliteStore } from "./store/sqlite/sqlite-store.ts";
import type { Store } from "./store/store.ts";
import { Feed } from "./watch/feed.ts";

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

const kinds: readonly Kind[] = [leaseKind, namespaceKind] as unknown as Kind[];

/** Starts a server and resolves once it serves. Throws a StartError when what the configuration asks for cannot be had. */
export async function createServer(config: Config, parts: ServerParts = {}): Promise<RunningServer> {
  const { clock = systemClock, random = systemRandom, log = createLog(config.logLevel) } = parts;
  const tokens = config.tokenAuthFile === undefined ? noTokens : readTokenFile(config.tokenAuthFile);
  for (const warning of tokens.warnings) log.warn(warning);
  const dataDir = takeDataDir(config.dataDir);
  const identity = await serverIdentity(config, { clock, random });
  const store = await openStore(config, { clock, log });
  const feeds = new Map<string, Feed>();
  for (const kind of kinds) {
    const prefix = kindPrefixOf(kind);
    if (!feeds.has(prefix)) feeds.set(prefix, new Feed({ store, prefix }));
  }
  const registry: Registry = {
    store,
    clock,
    random,
    feedOf: (kind) => {
      const feed = feeds.get(kindPrefixOf(kind));
      if (feed === undefined) throw new Error(`no feed for ${kind.plural}`);
      return feed;
    },
    versionsOf: (kind) => kinds.filter((other) => other.storage.prefix === kind.storage.prefix),
  };
  const isNew = store.revision === 0;
  await createDefaultNamespaces(registry);
  if (isNew) await store.compact(store.revision);
  const handler = createHandler({
    router: createRouter({
      kinds,
      documents: [
        { path: "/readyz", answer: () => textAnswer(200, "ok") },
        { path: "/livez", answer: () => textAnswer(200, "ok") },
        { path: "/healthz", answer: () => textAnswer(200, "ok") },
      ],
      openApi: () => textAnswer(404, "404 page not found\n"),
    }),
    authenticate: createAuthenticator(tokens.users),
    authorizer: anyOf([superuser]),
    registry,
    kinds,
    log,
  });
  const listener = await listen({
    ...config.listen,
    handler,
    clock,
    random,
    onUnexpected: (error) => log.error("an answer was cut short", { err: error }),
    tls: {
      cert: identity.server.certificatePem,
      key: identity.server.privateKeyPem,
      clientCa: identity.clientAuthorityPem,
    },
  });
  const address = { host: config.listen.host, port: listener.port };
  identity.writeKubeconfig(address);
  return {
    address,
    url: serverUrl(address),
    async close() {
      const closing = listener.close();
      await Promise.all([...feeds.values()].map((feed) => feed.close()));
      await closing;
      await store.close();
      dataDir.release();
    },
  };
}

async function openStore(config: Config, { clock, log }: { clock: Clock; log: Log }): Promise<Store> {
  if (config.store === "memory") return openMemoryStore({ clock });
  const path = join(config.dataDir, "leasehold.db");
  const opened = await openSqliteStore({ path, clock, onProblem: (problem) => log.warn(problem) });
  if (opened.kind === "refused") throw new StartError("surroundings", opened.message);
  return opened.store;
}
