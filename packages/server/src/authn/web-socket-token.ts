import type { Authentication, Authenticator } from "./authenticator.ts";
import type { TokenFile } from "./token-file.ts";

/**
 * A bearer token among the protocols that a WebSocket offers, in base64url: a page in a browser can send nothing else along. Another
 * protocol has to stand beside it, to be the one that is agreed on.
 */
export function webSocketToken(tokens: TokenFile["users"]): Authenticator {
  return ({ webSocketProtocols }) => {
    const [offered, ...more] = webSocketProtocols.filter(holdsToken);
    if (offered === undefined) return { kind: "none" };
    if (more.length > 0) return refused("several bearer tokens among the WebSocket's protocols");
    const token = decoded(offered.slice(prefix.length));
    if (token === undefined)
      return refused("a bearer token among the WebSocket's protocols that cannot be read");
    if (webSocketProtocols.length === 1) return refused("a bearer token without a protocol beside it");
    if (token === "") return { kind: "none" };
    const user = tokens.get(token);
    return user === undefined ? refused("unknown bearer token") : { kind: "user", user };
  };
}

/** Whether a protocol is no protocol, but a token under that name. */
export function holdsToken(protocol: string): boolean {
  return protocol.startsWith(prefix);
}

const prefix = "base64url.bearer.authorization.k8s.io.";

function decoded(base64url: string): string | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(base64url) || base64url.length % 4 === 1) return undefined;
  try {
    return strict.decode(Buffer.from(base64url, "base64url"));
  } catch {
    return undefined;
  }
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function refused(reason: string): Authentication {
  return { kind: "refused", reason };
}
