import { X509Certificate } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import { StartError } from "../start-error.ts";
import type { CertificateRequest, KeyPairPem, SubjectName } from "./issue.ts";
import { type KeyPairFiles, readKeyPair, type StoredKeyPair, writeKeyPair } from "./key-pair-files.ts";
import { subjectName } from "./server-names.ts";

/** The certificates of our own making, valid for months to come. */
export interface Pki {
  /** Whom the server trusts to vouch for clients, and clients for the server. */
  readonly authorityPem: string;
  readonly server: KeyPairPem;
  /** Group system:masters: may do everything. */
  readonly admin: KeyPairPem;
}

export interface PkiOptions {
  readonly dataDir: string;
  readonly names: readonly SubjectName[];
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Reads the certificates in `<dataDir>/pki` and makes those that are missing, near their end or, for the server, for other
 * names. A renewed authority keeps its key, so what it signed before stays good.
 */
export async function loadOrCreatePki(options: PkiOptions): Promise<Pki> {
  const directory = join(options.dataDir, "pki");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const authority = await keepAuthority(filesIn(directory, "ca"), options);
  const [server, admin] = await Promise.all([
    keepLeaf(
      filesIn(directory, "server"),
      { for: "server", names: options.names },
      { ...options, authority },
    ),
    keepLeaf(filesIn(directory, "admin"), adminRequest, { ...options, authority }),
  ]);
  return { authorityPem: authority.certificatePem, server, admin };
}

const adminRequest = {
  for: "client",
  commonName: "leasehold-admin",
  organization: "system:masters",
} as const;

function filesIn(directory: string, name: "ca" | "server" | "admin"): KeyPairFiles {
  return { certificate: join(directory, `${name}.crt`), privateKey: join(directory, `${name}.key`) };
}

async function keepAuthority(files: KeyPairFiles, options: PkiOptions): Promise<KeyPairPem> {
  const stored = readKeyPair(files);
  if (stored.kind === "certificate-alone") {
    throw new StartError(
      "setting",
      `${files.privateKey} is missing; restore it, or remove ${files.certificate} to start anew`,
    );
  }
  if (stored.kind === "complete" && isFresh(stored.certificate, options.clock)) return stored.pem;
  return make(files, { for: "authority" }, { ...options, ...keyOf(stored) });
}

interface LeafOptions extends PkiOptions {
  readonly authority: KeyPairPem;
}

async function keepLeaf(
  files: KeyPairFiles,
  request: CertificateRequest,
  options: LeafOptions,
): Promise<KeyPairPem> {
  const stored = readKeyPair(files);
  const authority = new X509Certificate(options.authority.certificatePem);
  const isGood =
    stored.kind === "complete" &&
    isFresh(stored.certificate, options.clock) &&
    stored.certificate.checkIssued(authority) &&
    stored.certificate.verify(authority.publicKey) &&
    (request.for !== "server" || hasNames(stored.certificate, request.names));
  if (isGood) return stored.pem;
  return make(files, request, { ...options, ...keyOf(stored), issuer: options.authority });
}

type MakeOptions = PkiOptions & { readonly issuer?: KeyPairPem; readonly privateKeyPem?: string };

/** The certificate library takes a fifth of a second to load, so it is loaded on the rare starts that sign something. */
async function make(
  files: KeyPairFiles,
  request: CertificateRequest,
  options: MakeOptions,
): Promise<KeyPairPem> {
  const { issue } = await import("./issue.ts");
  const pem = await issue(request, options);
  writeKeyPair(files, pem);
  return pem;
}

function keyOf(stored: StoredKeyPair): { readonly privateKeyPem?: string } {
  if (stored.kind === "complete") return { privateKeyPem: stored.pem.privateKeyPem };
  return stored.kind === "key-alone" ? { privateKeyPem: stored.privateKeyPem } : {};
}

/** A certificate is renewed in the last third of its life; one from the future means that the clock was wrong. */
function isFresh(certificate: X509Certificate, clock: Clock): boolean {
  const fromMs = Date.parse(certificate.validFrom);
  const toMs = Date.parse(certificate.validTo);
  const nowMs = clock.nowMs();
  return fromMs <= nowMs && toMs - nowMs > (toMs - fromMs) / 3;
}

/** Node writes them as `DNS:localhost, IP Address:127.0.0.1`. */
function hasNames(certificate: X509Certificate, names: readonly SubjectName[]): boolean {
  const stored = (certificate.subjectAltName ?? "")
    .split(", ")
    .map((entry) => subjectName(entry.replace(/^(DNS|IP Address):/, "")).text);
  return stored.length === names.length && names.every((name) => stored.includes(name.text));
}
