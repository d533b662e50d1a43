import { textParameter, type Query } from "../codec/query.ts";

/**
 * The name to which a field selector limits a list or watch (`metadata.name=x`), so that who may read one object may also
 * watch it. Empty when it does not, or when the name could not stand in a path.
 */
export function fieldSelectorName(query: Query): string {
  const selector = textParameter(query, "fieldSelector");
  if (selector === "") return "";
  for (const term of terms(selector)) {
    const name = exactName.exec(term)?.[1];
    if (name !== undefined) return isPathSegment(name) ? name.replaceAll(escaped, "$1") : "";
  }
  return "";
}

const exactName = /^metadata\.name==?((?:[^=\\]|\\.)*)$/;
const escaped = /\\(.)/g;

/** Splits at commas that are not escaped. */
function terms(selector: string): readonly string[] {
  return selector.match(/(?:[^,\\]|\\.)+/g) ?? [];
}

function isPathSegment(name: string): boolean {
  return name !== "." && name !== ".." && !name.includes("/") && !name.includes("%");
}
