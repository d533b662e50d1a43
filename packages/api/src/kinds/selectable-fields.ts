import type { ApiObject, SelectableFields } from "../kind.ts";
import { quote } from "../quote.ts";

/** What every namespaced object can be selected by. */
export const namespacedFields: SelectableFields = {
  names: ["metadata.name", "metadata.namespace"],
  refusal: unknownField,
  valueOf: ({ metadata }, field) => (field === "metadata.name" ? metadata.name : metadata.namespace) ?? "",
};

/** The same for objects of cluster scope, whose namespace may be asked for, though they have none. */
export const clusterFields: SelectableFields = {
  names: ["metadata.name", "metadata.namespace"],
  refusal: unknownField,
  valueOf: ({ metadata }, field) => (field === "metadata.name" ? (metadata.name ?? "") : ""),
};

/** Fields of a kind that says itself which ones it knows. */
export function ownFields<O extends ApiObject>(
  fields: Readonly<Record<string, (object: O) => string>>,
): SelectableFields<O> {
  return {
    names: Object.keys(fields),
    refusal: (field) => `field label not supported: ${field}`,
    valueOf: (object, field) => fields[field]?.(object) ?? "",
  };
}

function unknownField(field: string): string {
  return `${quote(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}
