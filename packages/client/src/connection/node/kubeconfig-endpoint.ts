import type { KubeConfig } from "@kubernetes/client-node";
import type { RequestOptions } from "node:https";
import { type Clock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { SettingsError } from "../errors.ts";
import type { Credentials, Endpoint, TlsMaterial } from "./endpoint.ts";
import { kubeconfigTokenFile, usualKubeconfigs } from "./kubeconfig-files.ts";
import { fileToken } from "./token-file.ts";
import { parsedUrl } from "./url-endpoint.ts";

/** Which kubeconfig. Reading one needs the package `@kubernetes/client-node`, which is loaded only then. */
export interface KubeconfigSettings {
  /** A file; default: those of `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** Default: its current context. */
  readonly context?: string | undefined;
}

/**
 * A server and a user as a kubeconfig names them: with certificates, tokens, token files, and programs that make tokens. What it cannot
 * do is refused: `proxy-url`.
 */
export async function kubeconfigEndpoint(settings: KubeconfigSettings, clock: Clock): Promise<Endpoint> {
  const load = await loaderOf(settings);
  let config = load();
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new SettingsError(unknownContext(config));
  if (cluster.proxyUrl !== undefined && cluster.proxyUrl !== "")
    throw new SettingsError(`cluster ${cluster.name} is behind a proxy (proxy-url), which is not supported`);
  const files = settings.kubeconfig === undefined ? usualKubeconfigs() : [settings.kubeconfig];
  const tokenFile = kubeconfigTokenFile(files, config.getCurrentUser()?.name ?? "");
  const token = tokenFile === undefined ? undefined : fileToken(tokenFile, clock);
  let known: { readonly credentials: Credentials; readonly atMs: number } | undefined;
  return {
    url: parsedUrl(cluster.server),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    async credentials() {
      const nowMs = clock.monotonicMs();
      if (known === undefined || nowMs - known.atMs >= limits.kubeconfigCredentialsMsMax)
        known = { credentials: await credentialsOf(config, known?.credentials.tls), atMs: nowMs };
      if (token === undefined) return known.credentials;
      const { headers, tls } = known.credentials;
      return { headers: { ...headers, authorization: `Bearer ${await token.read()}` }, tls };
    },
    refused() {
      token?.forget();
      // A program's token may have been withdrawn before its time: it is asked again.
      known = undefined;
      config = load();
    },
  };
}

async function loaderOf({ kubeconfig, context }: KubeconfigSettings): Promise<() => KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node").catch((error: unknown) => {
    throw new SettingsError(
      "reading a kubeconfig needs a package that is not installed: npm install @kubernetes/client-node",
      { cause: error },
    );
  });
  return () => {
    const config = new KubeConfig();
    try {
      if (kubeconfig === undefined) config.loadFromDefault();
      else config.loadFromFile(kubeconfig);
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      throw new SettingsError(`cannot read the kubeconfig: ${because}`, { cause: error });
    }
    if (context !== undefined) config.setCurrentContext(context);
    return config;
  };
}

function unknownContext(config: KubeConfig): string {
  const names = config.getContexts().map(({ name }) => name);
  const current = config.getCurrentContext();
  const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  return `the kubeconfig names no cluster for context ${JSON.stringify(current ?? "")}; ${known}`;
}

async function credentialsOf(config: KubeConfig, before: TlsMaterial | undefined): Promise<Credentials> {
  const options: RequestOptions = { headers: {} };
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`the kubeconfig's credentials cannot be had: ${because}`, { cause: error });
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {}))
    headers[name.toLowerCase()] = String(value);
  if (typeof options.auth === "string") headers["authorization"] = `Basic ${btoa(options.auth)}`;
  const tls = tlsOf(options);
  return { headers, tls: before !== undefined && isSame(before, tls) ? before : tls };
}

function tlsOf({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): TlsMaterial {
  return {
    ...textual({ ca, cert, key }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

/** Files and data come as bytes, a program's certificates as text. */
function textual(members: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(members)) {
    if (typeof value === "string") texts[name] = value;
    if (Buffer.isBuffer(value)) texts[name] = value.toString("utf8");
  }
  return texts;
}

/** Files are read anew each time; sockets are kept while their content is the same. */
function isSame(left: TlsMaterial, right: TlsMaterial): boolean {
  return (
    left.ca === right.ca &&
    left.cert === right.cert &&
    left.key === right.key &&
    left.servername === right.servername &&
    left.rejectUnauthorized === right.rejectUnauthorized
  );
}
