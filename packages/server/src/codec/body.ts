import { decodeObject, statusErrors, type ApiObject, type Kind, type ServedKind } from "@leasehold/api";
import { limits } from "../limits.ts";
import { mediaTypeNames, negotiateInput } from "./negotiate.ts";
import type { WriteOptions } from "./options.ts";

/** A request's body, or why there is none. */
export type BodyRead =
  | { readonly kind: "read"; readonly bytes: Uint8Array }
  | { readonly kind: "too-large"; readonly bytesMax: number }
  | { readonly kind: "gone" };

export interface BodySource {
  readBody(bytesMax: number): Promise<BodyRead>;
}

/** The whole body, within the bound that kube-apiserver has. */
export async function readWhole(source: BodySource): Promise<Uint8Array> {
  const body = await source.readBody(limits.requestBodyBytesMax);
  if (body.kind === "read") return body.bytes;
  if (body.kind === "too-large") throw statusErrors.bodyTooLarge(body.bytesMax);
  throw statusErrors.badRequest("unexpected EOF");
}

/** How a body is to be read. */
export interface BodyForm {
  readonly contentType: string;
  readonly options: WriteOptions;
  /** All kinds of the server, to tell a wrong kind from an unknown one. */
  readonly kinds: readonly ServedKind[];
  /** Told what the client should mend. */
  warn(text: string): void;
}

/** The object in a body, with its defaults. Refuses another kind or version, and what validation says is too strange. */
export function decodeBody(
  bytes: Uint8Array,
  kind: ServedKind,
  { contentType, options, kinds, warn }: BodyForm,
): ApiObject {
  const mediaType = mediaTypeNames[negotiateInput(contentType)];
  const { fieldValidation } = options;
  const { object, warnings } = decodeObject({ bytes, mediaType, kind, kinds, fieldValidation });
  for (const warning of warnings) warn(warning);
  return isStored(kind) ? kind.rules.withDefaults(object) : object;
}

function isStored(kind: ServedKind): kind is Kind {
  return "rules" in kind;
}
