import { nameMessages, parseFieldTerms, parseLabelSelector, StatusError } from "@leasehold/api";
import { integerParameter, textParameter, type Query } from "../codec/query.ts";

/**
 * The name to which a field selector limits a list or watch (`metadata.name=x`), so that who may read one object may also
 * watch it. Empty when it does not, when the name could not stand in a path, and when any of the options cannot be read:
 * then none of them counts.
 */
export function fieldSelectorName(query: Query): string {
  const selector = textParameter(query, "fieldSelector");
  if (selector === "") return "";
  const name = selectedName(selector);
  return name !== undefined && isPathSegment(name) && areReadable(query) ? name : "";
}

function selectedName(selector: string): string | undefined {
  const terms = unlessRefused(() => parseFieldTerms(selector)) ?? [];
  return terms.find(({ field, operator }) => field === "metadata.name" && operator === "=")?.value;
}

function isPathSegment(name: string): boolean {
  return nameMessages("segment", name).length === 0;
}

function areReadable(query: Query): boolean {
  return (
    unlessRefused(() => parseLabelSelector(textParameter(query, "labelSelector"))) !== undefined &&
    ["limit", "timeoutSeconds"].every((name) => integerParameter(query, name).kind !== "malformed")
  );
}

function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}
