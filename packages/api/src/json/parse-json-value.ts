import type { JsonValue } from "../schema.ts";
import { JsonCursor, NotJson } from "./json-cursor.ts";
import { readJsonValue } from "./json-value-reader.ts";
import { StrictErrors } from "./strict-errors.ts";
import { jsonSyntaxError } from "./syntax-error.ts";

export type JsonParsing =
  | {
      readonly kind: "parsed";
      /** Integers are bigints and other numbers numbers, so that the two stay apart as in Go. */
      readonly value: JsonValue;
      /** Keys that stand twice, in the body's order: `duplicate field "spec.holderIdentity"`. */
      readonly strictErrors: readonly string[];
      /** The first number that no 64-bit float holds, as it stands there: here infinite, and refused by Go. */
      readonly outOfRange: string | undefined;
    }
  /** Go's words, e.g. `unexpected end of JSON input`. */
  | { readonly kind: "malformed"; readonly message: string };

/** Reads JSON that no table describes, such as a patch. */
export function parseJsonValue(bytes: Uint8Array): JsonParsing {
  const strict = new StrictErrors();
  try {
    const cursor = new JsonCursor(bytes);
    const value = readJsonValue(cursor, strict);
    cursor.end();
    return { kind: "parsed", value, strictErrors: strict.messages, outOfRange: strict.outOfRange };
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return { kind: "malformed", message: jsonSyntaxError(bytes) ?? "unexpected end of JSON input" };
  }
}
