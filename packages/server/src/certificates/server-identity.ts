import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Random } from "../random.ts";
import { readGivenAuthorities, readGivenCertificate } from "./given-certificate.ts";
import type { KeyPairPem } from "./issue.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { loadOrCreatePki } from "./pki.ts";
import { serverNames } from "./server-names.ts";
import { serverUrl } from "./server-url.ts";

/** All that TLS needs of a configuration. */
export interface ServerIdentity {
  /** What the server shows: the operator's certificate, or ours. */
  readonly server: KeyPairPem;
  /** Whose signature under a client's certificate is believed: ours, whoever vouches for the server, and the operator's. */
  readonly clientAuthorityPem: string;
  /** Writes admin.kubeconfig for the address that was taken, and returns its path. */
  writeKubeconfig(address: { readonly host: string; readonly port: number }): string;
}

export async function serverIdentity(
  config: Config,
  impurities: { readonly clock: Clock; readonly random: Random },
): Promise<ServerIdentity> {
  const { dataDir, tlsCertFile: certFile, tlsPrivateKeyFile: keyFile } = config;
  const given =
    certFile !== undefined && keyFile !== undefined ? readGivenCertificate({ certFile, keyFile }) : undefined;
  const clientAuthorities =
    config.clientCaFile === undefined ? "" : readGivenAuthorities(config.clientCaFile);
  const pki = await loadOrCreatePki({ dataDir, names: serverNames(config), ...impurities });
  const authorityPem = given === undefined ? pki.authorityPem : given.authorityPem;
  return {
    server: given?.keyPair ?? pki.server,
    clientAuthorityPem: pki.authorityPem + clientAuthorities,
    writeKubeconfig: (address) =>
      writeKubeconfig({ dataDir, serverUrl: serverUrl(address), authorityPem, admin: pki.admin }),
  };
}
