import { anonymous } from "./anonymous.ts";
import { type Authentication, type Authenticator, type Credentials, firstOf } from "./authenticator.ts";
import { clientCertificate } from "./client-certificate.ts";
import { staticToken } from "./static-token.ts";
import type { TokenFile } from "./token-file.ts";
import { anonymousName, authenticatedGroup, type User, unauthenticatedGroup } from "./user.ts";
import { webSocketToken } from "./web-socket-token.ts";

/**
 * kube-apiserver's order: a client certificate, else a bearer token, in its header or with a WebSocket, else nobody in particular. Only a request without any
 * credentials is anonymous; one with wrong ones is refused.
 */
export function createAuthenticator(tokens: TokenFile["users"]): (credentials: Credentials) => Identified {
  const known: Authenticator = firstOf([clientCertificate, staticToken(tokens), webSocketToken(tokens)]);
  return (credentials) => {
    const authentication = known(credentials);
    if (authentication.kind === "none") return anonymous;
    return authentication.kind === "user"
      ? { kind: "user", user: withAuthenticatedGroup(authentication.user) }
      : authentication;
  };
}

/** In the end somebody is there, if only a stranger, or the credentials are wrong. */
export type Identified = Exclude<Authentication, { kind: "none" }>;

/** A user who says of itself whether it is authenticated is believed. */
function withAuthenticatedGroup(user: User): User {
  const says = user.groups.some((group) => group === authenticatedGroup || group === unauthenticatedGroup);
  if (says || user.name === anonymousName) return user;
  return { ...user, groups: [...user.groups, authenticatedGroup] };
}
