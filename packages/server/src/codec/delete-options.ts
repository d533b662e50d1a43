import { decodeDeleteOptions } from "@leasehold/api";
import { mediaTypeNames, negotiateInput } from "./negotiate.ts";
import { deleteOptionsOf, deletionOf, type DeletionRequest } from "./options.ts";
import type { Query } from "./query.ts";

/** A deletion's options: those of the body where there is one, and otherwise those of the URL. */
export function deletionOfBody(bytes: Uint8Array, contentType: string, query: Query): DeletionRequest {
  if (bytes.length === 0) return deletionOf(deleteOptionsOf(query));
  return deletionOf(decodeDeleteOptions(bytes, mediaTypeNames[negotiateInput(contentType)]));
}
