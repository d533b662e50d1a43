import { parseJsonValue, quote, type JsonParsing, type JsonValue } from "@leasehold/api";
import { isJsonList } from "../managed-fields/go-text.ts";
import { isJsonObject } from "../managed-fields/json-value.ts";
import { JsonSource } from "./json-source.ts";

export interface OperationsCheck {
  /** Why the body is no list of operations, in Go's words. */
  readonly problem: string | undefined;
  /** What only a strict reader minds. */
  readonly strictErrors: readonly string[];
}

export type ParsedJson = Extract<JsonParsing, { readonly kind: "parsed" }>;

/** Whether a body is a JSON patch as far as its form goes. A strict reader looks into the operations as well. */
export function checkOperations(
  { value, outOfRange }: ParsedJson,
  { body, isStrict }: { readonly body: string; readonly isStrict: boolean },
): OperationsCheck {
  const names = isStrict ? strictNames : plainNames;
  if (value !== null && !isJsonList(value))
    return refused(`${jsonWord(value)} into Go value of type ${names.list}`);
  const misfit = (value ?? []).find((item) => item !== null && !isJsonObject(item));
  if (misfit !== undefined) return refused(`${jsonWord(misfit)} into Go value of type ${names.item}`);
  if (!isStrict) return { problem: undefined, strictErrors: [] };
  const members = checkMembers(body);
  if (members.problem !== undefined || outOfRange === undefined) return members;
  return refused(`number ${outOfRange} into Go struct field jsonPatchOp.value of type float64`);
}

/** What Go calls a JSON value that it cannot use. */
export function jsonWord(value: JsonValue): string {
  if (value === null) return "null";
  if (isJsonList(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value === "bigint" ? "number" : typeof value;
}

const strictNames = { list: "[]handlers.jsonPatchOp", item: "handlers.jsonPatchOp" };
const plainNames = { list: "jsonpatch.Patch", item: "jsonpatch.Operation" };

const texts: ReadonlySet<string> = new Set(["op", "path", "from"]);

function refused(what: string): OperationsCheck {
  return { problem: `json: cannot unmarshal ${what}`, strictErrors: [] };
}

/** The operations' members: their types, unknown and repeated ones, and repeated ones in their values, in the body's order. */
function checkMembers(body: string): OperationsCheck {
  const source = new JsonSource(body);
  const errors = new Set<string>();
  const operations = body.charAt(source.all.start) === "[" ? source.items(source.all) : [];
  for (const [i, span] of operations.entries()) {
    const members = body.charAt(span.start) === "{" ? source.members(span) : [];
    const seen = new Set<string>();
    for (const [name, { start, end }] of members) {
      const word = texts.has(name) ? misfitAt(body.charAt(start)) : undefined;
      if (word !== undefined)
        return refused(`${word} into Go struct field jsonPatchOp.${name} of type string`);
      if (!texts.has(name) && name !== "value") errors.add(`unknown field ${quote(`[${i}].${name}`)}`);
      else if (seen.has(name)) errors.add(`duplicate field ${quote(`[${i}].${name}`)}`);
      seen.add(name);
      if (name === "value")
        for (const error of repeatedIn(body.slice(start, end), `[${i}].value`)) errors.add(error);
    }
  }
  const strictErrors = [...errors].slice(0, strictErrorsMax).map((error) => `json patch ${error}`);
  return { problem: undefined, strictErrors };
}

/** What Go calls a value that is no string, by its first character; `null` fits. */
function misfitAt(first: string): string | undefined {
  switch (first) {
    case '"':
    case "n":
      return undefined;
    case "{":
      return "object";
    case "[":
      return "array";
    case "t":
    case "f":
      return "bool";
    default:
      return "number";
  }
}

/** As many as one body may collect in kube-apiserver. */
const strictErrorsMax = 100;

/** The repeated members inside a value, with the path to the value before their own. */
function repeatedIn(text: string, path: string): readonly string[] {
  const parsed = parseJsonValue(Buffer.from(text));
  const errors = parsed.kind === "parsed" ? parsed.strictErrors : [];
  return errors.map((error) =>
    error.replace(
      /^duplicate field "(\[?)/,
      (_, bracket) => `duplicate field "${path}${bracket === "[" ? "[" : "."}`,
    ),
  );
}
