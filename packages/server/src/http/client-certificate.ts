import type { Socket } from "node:net";
import { TLSSocket, type DetailedPeerCertificate } from "node:tls";
import type { PresentedCertificate } from "../authn/authenticator.ts";
import type { Clock } from "../clock.ts";

/**
 * What the client's certificate says, read from the connection once and then remembered with it. A connection may outlive
 * its certificate, so the dates are looked at each time, as kube-apiserver does.
 */
export function clientCertificateOf(socket: Socket, clock: Clock): PresentedCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  let presented = remembered.get(socket);
  if (presented === undefined) {
    presented = read(socket);
    remembered.set(socket, presented);
  }
  if (presented.certificate?.kind !== "trusted") return presented.certificate;
  const nowMs = clock.nowMs();
  return nowMs > presented.validToMs || nowMs < presented.validFromMs ? outOfDate : presented.certificate;
}

interface Presented {
  readonly certificate: PresentedCertificate | undefined;
  readonly validFromMs: number;
  readonly validToMs: number;
}

const remembered = new WeakMap<TLSSocket, Presented>();
const outOfDate: PresentedCertificate = { kind: "untrusted", problem: "CERT_HAS_EXPIRED" };

function read(socket: TLSSocket): Presented {
  const peer = socket.getPeerCertificate();
  const validFromMs = Date.parse(peer.valid_from ?? "");
  const validToMs = Date.parse(peer.valid_to ?? "");
  if (peer.raw === undefined) return { certificate: undefined, validFromMs, validToMs };
  return { certificate: judge(socket, peer), validFromMs, validToMs };
}

function judge(socket: TLSSocket, peer: Peer): PresentedCertificate {
  if (!socket.authorized) return { kind: "untrusted", problem: String(socket.authorizationError) };
  return {
    kind: "trusted",
    commonName: values(peer.subject?.CN)[0] ?? "",
    organizations: values(peer.subject?.O),
    fingerprint: peer.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

type Peer = Pick<DetailedPeerCertificate, "subject" | "fingerprint256">;

/** A name that stands once in a subject is a string, one that stands several times an array. */
function values(name: string | readonly string[] | undefined): readonly string[] {
  if (name === undefined) return [];
  return typeof name === "string" ? [name] : name;
}
