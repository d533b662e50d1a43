import { type Clock, systemClock } from "../../clock.ts";
import { type Random, systemRandom } from "../../random.ts";
import { version } from "../../version.ts";
import { Connection } from "../connection.ts";
import type { Telemetry } from "../telemetry.ts";
import { SettingsError } from "../errors.ts";
import { clusterEndpoint, usualPlace } from "./cluster-endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import type { KubeconfigSettings } from "./kubeconfig.ts";
import { kubeconfigEndpoint } from "./kubeconfig-endpoint.ts";
import { nodeTransport, type Protocol } from "./node-transport.ts";
import { urlEndpoint, type UrlSettings } from "./url-endpoint.ts";

/**
 * Which server, and as whom: a URL with credentials, a kubeconfig, or the service account of
 * the pod that this runs in. With none of these, kubectl's rules: `KUBECONFIG`, `~/.kube/config`, the pod's service account.
 */
export type ConnectOptions = ConnectionSettings & (UrlSettings | KubeconfigSettings | ClusterSettings);

export interface ClusterSettings {
  readonly inCluster: true;
}

export interface ConnectionSettings {
  /** Milliseconds that one attempt may take, from asking for a socket to the last byte of the answer; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Default: HTTP/2 wherever the server offers it over TLS. Over HTTP/1.1 a dead connection is noticed by timeouts alone. */
  readonly protocol?: Protocol | undefined;
  /** How the program calls itself in the server's logs, and as the manager of the fields it writes; default `leasehold-client/VERSION`. */
  readonly userAgent?: string | undefined;
  readonly telemetry?: Telemetry | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
}

/**
 * A connection by Node's own sockets. Nothing is sent yet: a server that is away shows at the first request. Rejects with a SettingsError if
 * the settings cannot be used. Close it when it is not needed any more; idle sockets alone do not keep the process alive.
 */
export async function connect(options: ConnectOptions = {}): Promise<Connection> {
  const clock = options.clock ?? systemClock;
  const endpoint = await endpointOf(options, clock);
  const transport = nodeTransport({ endpoint, clock, protocol: options.protocol ?? "negotiated" });
  return new Connection(transport, {
    clock,
    random: options.random ?? systemRandom,
    telemetry: options.telemetry,
    timeoutMs: options.timeoutMs,
    userAgent: options.userAgent ?? `leasehold-client/${version}`,
    namespace: endpoint.namespace,
  });
}

async function endpointOf(options: ConnectOptions, clock: Clock): Promise<Endpoint> {
  if ("url" in options) return urlEndpoint(options, clock);
  if ("inCluster" in options) return clusterEndpoint(clock);
  if (options.kubeconfig !== undefined) return kubeconfigEndpoint(options, clock);
  switch (usualPlace()) {
    case "kubeconfig":
      return kubeconfigEndpoint(options, clock);
    case "cluster":
      return clusterEndpoint(clock);
    case "nowhere":
      throw new SettingsError(
        "no server is named: there is no KUBECONFIG, no ~/.kube/config and no service account of a pod",
      );
  }
}
