import { typeRefusal } from "./decode-object.ts";
import { apiVersionOf, type ApiObject, type ServedKind } from "./kind.ts";
import { objectMeta } from "./meta/object-meta.ts";
import { readBody } from "./read-body.ts";
import type { MessageTable } from "./schema.ts";

/** The text of an object that a JSON patch or merge patch has changed. */
export interface PatchedText {
  readonly text: string;
  /** The kind and version that the URL names. */
  readonly kind: ServedKind;
  /** All kinds of the server, to tell a wrong kind from an unknown one. */
  readonly kinds: readonly ServedKind[];
}

export type DecodedPatched =
  | { readonly kind: "decoded"; readonly object: ApiObject; readonly strictErrors: readonly string[] }
  /** Why it is no object of the kind any more, in Go's words. */
  | { readonly kind: "invalid"; readonly message: string };

/** Reads a patched object. A patch may even change or remove the kind and the version. */
export function decodePatched({ text, kind, kinds }: PatchedText): DecodedPatched {
  const bytes = new TextEncoder().encode(text);
  const expected = { group: kind.group, version: hubVersion, kind: kind.kind };
  const reading = readBody({ bytes, mediaType: "application/json", expected, table: kind.table });
  if (reading.kind === "unrecognized") return { kind: "invalid", message: reading.message };
  const refusal = typeRefusal(reading, { kind, kinds });
  if (refusal !== undefined) return { kind: "invalid", message: refusal };
  const isHub = reading.type.version === hubVersion;
  const { value, error, strictErrors } = reading.read(isHub ? hubTable(kind.table) : kind.table);
  if (error !== undefined) return { kind: "invalid", message: error };
  const fields = isHub ? hubFields(value) : value;
  const object = { ...fields, apiVersion: apiVersionOf(kind), kind: kind.kind } as unknown as ApiObject;
  return { kind: "decoded", object, strictErrors };
}

/** What kube-apiserver calls the form in which it handles objects inside: that of an object that names no version. */
const hubVersion = "__internal";

/**
 * The fields of that form in JSON. Nobody has named them for JSON: those of metadata stand at the top, and the others
 * have their names in Go. So an object without its apiVersion has next to nothing in it that is known.
 */
function hubTable(table: MessageTable): MessageTable {
  const others = table.fields.filter((field) => field.name !== "metadata");
  const capitalized = others.map((field) => ({
    ...field,
    name: field.name.charAt(0).toUpperCase() + field.name.slice(1),
  }));
  return { ...table, fields: [...objectMeta.fields, ...capitalized] };
}

function hubFields(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const metadata: Record<string, unknown> = {};
  const fields: Record<string, unknown> = { metadata };
  for (const [name, member] of Object.entries(value)) {
    const lower = name.charAt(0).toLowerCase() + name.slice(1);
    if (lower === name) metadata[name] = member;
    else fields[lower] = member;
  }
  return fields;
}
