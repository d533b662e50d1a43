import type { FieldValidation } from "./decode-object.ts";
import type { JsonObject } from "./schema.ts";
import type { StatusError } from "./status-error.ts";
import { badRequest } from "./status-errors.ts";
import { strictWarnings } from "./strict-warnings.ts";
import { readYaml } from "./yaml/yaml-to-json.ts";

/** The body of a server-side apply. */
export interface DecodedApply {
  /** Integers are bigints, other numbers numbers. */
  readonly value: JsonObject;
  /** Texts for Warning headers: keys that stand twice. */
  readonly warnings: readonly string[];
  /** What to throw under strict validation, but only once the apply itself has succeeded, as kube-apiserver does. */
  readonly strictRefusal: StatusError | undefined;
}

/** Reads the YAML or JSON of an apply, or throws the StatusError (400) with which kube-apiserver refuses it. */
export function decodeApply(bytes: Uint8Array, fieldValidation: FieldValidation): DecodedApply {
  const reading = readYaml(bytes);
  if (reading.kind === "malformed") throw cannotDecode(`error converting YAML to JSON: ${reading.message}`);
  const value = reading.value ?? {};
  if (typeof value !== "object" || Array.isArray(value))
    throw cannotDecode(
      `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${goWord(value)} into Go value of type map[string]interface {}`,
    );
  const { strictError } = reading;
  const error = strictError === undefined ? undefined : `error converting YAML to JSON: ${strictError}`;
  return {
    value: value as JsonObject,
    warnings: error !== undefined && fieldValidation === "Warn" ? strictWarnings(error) : [],
    strictRefusal:
      error !== undefined && fieldValidation === "Strict"
        ? badRequest(`error strict decoding YAML: ${error}`)
        : undefined,
  };
}

function cannotDecode(because: string): StatusError {
  return badRequest(`error decoding YAML: ${because}`);
}

function goWord(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}
