import { createHash } from "node:crypto";
import type { HttpRequest } from "./exchange.ts";
import { allHeaders } from "./request-headers.ts";

/** The hash by which kube-apiserver names a version of a document: SHA-512 in upper-case hexadecimal. */
export function documentHash(body: string | Uint8Array): string {
  return createHash("sha512").update(body).digest("hex").toUpperCase();
}

/** Whether the client has this version already, so that a 304 is all it needs. */
export function isUnchanged({ headers }: Pick<HttpRequest, "headers">, hash: string): boolean {
  return allHeaders(headers, "if-none-match").some((list) =>
    list.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === `"${hash}"`),
  );
}
