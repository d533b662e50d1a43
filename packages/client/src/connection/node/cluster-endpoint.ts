import { existsSync } from "node:fs";
import type { Clock } from "../../clock.ts";
import { SettingsError } from "../errors.ts";
import type { Endpoint } from "./endpoint.ts";
import { kubeconfigFiles } from "./kubeconfig.ts";
import { textOfFile } from "./token-file.ts";
import { urlEndpoint } from "./url-endpoint.ts";

/** Where a kubelet puts what a pod needs to reach its cluster's API server. */
const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Where kubectl would find its server, in its order. */
export function usualPlace(): "kubeconfig" | "cluster" | "nowhere" {
  const { KUBECONFIG = "", KUBERNETES_SERVICE_HOST = "" } = process.env;
  if (KUBECONFIG !== "" || kubeconfigFiles().some((file) => existsSync(file))) return "kubeconfig";
  return KUBERNETES_SERVICE_HOST !== "" && existsSync(`${accountFolder}/token`) ? "cluster" : "nowhere";
}

/** The server of the cluster that this process runs in, as its pod's service account. `folder` is for tests. */
export async function clusterEndpoint(clock: Clock, folder: string = accountFolder): Promise<Endpoint> {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = process.env;
  if (host === "" || port === "")
    throw new SettingsError(
      "not in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set",
    );
  const endpoint = urlEndpoint(
    {
      url: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      ca: await textOfFile(`${folder}/ca.crt`),
      tokenFile: `${folder}/token`,
    },
    clock,
  );
  const namespace = await textOfFile(`${folder}/namespace`).catch(() => "");
  return namespace.trim() === "" ? endpoint : { ...endpoint, namespace: namespace.trim() };
}
