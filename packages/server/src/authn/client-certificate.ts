import type { Authenticator } from "./authenticator.ts";

/** The subject's CN is the user, its O values are the groups; a certificate without a CN names nobody. */
export const clientCertificate: Authenticator = ({ clientCertificate: certificate }) => {
  if (certificate === undefined) return { kind: "none" };
  if (certificate.kind === "untrusted")
    return { kind: "refused", reason: `client certificate: ${certificate.problem}` };
  if (certificate.commonName === "") return { kind: "none" };
  const extra = { "authentication.kubernetes.io/credential-id": [`X509SHA256=${certificate.fingerprint}`] };
  const user = { name: certificate.commonName, uid: "", groups: certificate.organizations, extra };
  return { kind: "user", user };
};
