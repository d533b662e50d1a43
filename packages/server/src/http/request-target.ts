/** Where a request goes, still escaped, or that its target is none: Go refuses what it cannot unescape. */
export type RequestTarget =
  | { readonly kind: "target"; readonly path: string; readonly query: string }
  | { readonly kind: "malformed" };

/** Splits a request's target (`/path?query`, `http://host/path?query` or `*`) at the `?`, and checks its escapes. */
export function readTarget(url: string): RequestTarget {
  const target = url.startsWith("/") ? url : originForm(url);
  if (target === undefined) return malformed;
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  if (path.includes("%") && brokenEscape.test(path)) return malformed;
  return { kind: "target", path: utf8(path), query: mark === -1 ? "" : target.slice(mark + 1) };
}

const malformed: RequestTarget = { kind: "malformed" };
const brokenEscape = /%(?![0-9A-Fa-f]{2})/;

function originForm(url: string): string | undefined {
  if (url === "*") return url;
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/.exec(url);
  if (authority === null) return undefined;
  const rest = url.slice(authority[0].length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** Node hands bytes above 0x7f over as Latin-1; Go takes the same bytes for UTF-8. */
function utf8(path: string): string {
  return /^[\x20-\x7e]*$/.test(path) ? path : Buffer.from(path, "latin1").toString("utf8");
}
