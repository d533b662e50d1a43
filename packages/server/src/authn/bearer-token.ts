/**
 * The token of an Authorization header; undefined for another scheme and for a header with nothing where the token belongs,
 * both of which kube-apiserver takes for no credentials at all. What follows the token behind a space is ignored.
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  const [scheme = "", token = ""] = (authorization ?? "").trim().split(" ", 2);
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : undefined;
}
