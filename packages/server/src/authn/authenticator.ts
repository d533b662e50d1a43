import type { User } from "./user.ts";

/** All of a request that says who sent it. */
export interface Credentials {
  /** The Authorization header, as it came. */
  readonly authorization: string | undefined;
  /** The protocols that a request for a WebSocket offers; none for any other request. */
  readonly webSocketProtocols: readonly string[];
  /** The certificate with which the connection was opened; absent when the client presented none. */
  readonly clientCertificate: PresentedCertificate | undefined;
}

/** A client certificate, as the TLS handshake left it. `trusted`: it chains up to our authority, is for clients and is valid now. Otherwise `problem` says why not. */
export type PresentedCertificate =
  | {
      readonly kind: "trusted";
      readonly commonName: string;
      /** The subject's O values. */
      readonly organizations: readonly string[];
      /** SHA-256 of the DER form, in lower-case hexadecimal. */
      readonly fingerprint: string;
    }
  | { readonly kind: "untrusted"; readonly problem: string };

export type Authentication =
  | { readonly kind: "user"; readonly user: User }
  /** There were no credentials of the kind that this authenticator knows. */
  | { readonly kind: "none" }
  /** There were, and they are wrong: 401, however much a stranger may do. The reason is for the log alone. */
  | { readonly kind: "refused"; readonly reason: string };

export type Authenticator = (credentials: Credentials) => Authentication;

/** The first that knows the user decides. Wrong credentials of one kind do not stand in the way of right ones of another. */
export function firstOf(authenticators: readonly Authenticator[]): Authenticator {
  return (credentials) => {
    let refused: Authentication | undefined;
    for (const authenticate of authenticators) {
      const authentication = authenticate(credentials);
      if (authentication.kind === "user") return authentication;
      if (authentication.kind === "refused") refused ??= authentication;
    }
    return refused ?? { kind: "none" };
  };
}
