import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Credentials } from "./load.ts";

/** The administrator's, from the kubeconfig that a server has written into its data directory. */
export function credentialsOf(dataDir: string): Credentials {
  const config = parse(readFileSync(join(dataDir, "admin.kubeconfig"), "utf8")) as Kubeconfig;
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  return {
    ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
    cert: Buffer.from(user["client-certificate-data"], "base64"),
    key: Buffer.from(user["client-key-data"], "base64"),
  };
}

/** As leasehold writes it: one of each, everything embedded. */
interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: Readonly<Record<"certificate-authority-data", string>> }];
  readonly users: readonly [
    { readonly user: Readonly<Record<"client-certificate-data" | "client-key-data", string>> },
  ];
}
