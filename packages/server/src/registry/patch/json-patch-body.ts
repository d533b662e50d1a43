import { parseJsonValue, quote, type JsonValue } from "@leasehold/api";
import { isJsonList } from "../managed-fields/go-text.ts";
import { entriesOf, isJsonObject } from "../managed-fields/json-value.ts";
import { JsonSource } from "./json-source.ts";

export interface OperationsCheck {
  /** Why the body is no list of operations, in Go's words. */
  readonly problem: string | undefined;
  /** What only a strict reader minds. */
  readonly strictErrors: readonly string[];
}

/** Whether a body is a JSON patch as far as its form goes. A strict reader looks into the operations as well. */
export function checkOperations(
  value: JsonValue,
  { body, isStrict }: { readonly body: string; readonly isStrict: boolean },
): OperationsCheck {
  const names = isStrict ? strictNames : plainNames;
  if (value !== null && !isJsonList(value))
    return refused(`${jsonWord(value)} into Go value of type ${names.list}`);
  for (const item of value ?? []) {
    if (item !== null && !isJsonObject(item))
      return refused(`${jsonWord(item)} into Go value of type ${names.item}`);
    const misfit = isStrict && item !== null ? misfitIn(item) : undefined;
    if (misfit !== undefined) return refused(misfit);
  }
  return { problem: undefined, strictErrors: isStrict ? strictErrorsIn(body) : [] };
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

function misfitIn(
  operation: Extract<JsonValue, { readonly [key: string]: JsonValue | undefined }>,
): string | undefined {
  for (const [name, value] of entriesOf(operation)) {
    if (texts.has(name) && typeof value !== "string" && value !== null) {
      return `${jsonWord(value)} into Go struct field jsonPatchOp.${name} of type string`;
    }
  }
  return undefined;
}

/** Unknown and repeated members of the operations, and repeated ones in their values, in the body's order. */
function strictErrorsIn(body: string): readonly string[] {
  const source = new JsonSource(body);
  if (body.charAt(source.all.start) !== "[") return [];
  const errors = new Set<string>();
  for (const [i, span] of source.items(source.all).entries()) {
    const members = body.charAt(span.start) === "{" ? source.members(span) : [];
    const seen = new Set<string>();
    for (const [name, { start, end }] of members) {
      if (!texts.has(name) && name !== "value") errors.add(`unknown field ${quote(`[${i}].${name}`)}`);
      else if (seen.has(name)) errors.add(`duplicate field ${quote(`[${i}].${name}`)}`);
      seen.add(name);
      if (name === "value")
        for (const error of repeatedIn(body.slice(start, end), `[${i}].value`)) errors.add(error);
    }
  }
  return [...errors].slice(0, strictErrorsMax).map((error) => `json patch ${error}`);
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
