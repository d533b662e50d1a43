import type { FieldsV1 } from "../schema.ts";
import { encodeJsonRaw } from "./encode-value.ts";

/**
 * A set of fields as JSON text. A renewal leaves the sets of its object as they are, and an object is encoded for the store and for its
 * reader: so the text is kept for as long as the set is.
 */
export function fieldSetText(fields: FieldsV1): string {
  const known = texts.get(fields);
  if (known !== undefined) return known;
  const text = encodeJsonRaw(fields);
  texts.set(fields, text);
  return text;
}

const texts = new WeakMap<FieldsV1, string>();
