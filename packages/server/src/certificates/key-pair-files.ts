import { createPrivateKey, X509Certificate } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { readGivenFileIfPresent } from "../read-given-file.ts";
import { StartError } from "../start-error.ts";
import type { KeyPairPem } from "./issue.ts";

/** Where a key pair lies: `<name>.crt` for everybody to read, `<name>.key` for the owner alone. */
export interface KeyPairFiles {
  readonly certificate: string;
  readonly privateKey: string;
}

export type StoredKeyPair =
  | { readonly kind: "complete"; readonly pem: KeyPairPem; readonly certificate: X509Certificate }
  /** The key is written first, so a crash in between leaves it alone; so does somebody who wants another certificate for it. */
  | { readonly kind: "key-alone"; readonly privateKeyPem: string }
  | { readonly kind: "certificate-alone" }
  | { readonly kind: "absent" };

/** A file that is there and is not what its name says is not ours to overwrite: the start fails and names it. */
export function readKeyPair(files: KeyPairFiles): StoredKeyPair {
  const certificatePem = readGivenFileIfPresent(files.certificate);
  const privateKeyPem = readGivenFileIfPresent(files.privateKey);
  if (privateKeyPem === undefined)
    return { kind: certificatePem === undefined ? "absent" : "certificate-alone" };
  const privateKey = parse(files.privateKey, () => createPrivateKey(privateKeyPem));
  if (certificatePem === undefined) return { kind: "key-alone", privateKeyPem };
  const certificate = parse(files.certificate, () => new X509Certificate(certificatePem));
  if (!certificate.checkPrivateKey(privateKey)) return { kind: "key-alone", privateKeyPem };
  return { kind: "complete", pem: { certificatePem, privateKeyPem }, certificate };
}

export function writeKeyPair(files: KeyPairFiles, pem: KeyPairPem): void {
  replaceFile(files.privateKey, { text: pem.privateKeyPem, mode: 0o600 });
  replaceFile(files.certificate, { text: pem.certificatePem, mode: 0o644 });
}

/** Readers see the old file or the new one, never a part; the mode holds from the first byte. */
export function replaceFile(path: string, content: { readonly text: string; readonly mode: number }): void {
  const fresh = `${path}.new`;
  writeFileSync(fresh, content.text, { mode: content.mode, flush: true });
  renameSync(fresh, path);
}

function parse<Parsed>(path: string, read: () => Parsed): Parsed {
  try {
    return read();
  } catch {
    throw new StartError("setting", `${path} is damaged; remove it to have it made anew, or restore it`);
  }
}
