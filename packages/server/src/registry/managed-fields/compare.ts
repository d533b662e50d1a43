import type { JsonValue } from "@leasehold/api";
import { FieldSet } from "./field-set.ts";
import { isJsonList } from "./go-text.ts";
import { entriesOf, equalValues, isEmptyObject, isJsonObject, own, type MaybeValue } from "./json-value.ts";
import { itemElements } from "./list-items.ts";
import { fieldElement, type PathElement } from "./path-element.ts";
import { shapeOf, typeOfKey, type ListSchema, type MapSchema, type SchemaType } from "./schema-type.ts";

/** How one object differs from another. No field is in two of the sets. */
export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

/** What changed on the way from `old` to `new`, both of type `type`. */
export function compare(type: SchemaType, change: { old: JsonValue; new: JsonValue }): Comparison {
  const walk = new CompareWalk();
  walk.visit(type, change.old, change.new);
  return walk;
}

class CompareWalk implements Comparison {
  readonly removed = new FieldSet();
  readonly modified = new FieldSet();
  readonly added = new FieldSet();
  readonly path: PathElement[] = [];

  /** One of the two is there. A container that came or went is a field itself, beside what it contains. */
  visit(type: SchemaType, old: MaybeValue, value: MaybeValue): void {
    const shape = shapeOf(type, value ?? old);
    const leaf =
      shape.kind === "map"
        ? this.visitMap(shape, old, value)
        : shape.kind === "list"
          ? this.visitList(shape, old, value)
          : true;
    if (leaf) this.visitLeaf(old, value);
    else if (old === undefined) this.added.insert(this.path);
    else if (value === undefined) this.removed.insert(this.path);
  }

  visitLeaf(old: MaybeValue, value: MaybeValue): void {
    if (old === undefined) this.added.insert(this.path);
    else if (value === undefined) this.removed.insert(this.path);
    else if (!equalValues(old, value)) this.modified.insert(this.path);
  }

  /** True when the map is a leaf: owned whole, or empty on both sides, which keeps "empty" and "null" apart. */
  visitMap(type: MapSchema, oldValue: MaybeValue, newValue: MaybeValue): boolean {
    const old = isJsonObject(oldValue) ? oldValue : {};
    const value = isJsonObject(newValue) ? newValue : {};
    if (type.relation === "atomic" || (isEmptyObject(old) && isEmptyObject(value))) return true;
    for (const [key, item] of entriesOf(old))
      this.visitField(type, key, { old: item, value: own(value, key) });
    for (const [key, item] of entriesOf(value)) {
      if (own(old, key) === undefined) this.visitField(type, key, { old: undefined, value: item });
    }
    return false;
  }

  visitField(type: MapSchema, key: string, change: { old: MaybeValue; value: MaybeValue }): void {
    const field = typeOfKey(type, key);
    if (field === undefined) return;
    this.path.push(type.fields.get(key)?.element ?? fieldElement(key));
    this.visit(field, change.old, change.value);
    this.path.pop();
  }

  visitList(type: ListSchema, oldValue: MaybeValue, newValue: MaybeValue): boolean {
    const old = isJsonList(oldValue) ? oldValue : [];
    const value = isJsonList(newValue) ? newValue : [];
    if (type.relation === "atomic" || (old.length === 0 && value.length === 0)) return true;
    const groups = new Map<string, ItemGroup>();
    gather(groups, { type, items: old, side: "old" });
    gather(groups, { type, items: value, side: "value" });
    for (const group of groups.values()) this.visitItems(type, group);
    return false;
  }

  /** Items of one key. Several on a side are taken as one value: nobody can tell which is which. */
  visitItems(type: ListSchema, { element, old, value }: ItemGroup): void {
    this.path.push(element);
    if (old.length <= 1 && value.length <= 1) this.visit(type.element, old[0], value[0]);
    else if (old.length > 1 && value.length > 1) {
      if (!equalValues(old, value)) this.modified.insert(this.path);
    } else if (old.length > 1) {
      if (value.length > 0) this.visit(type.element, undefined, value[0]);
      this.removed.insert(this.path);
    } else {
      if (old.length > 0) this.visit(type.element, old[0], undefined);
      this.added.insert(this.path);
    }
    this.path.pop();
  }
}

interface ItemGroup {
  readonly element: PathElement;
  readonly old: JsonValue[];
  readonly value: JsonValue[];
}

interface Side {
  readonly type: ListSchema;
  readonly items: readonly JsonValue[];
  readonly side: "old" | "value";
}

function gather(groups: Map<string, ItemGroup>, { type, items, side }: Side): void {
  for (const [i, element] of itemElements(type, items).entries()) {
    const item = items[i];
    if (element === undefined || item === undefined) continue;
    const group = groups.get(element.id) ?? { element, old: [], value: [] };
    group[side].push(item);
    groups.set(element.id, group);
  }
}
