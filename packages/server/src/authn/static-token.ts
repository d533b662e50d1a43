import type { Authenticator } from "./authenticator.ts";
import { bearerToken } from "./bearer-token.ts";
import type { TokenFile } from "./token-file.ts";

/** Bearer tokens from a file that is read once. */
export function staticToken(tokens: TokenFile["users"]): Authenticator {
  return ({ authorization }) => {
    const token = bearerToken(authorization);
    if (token === undefined) return { kind: "none" };
    const user = tokens.get(token);
    return user === undefined ? { kind: "refused", reason: "unknown bearer token" } : { kind: "user", user };
  };
}
