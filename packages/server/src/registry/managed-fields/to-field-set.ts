import type { JsonValue } from "@leasehold/api";
import { FieldSet } from "./field-set.ts";
import { isJsonList } from "./go-text.ts";
import { entriesOf, isEmptyObject, isJsonObject } from "./json-value.ts";
import { itemElements } from "./list-items.ts";
import { fieldElement, type PathElement } from "./path-element.ts";
import { shapeOf, typeOfKey, type ListSchema, type MapSchema, type SchemaType } from "./schema-type.ts";

/** Every field that a value mentions: its leaves, the items of its lists, and the keys of its maps. */
export function toFieldSet(type: SchemaType, value: JsonValue): FieldSet {
  const walk: Walk = { set: new FieldSet(), path: [] };
  visit(walk, type, value);
  return walk.set;
}

interface Walk {
  readonly set: FieldSet;
  readonly path: PathElement[];
}

function visit(walk: Walk, type: SchemaType, value: JsonValue): void {
  const shape = shapeOf(type, value);
  if (shape.kind === "scalar" || shape.relation === "atomic") walk.set.insert(walk.path);
  else if (shape.kind === "map") visitMap(walk, shape, value);
  else visitList(walk, shape, value);
}

function visitMap(walk: Walk, type: MapSchema, value: JsonValue): void {
  if (!isJsonObject(value)) return;
  for (const [key, item] of entriesOf(value)) {
    const field = typeOfKey(type, key);
    if (field === undefined) continue;
    const declared = type.fields.get(key);
    walk.path.push(declared?.element ?? fieldElement(key));
    visit(walk, field, item);
    const empty = item === null || (isJsonObject(item) && isEmptyObject(item));
    if (empty || declared === undefined) walk.set.insert(walk.path);
    walk.path.pop();
  }
}

/** Items that share a key are one field, of which nothing more is said. */
function visitList(walk: Walk, type: ListSchema, value: JsonValue): void {
  if (!isJsonList(value)) return;
  const elements = itemElements(type, value);
  const counts = new Map<string, number>();
  for (const element of elements) {
    if (element !== undefined) counts.set(element.id, (counts.get(element.id) ?? 0) + 1);
  }
  for (const [i, element] of elements.entries()) {
    const item = value[i];
    if (element === undefined || item === undefined) continue;
    walk.path.push(element);
    if (counts.get(element.id) === 1) visit(walk, type.element, item);
    walk.set.insert(walk.path);
    walk.path.pop();
  }
}
