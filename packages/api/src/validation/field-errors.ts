import type { FieldError } from "../field-error.ts";
import { encodeJsonRaw } from "../json/encode-value.ts";
import { quote } from "../quote.ts";
import type { JsonValue } from "../schema.ts";

/**
 * The value that a sentence shows. Text is quoted as Go quotes it; `asJson` shows what Go prints as JSON: lists, objects, and text of a
 * type of its own, such as a UID.
 */
export type Shown = string | number | bigint | boolean | GoJson;

export interface GoJson {
  readonly json: string;
}

/** A part of a decoded object as Go's encoding/json writes it. Fields stand in the order of the keys. */
export function asJson(value: unknown): GoJson {
  return { json: encodeJsonRaw((value ?? null) as JsonValue) };
}

export function invalidValue(field: string, { found, because }: Refused): FieldError {
  return { type: "FieldValueInvalid", field, message: `Invalid value: ${shown(found)}: ${because}` };
}

export function required(field: string, because = ""): FieldError {
  return { type: "FieldValueRequired", field, message: withDetail("Required value", because) };
}

export function forbidden(field: string, because: string): FieldError {
  return { type: "FieldValueForbidden", field, message: withDetail("Forbidden", because) };
}

export function notSupported(
  field: string,
  { found, supported }: { readonly found: Shown; readonly supported: readonly string[] },
): FieldError {
  const choice = supported.length === 0 ? "" : `supported values: ${supported.map(quote).join(", ")}`;
  return {
    type: "FieldValueNotSupported",
    field,
    message: withDetail(`Unsupported value: ${shown(found)}`, choice),
  };
}

export function tooLong(field: string, bytesMax: number): FieldError {
  const unit = bytesMax === 1 ? "byte" : "bytes";
  return { type: "FieldValueTooLong", field, message: `Too long: may not be more than ${bytesMax} ${unit}` };
}

/** One error for each of several sentences about the same value. */
export function invalidValues(
  field: string,
  { found, messages }: { readonly found: Shown; readonly messages: readonly string[] },
): readonly FieldError[] {
  return messages.map((because) => invalidValue(field, { found, because }));
}

interface Refused {
  readonly found: Shown;
  readonly because: string;
}

function withDetail(message: string, detail: string): string {
  return detail === "" ? message : `${message}: ${detail}`;
}

function shown(value: Shown): string {
  if (typeof value === "string") return quote(value);
  return typeof value === "object" ? value.json : String(value);
}
