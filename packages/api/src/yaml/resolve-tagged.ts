import { type ResolvedScalar, resolveScalar } from "./resolve-scalar.ts";
import type { ScalarContent } from "./yaml-parser.ts";
import { YamlRefusal } from "./yaml-refusal.ts";

const standardPrefix = "tag:yaml.org,2002:";

/** What a scalar means: its text as it is, what a plain one looks like, or what its tag says. Throws a YamlRefusal. */
export function resolveTagged({ tag, text, isPlain }: ScalarContent): ResolvedScalar {
  if (tag === "" && !isPlain) return { kind: "string", value: text };
  const name = tag.startsWith(standardPrefix) ? tag.slice(standardPrefix.length) : tag;
  if (name === "binary" && name !== tag) return { kind: "string", value: decodedBase64(text) };
  if (tag !== "" && (name === tag || !resolvable.has(name))) return { kind: "string", value: text };
  if (name === "str") return { kind: "string", value: text };
  const resolved = resolveScalar(text);
  if (name === "" || name === tagOf(resolved)) return resolved;
  if (name === "float" && resolved.kind === "int") return { kind: "float", value: Number(resolved.value) };
  throw new YamlRefusal(`cannot decode !!${tagOf(resolved)} \`${text}\` as a !!${name}`);
}

/** Other tags say nothing: their scalars are strings. */
const resolvable: ReadonlySet<string> = new Set(["str", "bool", "int", "float", "null", "timestamp"]);

function tagOf({ kind }: ResolvedScalar): string {
  return kind === "string" ? "str" : kind;
}

function decodedBase64(text: string): string {
  const clean = text.replace(/[\r\n]/g, "");
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(clean))
    throw new YamlRefusal("!!binary value contains invalid base64 data");
  const bytes = Uint8Array.from(atob(clean), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
