import {
  allKinds,
  decodePatched,
  encodeJson,
  goText,
  parseJsonValue,
  type ApiObject,
  type JsonObject,
  type Kind,
} from "@leasehold/api";
import { goPrint } from "../managed-fields/go-text.ts";
import { isJsonObject } from "../managed-fields/json-value.ts";
import { asJson } from "../managed-fields/object-json.ts";
import { checkOperations, jsonWord, type ParsedJson } from "./json-patch-body.ts";
import { applyJsonPatch, readOperations, type TextPatchOutcome } from "./json.ts";
import { applyMergePatch } from "./merge.ts";
import type { FieldValidation, PatchOutcome, PatchRefusal } from "./outcome.ts";
import { applyStrategicMergePatch } from "./strategic.ts";
import { typedObject } from "./typed-object.ts";

/** A patch of one of the three kinds that change an object that is there. */
export interface PatchRequest {
  /** The resource, in the version of the request. */
  readonly kind: Kind;
  readonly type: "json" | "merge" | "strategic-merge";
  /** The stored object, in the version of `kind`. */
  readonly live: ApiObject;
  /** The body as it came. */
  readonly body: Uint8Array;
  readonly fieldValidation: FieldValidation;
}

/** The object as the patch leaves it; its managed fields are not yet touched (see `recordUpdate`). */
export function patchObject(request: PatchRequest): PatchOutcome {
  return request.type === "strategic-merge" ? patchStrategically(request) : patchText(request);
}

/** JSON and merge patches change the object's text, which is then read as a body is. */
function patchText(request: PatchRequest): PatchOutcome {
  const body = readBody(request);
  if (body.kind !== "read") return body;
  const outcome = body.apply(encodeJson(request.live, request.kind.table));
  if (outcome.kind !== "patched") return outcome;
  const decoded = decodePatched({ text: outcome.text, kind: request.kind, kinds: allKinds });
  if (decoded.kind === "invalid") return { kind: "invalid", value: outcome.text, detail: decoded.message };
  const strictErrors = [...body.strictErrors, ...decoded.strictErrors];
  return checked(request.fieldValidation, {
    object: decoded.object,
    strictErrors,
    value: () => outcome.text,
  });
}

type PatchBody =
  | {
      readonly kind: "read";
      readonly apply: (document: string) => TextPatchOutcome;
      readonly strictErrors: readonly string[];
    }
  | PatchRefusal;

/** Whoever minds strict errors reads the body twice, and the first reader's words are others than the second's. */
function readBody({ type, body, fieldValidation }: PatchRequest): PatchBody {
  const parsed = parseJsonValue(body);
  const isStrict = fieldValidation !== "Ignore";
  const prefix = isStrict ? "error decoding patch: " : "";
  if (type === "json") {
    if (parsed.kind === "malformed") return badRequest(`${prefix}${parsed.message}`);
    const text = goText(body);
    const { problem, strictErrors } = checkOperations(parsed, { body: text, isStrict });
    if (problem !== undefined) return badRequest(`${prefix}${problem}`);
    return {
      kind: "read",
      apply: (document) => applyJsonPatch(document, readOperations(text)),
      strictErrors,
    };
  }
  const problem = parsed.kind === "malformed" ? parsed.message : mapProblem(parsed);
  if (isStrict && problem !== undefined) return badRequest(`${prefix}${problem}`);
  if (parsed.kind === "malformed") return badRequest("Invalid JSON Patch");
  const strictErrors = isStrict ? parsed.strictErrors : [];
  return { kind: "read", apply: (document) => applyMergePatch(document, goText(body)), strictErrors };
}

/** Strategic merge patches change the object's value; apiVersion and kind cannot be changed by them. */
function patchStrategically({ kind, live, body, fieldValidation }: PatchRequest): PatchOutcome {
  const parsed = parseJsonValue(body);
  const problem = parsed.kind === "malformed" ? parsed.message : mapProblem(parsed);
  if (parsed.kind === "malformed" || problem !== undefined) return badRequest(problem ?? "");
  const patch: JsonObject = isJsonObject(parsed.value) ? parsed.value : {};
  const original = structuredClone(asJson(live, kind.table));
  const outcome = applyStrategicMergePatch(kind.table, { original, patch });
  if (outcome.kind !== "patched") return outcome;
  const value = (): string => goPrint(patch);
  const typed = typedObject(kind, outcome.value);
  if (typed.kind === "invalid") return { kind: "invalid", value: value(), detail: typed.message };
  const strictErrors = fieldValidation === "Ignore" ? [] : [...parsed.strictErrors, ...typed.strictErrors];
  return checked(fieldValidation, { object: typed.object, strictErrors, value });
}

interface Patched {
  readonly object: ApiObject;
  readonly strictErrors: readonly string[];
  /** What is quoted in a refusal. */
  readonly value: () => string;
}

function checked(fieldValidation: FieldValidation, { object, strictErrors, value }: Patched): PatchOutcome {
  if (fieldValidation === "Strict" && strictErrors.length > 0) {
    return { kind: "invalid", value: value(), detail: `strict decoding error: ${strictErrors.join(", ")}` };
  }
  return { kind: "patched", object, warnings: fieldValidation === "Warn" ? strictErrors : [] };
}

/** Why a body cannot be read as a map, in Go's words; `null` can, as an empty one. */
function mapProblem({ value, outOfRange }: ParsedJson): string | undefined {
  if (value !== null && !isJsonObject(value))
    return `json: cannot unmarshal ${jsonWord(value)} into Go value of type map[string]interface {}`;
  if (outOfRange === undefined) return undefined;
  return `json: cannot unmarshal number ${outOfRange} into Go value of type float64`;
}

function badRequest(message: string): PatchRefusal {
  return { kind: "bad-request", message };
}
