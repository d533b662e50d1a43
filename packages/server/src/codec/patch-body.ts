import { decodeApply, statusErrors } from "@leasehold/api";
import type { Patch } from "../verbs/patch.ts";
import type { WriteOptions } from "./options.ts";

/** The media types of patches, in the order in which a refusal names them. */
export const patchMediaTypes = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  "strategic-merge": "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const satisfies Readonly<Record<Patch["type"], string>>;

/** Which kind of patch a Content-Type announces; its parameters do not count. Refuses another with a 415. */
export function patchTypeOf(contentType: string): Patch["type"] {
  const semicolon = contentType.indexOf(";");
  const name = semicolon > 0 ? contentType.slice(0, semicolon) : contentType;
  const found = types.find((type) => patchMediaTypes[type] === name);
  if (found === undefined) throw statusErrors.unsupportedMediaType(Object.values(patchMediaTypes));
  return found;
}

/** The patch in a body. What is wrong with it shows only when it is applied: first the object must be there. */
export function patchOf(type: Patch["type"], bytes: Uint8Array, options: WriteOptions): Patch {
  const { fieldValidation, force } = options;
  if (type === "apply") return { type, force, decode: () => decodeApply(bytes, fieldValidation) };
  return { type, body: bytes, fieldValidation };
}

const types = ["json", "merge", "strategic-merge", "apply"] as const;
