import { parseJsonValue } from "../json/parse-json-value.ts";
import { emitYaml } from "./emit.ts";

/** JSON text as the YAML that kube-apiserver makes of it, keys sorted. */
export function jsonToYaml(json: string): string {
  const parsing = parseJsonValue(utf8.encode(json));
  if (parsing.kind === "malformed") throw new Error(`what was encoded is no JSON: ${parsing.message}`);
  return emitYaml(parsing.value);
}

const utf8 = new TextEncoder();
