/** What of the client needs Node: sockets, files, kubeconfigs. Everything else is in `@leasehold/client` and runs in browsers too. */
export {
  connect,
  type ClusterSettings,
  type ConnectionSettings,
  type ConnectOptions,
} from "./connection/node/connect.ts";
export type { KubeconfigSettings } from "./connection/node/kubeconfig.ts";
export type { Protocol } from "./connection/node/node-transport.ts";
export type { UrlSettings } from "./connection/node/url-endpoint.ts";
