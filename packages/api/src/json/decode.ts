import { jsonSyntaxError } from "./syntax-error.ts";
import { NotJson } from "./json-cursor.ts";
import { JsonReader } from "./json-reader.ts";
import type { MessageTable } from "../schema.ts";

export type JsonDecoding = DecodedJson | { readonly kind: "malformed"; readonly message: string };

/** JSON that was read by a table. */
export interface DecodedJson {
  readonly kind: "decoded";
  /** The body's own `apiVersion` and `kind`; empty when it names none. */
  readonly apiVersion: string;
  readonly typeKind: string;
  /** Why apiVersion and kind cannot be read, in Go's words: then the body is no object at all. */
  readonly typeMetaError: string | undefined;
  /** The canonical value, without apiVersion and kind. What could not be read is missing. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The first value that does not fit its field, in Go's words, e.g. `json: cannot unmarshal string into Go struct field …`. */
  readonly valueError: string | undefined;
  /** Fields that the table lacks or that stand twice, in the body's order: `unknown field "spec.bogus"`. */
  readonly strictErrors: readonly string[];
}

/**
 * Reads a body by a table, in one pass over its bytes, as kube-apiserver's two passes together would.
 * `message` of a malformed body is Go's, e.g. `unexpected end of JSON input`.
 */
export function decodeJson(bytes: Uint8Array, table: MessageTable): JsonDecoding {
  try {
    return new JsonReader(bytes).object(table);
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return { kind: "malformed", message: jsonSyntaxError(bytes) ?? "unexpected end of JSON input" };
  }
}
