import type { Clock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { SettingsError } from "../errors.ts";
import type { Credentials, Endpoint, TlsMaterial } from "./endpoint.ts";
import { type KubeconfigContext, type KubeconfigSettings, readKubeconfig } from "./kubeconfig.ts";
import { kubeconfigCredentials } from "./kubeconfig-credentials.ts";
import { isPluginUser, kubeconfigPlugin } from "./kubeconfig-plugin.ts";
import { fileToken } from "./token-file.ts";
import { parsedUrl } from "./url-endpoint.ts";

/**
 * A server and a user as a kubeconfig names them: with certificates, tokens, token files, impersonation. A user of a program (`exec`) or
 * of an `auth-provider` needs the package `@kubernetes/client-node`, which is loaded only then. What it cannot do is refused: `proxy-url`, `as-groups`, `as-user-extra`.
 */
export async function kubeconfigEndpoint(settings: KubeconfigSettings, clock: Clock): Promise<Endpoint> {
  const context = readKubeconfig(settings);
  const { cluster, user, clusterName, namespace } = context;
  if (cluster.text("proxy-url") !== undefined)
    throw new SettingsError(`cluster ${clusterName} is behind a proxy (proxy-url), which is not supported`);
  for (const name of ["as-groups", "as-user-extra"])
    if (user.member(name) !== undefined)
      throw new SettingsError(`the kubeconfig's user impersonates with ${name}, which is not supported`);
  const source = isPluginUser(user) ? await kubeconfigPlugin(settings) : filesOf(context, clock);
  let known: { readonly credentials: Credentials; readonly atMs: number } | undefined;
  return {
    url: parsedUrl(cluster.text("server") ?? ""),
    namespace,
    async credentials() {
      const nowMs = clock.monotonicMs();
      if (known === undefined || nowMs - known.atMs >= limits.kubeconfigCredentialsMsMax)
        known = { credentials: withSameTls(await source.credentials(), known?.credentials.tls), atMs: nowMs };
      return known.credentials;
    },
    refused() {
      known = undefined;
      source.refused();
    },
  };
}

type Source = Required<Pick<Endpoint, "credentials" | "refused">>;

function filesOf({ cluster, user }: KubeconfigContext, clock: Clock): Source {
  const path = user.path("tokenFile");
  const token = path === undefined ? undefined : fileToken(path, clock);
  return {
    credentials: () => kubeconfigCredentials({ cluster, user, token: token?.read }),
    refused: () => token?.forget(),
  };
}

/** Files are read anew each time; sockets are kept while their content is the same. */
function withSameTls(credentials: Credentials, before: TlsMaterial | undefined): Credentials {
  return before !== undefined && isSame(before, credentials.tls)
    ? { ...credentials, tls: before }
    : credentials;
}

function isSame(left: TlsMaterial, right: TlsMaterial): boolean {
  return (
    left.ca === right.ca &&
    left.cert === right.cert &&
    left.key === right.key &&
    left.servername === right.servername &&
    left.rejectUnauthorized === right.rejectUnauthorized
  );
}
