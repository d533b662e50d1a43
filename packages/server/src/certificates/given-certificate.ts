import { createPrivateKey, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { messageOf } from "../error-message.ts";
import { readGivenFile } from "../read-given-file.ts";
import { StartError } from "../start-error.ts";
import type { KeyPairPem } from "./issue.ts";

export interface GivenCertificate {
  readonly keyPair: KeyPairPem;
  /** For the kubeconfig: whom to trust; absent when the chain ends at an authority that machines trust anyway. */
  readonly authorityPem: string | undefined;
}

/** Reads the authorities that the operator has named for client certificates: their PEM, nothing else that the file holds. */
export function readGivenAuthorities(path: string): string {
  const certificates = certificatesOf(path, readGivenFile(path));
  if (certificates.length === 0) throw new StartError("setting", `${path} holds no certificate`);
  return certificates.map((certificate) => certificate.toString()).join("");
}

/** Reads the operator's own certificate, its chain behind it, and its key. */
export function readGivenCertificate(files: {
  readonly certFile: string;
  readonly keyFile: string;
}): GivenCertificate {
  const certificatePem = readGivenFile(files.certFile);
  const privateKeyPem = readGivenFile(files.keyFile);
  const chain = certificatesOf(files.certFile, certificatePem);
  const [leaf, last] = [chain[0], chain.at(-1)];
  if (leaf === undefined || last === undefined)
    throw new StartError("setting", `${files.certFile} holds no certificate`);
  const privateKey = parse(files.keyFile, () => createPrivateKey(privateKeyPem));
  if (!leaf.checkPrivateKey(privateKey)) {
    throw new StartError("setting", `${files.keyFile} is not the key of ${files.certFile}`);
  }
  return {
    keyPair: { certificatePem, privateKeyPem },
    authorityPem: isPubliclyTrusted(last) ? undefined : last.toString(),
  };
}

function certificatesOf(path: string, text: string): readonly X509Certificate[] {
  return (text.match(pemCertificate) ?? []).map((pem) => parse(path, () => new X509Certificate(pem)));
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function isPubliclyTrusted(certificate: X509Certificate): boolean {
  return rootCertificates.some((pem) => certificate.checkIssued(new X509Certificate(pem)));
}

function parse<Parsed>(path: string, read: () => Parsed): Parsed {
  try {
    return read();
  } catch (error) {
    throw new StartError("setting", `${path} cannot be used: ${messageOf(error)}`);
  }
}
