import { TransportError } from "../transport.ts";

/** A socket failed that had served before: it may have been closed just when the request left. */
export class StaleSocketError extends TransportError {}

export interface SocketUse {
  readonly sent: "no" | "perhaps";
  /** Whether the socket had served another request before. */
  readonly reused: boolean;
}

/** What Node's error means, in words that say what to do. */
export function socketFailure(error: unknown, { sent, reused }: SocketUse): TransportError {
  const Failure = reused ? StaleSocketError : TransportError;
  const cause = error instanceof TransportError ? error.cause : error;
  return new Failure(messageOf(error), { cause, sent });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const meaning = meanings.get(code);
  // Several addresses were tried; each has its own error, the whole has no text.
  const text = error.message === "" ? code : error.message;
  return meaning === undefined ? text : `${meaning} (${text})`;
}

const untrusted =
  "the server's certificate is not signed by a trusted authority; is the CA that of this server?";

/** OpenSSL's and Node's words for what people get wrong. */
const meanings: ReadonlyMap<string, string> = new Map([
  ["SELF_SIGNED_CERT_IN_CHAIN", untrusted],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", untrusted],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", untrusted],
  ["UNABLE_TO_GET_ISSUER_CERT", untrusted],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", untrusted],
  ["CERT_SIGNATURE_FAILURE", untrusted],
  ["CERT_HAS_EXPIRED", "the server's certificate has expired"],
  ["CERT_NOT_YET_VALID", "the server's certificate is not valid yet; is this machine's clock right?"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the server's certificate is for another name"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "the server does not speak TLS on this port"],
  ["EPROTO", "TLS failed"],
  ["ECONNREFUSED", "nothing listens there"],
  ["ENOTFOUND", "the host is not known"],
]);
