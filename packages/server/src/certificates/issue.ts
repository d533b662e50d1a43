import "reflect-metadata";
import { createPrivateKey, createPublicKey, generateKeyPair, webcrypto } from "node:crypto";
import { promisify } from "node:util";
import * as x509 from "@peculiar/x509";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";

/** A certificate and its private key, in PEM. */
export interface KeyPairPem {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** What a certificate says, besides what all of ours say. */
export type CertificateRequest =
  | { readonly for: "authority" }
  /** `names`: the host names and IP addresses under which clients reach the server. */
  | { readonly for: "server"; readonly names: readonly SubjectName[] }
  | { readonly for: "client"; readonly commonName: string; readonly organization: string };

export interface SubjectName {
  readonly kind: "dns" | "ip";
  readonly text: string;
}

export interface Issuing {
  readonly clock: Clock;
  readonly random: Random;
  /** Who signs; an authority without one signs itself. Its key is elliptic (P-256). */
  readonly issuer?: KeyPairPem;
  /** A key to go on with; absent for a fresh one. */
  readonly privateKeyPem?: string;
}

/**
 * Signs a certificate that Go, Java, OpenSSL and Python's VERIFY_X509_STRICT accept: version 3, basic constraints and key
 * usage marked critical, key identifiers of subject and issuer, and names where clients look for them.
 */
export async function issue(request: CertificateRequest, issuing: Issuing): Promise<KeyPairPem> {
  const privateKeyPem = issuing.privateKeyPem ?? (await makeKey(request.for));
  const publicKey = publicKeyOf(privateKeyPem);
  const signerKeyPem = issuing.issuer?.privateKeyPem ?? privateKeyPem;
  const subject = subjectOf(request);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(issuing.random),
      subject,
      issuer: issuing.issuer === undefined ? subject : subjectOf({ for: "authority" }),
      ...validity(request.for, issuing.clock),
      publicKey,
      signingKey: await signingKeyOf(signerKeyPem),
      signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
      extensions: [
        ...extensionsOf(request),
        await x509.SubjectKeyIdentifierExtension.create(publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(publicKeyOf(signerKeyPem)),
      ],
    },
    webcrypto,
  );
  return { certificatePem: `${certificate.toString("pem")}\n`, privateKeyPem };
}

/**
 * P-256 is made in a millisecond. The client's key is RSA in PKCS #1, as kubeadm writes it: the Java clients take an elliptic
 * one for RSA unless told otherwise, or ask for a library that is not there.
 */
async function makeKey(use: CertificateRequest["for"]): Promise<string> {
  const makePair = promisify(generateKeyPair);
  if (use === "client") {
    const { privateKey } = await makePair("rsa", { modulusLength: 2048 });
    return privateKey.export({ type: "pkcs1", format: "pem" });
  }
  const { privateKey } = await makePair("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" });
}

function publicKeyOf(privateKeyPem: string): x509.PublicKey {
  const der = createPublicKey(privateKeyPem).export({ type: "spki", format: "der" });
  return new x509.PublicKey(der);
}

function signingKeyOf(privateKeyPem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(privateKeyPem).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
}

function subjectOf(request: CertificateRequest): x509.JsonName {
  switch (request.for) {
    case "authority":
      return [{ CN: ["leasehold-ca"] }];
    case "server":
      return [{ CN: ["leasehold"] }];
    case "client":
      return [{ O: [request.organization] }, { CN: [request.commonName] }];
  }
}

function extensionsOf(request: CertificateRequest): readonly x509.Extension[] {
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
  if (request.for === "authority") {
    return [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign | digitalSignature, true),
    ];
  }
  const leaf = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(digitalSignature, true),
  ];
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  if (request.for === "client") return [...leaf, new x509.ExtendedKeyUsageExtension([clientAuth])];
  const names = request.names.map(({ kind, text }) => ({ type: kind, value: text }));
  return [
    ...leaf,
    new x509.ExtendedKeyUsageExtension([serverAuth]),
    new x509.SubjectAlternativeNameExtension(names),
  ];
}

function validity(
  use: CertificateRequest["for"],
  clock: Clock,
): { readonly notBefore: Date; readonly notAfter: Date } {
  const nowMs = clock.nowMs();
  return { notBefore: new Date(nowMs - backdatedMs), notAfter: new Date(nowMs + lifeMs[use]) };
}

const dayMs = 24 * 60 * 60 * 1000;

/** A year is what tools are used to; ten for the authority, whose certificate people copy to other machines. */
export const lifeMs = { authority: 3650 * dayMs, server: 365 * dayMs, client: 365 * dayMs } as const;

/** A client whose clock is behind by less than this still believes a fresh certificate. */
const backdatedMs = 60 * 60 * 1000;

/** Sixteen random bytes in hexadecimal, positive and not starting with a zero byte, as the encoding of integers wants it. */
function serialNumber(random: Random): string {
  const [first = 0, ...rest] = random.bytes(16);
  return Buffer.from([(first & 0x7f) | 0x40, ...rest]).toString("hex");
}
