import { join } from "node:path";
import { stringify } from "yaml";
import type { KeyPairPem } from "./issue.ts";
import { replaceFile } from "./key-pair-files.ts";

export interface KubeconfigOptions {
  readonly dataDir: string;
  /** `https://HOST:PORT`. */
  readonly serverUrl: string;
  /** Whom a client trusts to vouch for the server; absent where the machine's own list will do. */
  readonly authorityPem: string | undefined;
  readonly admin: KeyPairPem;
}

/** Writes `<dataDir>/admin.kubeconfig`, which holds all that a client needs, and returns its path. */
export function writeKubeconfig(options: KubeconfigOptions): string {
  const path = join(options.dataDir, "admin.kubeconfig");
  replaceFile(path, { text: stringify(kubeconfig(options), { lineWidth: 0 }), mode: 0o600 });
  return path;
}

const name = "leasehold";
const user = "leasehold-admin";

function kubeconfig({ serverUrl, authorityPem, admin }: KubeconfigOptions): unknown {
  const trust = authorityPem === undefined ? {} : { "certificate-authority-data": base64(authorityPem) };
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: serverUrl, ...trust } }],
    contexts: [{ name, context: { cluster: name, user } }],
    users: [
      {
        name: user,
        user: {
          "client-certificate-data": base64(admin.certificatePem),
          "client-key-data": base64(admin.privateKeyPem),
        },
      },
    ],
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
