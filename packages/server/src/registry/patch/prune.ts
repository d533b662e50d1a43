import type { JsonValue } from "@leasehold/api";
import {
  difference,
  emptySet,
  intersection,
  isEmpty,
  union,
  type FieldSet,
} from "../managed-fields/field-set.ts";
import { withNamedFields } from "../managed-fields/named-fields.ts";
import { removeItems } from "../managed-fields/remove-items.ts";
import type { SchemaType } from "../managed-fields/schema-type.ts";
import { toFieldSet } from "../managed-fields/to-field-set.ts";

export interface Owners {
  /** What the applier owned before this apply. */
  readonly last: FieldSet;
  /** What everybody owns now, the applier with its new set included. */
  readonly owned: readonly FieldSet[];
}

/**
 * Removes what the applier owned and gives up, unless somebody owns it: first all that it owned, then what somebody
 * owns is put back, then what went along though the applier never owned it (a field inside a message that it owned).
 */
export function prune(type: SchemaType, merged: JsonValue, { last, owned }: Owners): JsonValue {
  if (isEmpty(last)) return merged;
  const fields = namedFields(type, merged);
  const owns = withNamedFields(type, owned.reduce(union, emptySet));
  const emptied = namedFields(type, removeItems(type, merged, withNamedFields(type, last)));
  const restored = namedFields(type, removeItems(type, merged, difference(fields, union(emptied, owns))));
  return removeItems(type, merged, intersection(difference(fields, restored), withNamedFields(type, last)));
}

function namedFields(type: SchemaType, value: JsonValue): FieldSet {
  return withNamedFields(type, toFieldSet(type, value));
}
