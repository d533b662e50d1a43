/**
 * The token of an Authorization header; undefined for another scheme and for a header with nothing where the token belongs,
 * both of which kube-apiserver takes for no credentials at all. What follows the token behind a space is ignored.
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  const [scheme = "", token = ""] = (authorization ?? "").trim().split(" ", 2);
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : undefined;
}

/** What to tell a client whose token is not seen for the spaces before it. */
export function bearerTokenWarning(authorization: string): string | undefined {
  return /^\s*bearer {2,}[^ ]/i.test(authorization)
    ? "the provided Authorization header contains extra space before the bearer token, and is ignored"
    : undefined;
}
