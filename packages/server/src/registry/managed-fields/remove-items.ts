import type { JsonValue } from "@leasehold/api";
import { below, hasElement, isEmpty, type FieldSet } from "./field-set.ts";
import { isJsonList } from "./go-text.ts";
import { entriesOf, isJsonObject, setOwn } from "./json-value.ts";
import { itemElements } from "./list-items.ts";
import { fieldElement } from "./path-element.ts";
import { shapeOf, typeOfKey, type ListSchema, type MapSchema, type SchemaType } from "./schema-type.ts";

/** The value without the fields and items in `removed`. A container of which nothing is left becomes null. */
export function removeItems(type: SchemaType, value: JsonValue, removed: FieldSet): JsonValue {
  const shape = shapeOf(type, value);
  if (shape.kind === "scalar") return value;
  if (shape.relation === "atomic") return null;
  if (shape.kind === "map") return isJsonObject(value) ? removeFields(shape, value, removed) : null;
  return isJsonList(value) ? removeFromList(shape, value, removed) : null;
}

function removeFields(
  type: MapSchema,
  value: Readonly<Record<string, JsonValue | undefined>>,
  removed: FieldSet,
): JsonValue {
  const out: Record<string, JsonValue> = {};
  let left = false;
  for (const [key, item] of entriesOf(value)) {
    const element = type.fields.get(key)?.element ?? fieldElement(key);
    if (hasElement(removed, element)) continue;
    const inside = below(removed, element);
    const field = typeOfKey(type, key);
    setOwn(out, key, isEmpty(inside) || field === undefined ? item : removeItems(field, item, inside));
    left = true;
  }
  return left ? out : null;
}

function removeFromList(type: ListSchema, value: readonly JsonValue[], removed: FieldSet): JsonValue {
  const out: JsonValue[] = [];
  for (const [i, element] of itemElements(type, value).entries()) {
    const item = value[i] ?? null;
    if (element === undefined) out.push(item);
    else if (!hasElement(removed, element)) {
      const inside = below(removed, element);
      out.push(isEmpty(inside) ? item : removeItems(type.element, item, inside));
    }
  }
  return out.length === 0 ? null : out;
}
