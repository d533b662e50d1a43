import {
  allKinds,
  allReviewKinds,
  clusterRoleBindingKind,
  clusterRoleKind,
  namespaceKind,
  roleBindingKind,
  roleKind,
} from "@leasehold/api";
import { createAuthenticator } from "./authn/authenticate.ts";
import { noTokens, readTokenFile, type TokenFile } from "./authn/token-file.ts";
import { anyOf } from "./authz/authorizer.ts";
import { followPolicy } from "./authz/follow-policy.ts";
import { createEscalationGuard } from "./authz/escalation.ts";
import { createImpersonator } from "./authz/impersonate.ts";
import { createRbac } from "./authz/rbac.ts";
import { reconcileBootstrapPolicy } from "./authz/reconcile-policy.ts";
import { superuser } from "./authz/superuser.ts";
import { serverIdentity } from "./certificates/server-identity.ts";
import { serverUrl } from "./certificates/server-url.ts";
import { Closing } from "./closing.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { startCoordinatedElection } from "./coordination/coordinated-election.ts";
import { takeDataDir } from "./data-dir.ts";
import { createDefaultNamespaces } from "./default-namespaces.ts";
import { messageOf } from "./error-message.ts";
import { createDocuments } from "./http/documents.ts";
import type { Handler } from "./http/exchange.ts";
import { createHandler } from "./http/handle.ts";
import { listen, type Listener } from "./http/listener.ts";
import { RequestMetrics } from "./http/metrics.ts";
import { createRouter } from "./http/route.ts";
import { createLog, type Log } from "./log.ts";
import { openRegistry, type OpenRegistry } from "./open-registry.ts";
import { openStore } from "./open-store.ts";
import { type Random, systemRandom } from "./random.ts";
import { startNamespaceDrain } from "./registry/namespace-drain.ts";
import { kindPrefixOf, type Registry } from "./registry/target.ts";
import { StartError } from "./start-error.ts";
import { deleteObject } from "./verbs/delete.ts";
import { version } from "./version.ts";

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
  const closing = new Closing();
  try {
    return await start(config, { clock, random, log }, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** Opens what a server is made of, from the ground up; `closing` takes it down again in the opposite order. */
async function start(
  config: Config,
  surroundings: Required<ServerParts>,
  closing: Closing,
): Promise<RunningServer> {
  const { clock, random } = surroundings;
  const tokens = readTokens(config, surroundings.log);
  const dataDir = takeDataDir(config.dataDir);
  closing.add(() => dataDir.release());
  const [identity, store] = await Promise.all([
    serverIdentity(config, surroundings),
    openStore(config, surroundings),
  ]);
  closing.add(() => store.close());
  const open = openRegistry({ kinds: allKinds, store, clock, random });
  const { registry } = open;
  closing.add(() => open.close());
  await fillNewStore(registry);
  const place: Place = { listener: undefined };
  closing.add(startDrain(registry, surroundings));
  if (config.coordinatedElection) closing.add(startElection(registry, surroundings));
  const handler = await openHandler({ open, tokens, place }, surroundings, closing);
  const tls = {
    cert: identity.server.certificatePem,
    key: identity.server.privateKeyPem,
    clientCa: identity.clientAuthorityPem,
  };
  const listener = await startListener(config, { handler, tls }, surroundings);
  place.listener = listener;
  closing.add(async () => {
    // Connections close only once the watches on them have ended.
    const closed = listener.close();
    await open.close();
    await closed;
  });
  const address = { host: config.listen.host, port: listener.port };
  identity.writeKubeconfig(address);
  return { address, url: serverUrl(address), close: () => closing.close() };
}

function readTokens({ tokenAuthFile }: Config, log: Log): TokenFile["users"] {
  const tokens = tokenAuthFile === undefined ? noTokens : readTokenFile(tokenAuthFile);
  for (const warning of tokens.warnings) log.warn(warning);
  return tokens.users;
}

/** A new store begins with what every cluster has, and with no history before that. */
async function fillNewStore(registry: Registry): Promise<void> {
  const namespaces = kindPrefixOf(namespaceKind);
  const before = await registry.store.range({ prefix: namespaces, limit: 1 });
  const isNew = before.kind === "page" && before.entries.length === 0;
  await createDefaultNamespaces(registry);
  await reconcileBootstrapPolicy(registry, policyKinds);
  if (isNew) await registry.store.compact(registry.store.revision);
}

/** Namespaces that are going are emptied; returns what stops that. */
function startDrain(registry: Registry, { log }: Required<ServerParts>): () => Promise<void> {
  const deletion = { preconditions: {}, propagationPolicy: "Background", orphanDependents: undefined };
  const drain = startNamespaceDrain({
    registry,
    kinds: allKinds,
    deleteObject: (target) => deleteObject(registry, { target, deletion, dryRun: false }),
    log,
  });
  return () => drain.close();
}

/** Holders are elected among candidates; returns what stops that. */
function startElection(registry: Registry, { log }: Required<ServerParts>): () => Promise<void> {
  const policy = { propagationPolicy: undefined, orphanDependents: undefined };
  const election = startCoordinatedElection({
    registry,
    deleteObject: (target, resourceVersion) =>
      deleteObject(registry, {
        target,
        deletion: { preconditions: { resourceVersion }, ...policy },
        dryRun: false,
      }),
    log,
  });
  return () => election.close();
}

/** Where the server listens, once it does. */
interface Place {
  listener: Listener | undefined;
}

interface HandlerGround {
  readonly open: OpenRegistry;
  readonly tokens: TokenFile["users"];
  readonly place: Place;
}

async function openHandler(
  { open, tokens, place }: HandlerGround,
  { clock, log }: Required<ServerParts>,
  closing: Closing,
): Promise<Handler> {
  const { registry } = open;
  const { policy, close: stopFollowing } = await followPolicy(registry, policyKinds);
  closing.add(stopFollowing);
  const rbac = createRbac(policy);
  const authorizer = anyOf([superuser, rbac]);
  const kinds = [...allKinds, ...allReviewKinds];
  const metrics = new RequestMetrics();
  const documents = createDocuments({
    kinds,
    serverAddress: () => `${place.listener?.host ?? ""}:${place.listener?.port ?? 0}`,
    version: version(),
    health: {
      live: [{ name: "feeds", check: () => open.problem() }],
      ready: [{ name: "store", check: () => storeProblem(registry) }],
    },
    metrics,
    gauges: [],
    nowMs: () => clock.nowMs(),
  });
  return createHandler({
    router: createRouter({ kinds, ...documents }),
    authenticate: createAuthenticator(tokens),
    authorizer,
    impersonate: createImpersonator(authorizer),
    guardEscalation: createEscalationGuard({ authorizer, rules: rbac, policy }),
    witnesses: { authorizer, rules: rbac, clock },
    registry,
    kinds,
    metrics,
    log,
  });
}

const policyKinds = {
  roles: roleKind,
  rolebindings: roleBindingKind,
  clusterroles: clusterRoleKind,
  clusterrolebindings: clusterRoleBindingKind,
};

function storeProblem({ store }: Registry): string | undefined {
  const status = store.status();
  return status.kind === "failing" ? status.reason : undefined;
}

async function startListener(
  { listen: { host, port } }: Config,
  { handler, tls }: Pick<Parameters<typeof listen>[0], "handler" | "tls">,
  { clock, random, log }: Required<ServerParts>,
): Promise<Listener> {
  const onUnexpected = (error: unknown): void => log.error("an answer was cut short", { err: error });
  try {
    return await listen({ host, port, handler, clock, random, onUnexpected, ...(tls && { tls }) });
  } catch (error) {
    throw new StartError("surroundings", `cannot listen on ${host}:${port}: ${messageOf(error)}`);
  }
}
