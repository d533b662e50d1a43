import { readFile } from "node:fs/promises";
import { SettingsError, type Connection } from "@leasehold/client";
import { connect, type ConnectOptions } from "@leasehold/client/node";
import type { FlagTable } from "./flag.ts";
import { maybeFlag, switchFlag } from "./flag-rows.ts";
import { parseText } from "./flag-values.ts";
import { version } from "./version.ts";

/** Which server, as whom, and in which namespace: kubectl's flags and rules. */
export interface ConnectionFlags {
  readonly namespace: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly certificateAuthority: string | undefined;
}

export const connectionFlags: FlagTable<ConnectionFlags> = {
  namespace: maybeFlag(
    {
      flag: "namespace",
      short: "n",
      placeholder: "NAMESPACE",
      help: "where the lease is; otherwise the context's or the pod's namespace, else default",
    },
    parseText,
  ),
  kubeconfig: maybeFlag(
    {
      flag: "kubeconfig",
      placeholder: "FILE",
      help: "otherwise the files of $KUBECONFIG, else ~/.kube/config, else the pod's service account",
    },
    parseText,
  ),
  context: maybeFlag(
    { flag: "context", placeholder: "NAME", help: "of the kubeconfig; otherwise its current one" },
    parseText,
  ),
  server: maybeFlag(
    { flag: "server", placeholder: "URL", help: "https://HOST:PORT, instead of a kubeconfig" },
    parseText,
  ),
  token: maybeFlag({ flag: "token", placeholder: "TOKEN", help: "a bearer token for --server" }, parseText),
  certificateAuthority: maybeFlag(
    {
      flag: "certificate-authority",
      placeholder: "FILE",
      help: "the authorities (PEM) that may have signed --server's certificate",
    },
    parseText,
  ),
};

export const allNamespacesFlag = switchFlag({
  flag: "all-namespaces",
  short: "A",
  help: "look into every namespace",
});

/** A connection as the flags name it; rejects with a SettingsError when they cannot be used. Nothing is sent yet. */
export async function connectBy(flags: ConnectionFlags): Promise<Connection> {
  return connect({ ...(await optionsOf(flags)), userAgent: `leasehold/${version()}` });
}

/** Which namespace is meant: the flag's, else the connection's own. */
export function namespaceBy(flags: ConnectionFlags, connection: Connection): string {
  return flags.namespace ?? connection.namespace;
}

async function optionsOf(flags: ConnectionFlags): Promise<ConnectOptions> {
  const { server, token, certificateAuthority, kubeconfig, context } = flags;
  if (server === undefined) {
    if (token !== undefined) throw new SettingsError("--token needs --server");
    if (certificateAuthority !== undefined) throw new SettingsError("--certificate-authority needs --server");
    return { kubeconfig, context };
  }
  if (kubeconfig !== undefined || context !== undefined)
    throw new SettingsError("--server and a kubeconfig exclude each other");
  const ca = certificateAuthority === undefined ? undefined : await readAuthorities(certificateAuthority);
  return { url: server, token, ca };
}

async function readAuthorities(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`cannot read --certificate-authority: ${because}`, { cause: error });
  }
}
