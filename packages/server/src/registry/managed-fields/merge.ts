import type { JsonValue } from "@leasehold/api";
import { isJsonList } from "./go-text.ts";
import { entriesOf, isEmptyObject, isJsonObject, own, setOwn, type MaybeValue } from "./json-value.ts";
import { itemElements } from "./list-items.ts";
import type { PathElement } from "./path-element.ts";
import { shapeOf, typeOfKey, type ListSchema, type MapSchema, type SchemaType } from "./schema-type.ts";

/**
 * What `live` becomes when `applied` is laid over it: leaves are taken from `applied`, nothing is removed. The items
 * of a set or of a list with keys stand in the order of `applied`, with those that only `live` has where they were.
 *
 * Undefined when nothing is left to say, e.g. an empty list over a list that is there.
 */
export function mergeTyped(type: SchemaType, live: MaybeValue, applied: MaybeValue): MaybeValue {
  const shape = shapeOf(type, applied ?? live);
  if (shape.kind === "map") return mergeMaps(shape, live, applied);
  if (shape.kind === "list") return mergeLists(shape, live, applied);
  return applied === undefined ? live : applied;
}

function mergeMaps(type: MapSchema, liveValue: MaybeValue, appliedValue: MaybeValue): MaybeValue {
  const live = isJsonObject(liveValue) ? liveValue : {};
  const applied = isJsonObject(appliedValue) ? appliedValue : {};
  if (type.relation === "atomic" || (isEmptyObject(live) && isEmptyObject(applied))) {
    return appliedValue === undefined ? liveValue : appliedValue;
  }
  const out: Record<string, JsonValue> = {};
  for (const [key, item] of entriesOf(live))
    put(out, key, mergeField(type, key, { live: item, applied: own(applied, key) }));
  for (const [key, item] of entriesOf(applied)) {
    if (own(live, key) === undefined)
      put(out, key, mergeField(type, key, { live: undefined, applied: item }));
  }
  return isEmptyObject(out) ? undefined : out;
}

function mergeField(
  type: MapSchema,
  key: string,
  { live, applied }: { live: MaybeValue; applied: MaybeValue },
): MaybeValue {
  const field = typeOfKey(type, key);
  return field === undefined ? undefined : mergeTyped(field, live, applied);
}

function put(out: Record<string, JsonValue>, key: string, value: MaybeValue): void {
  if (value !== undefined) setOwn(out, key, value);
}

function mergeLists(type: ListSchema, liveValue: MaybeValue, appliedValue: MaybeValue): MaybeValue {
  const live = isJsonList(liveValue) ? liveValue : [];
  const applied = isJsonList(appliedValue) ? appliedValue : [];
  if (type.relation === "atomic" || (live.length === 0 && applied.length === 0)) {
    return appliedValue === undefined ? liveValue : appliedValue;
  }
  const out = new ListMerge(type, live, applied).run();
  return out.length === 0 ? undefined : out;
}

/**
 * Walks both lists at once. Each round takes an item of `applied`, or one that only `live` has; items in both are taken
 * where `applied` has them, and skipped in `live`.
 */
class ListMerge {
  readonly type: ListSchema;
  readonly live: readonly JsonValue[];
  readonly liveElements: readonly PathElement[];
  readonly appliedElements: readonly PathElement[];
  readonly liveByKey: ReadonlyMap<string, JsonValue>;
  readonly appliedByKey: ReadonlyMap<string, JsonValue>;
  readonly taken = new Set<string>();
  readonly out: JsonValue[] = [];
  /** The keys in both lists that are still to come, in the order of `applied`. */
  shared: readonly string[];

  constructor(type: ListSchema, live: readonly JsonValue[], applied: readonly JsonValue[]) {
    this.type = type;
    this.live = live;
    this.liveElements = definedElements(type, live);
    this.appliedElements = definedElements(type, applied);
    this.liveByKey = index(type, live);
    this.appliedByKey = index(type, applied);
    this.shared = this.appliedElements.map(({ id }) => id).filter((id) => this.liveByKey.has(id));
  }

  run(): readonly JsonValue[] {
    let l = 0;
    let a = 0;
    while (l < this.liveElements.length || a < this.appliedElements.length) {
      const live = this.liveElements[l];
      const applied = this.appliedElements[a];
      if (live !== undefined && applied !== undefined) {
        if (live.id === applied.id) {
          this.takeApplied(applied);
          this.shared = this.shared.slice(1);
          l++;
          a++;
          continue;
        }
        if (this.appliedByKey.has(live.id) && this.shared.length > 0 && this.shared[0] !== live.id) {
          l++;
          continue;
        }
      }
      if (live !== undefined) {
        if (!this.appliedByKey.has(live.id)) {
          this.push(mergeTyped(this.type.element, this.live[l], undefined));
          l++;
          continue;
        }
        if (this.taken.has(live.id)) l++;
      }
      if (applied !== undefined) {
        this.takeApplied(applied);
        if (this.shared[0] === applied.id) this.shared = this.shared.slice(1);
        a++;
      }
    }
    return this.out;
  }

  takeApplied({ id }: PathElement): void {
    this.taken.add(id);
    this.push(mergeTyped(this.type.element, this.liveByKey.get(id), this.appliedByKey.get(id)));
  }

  push(value: MaybeValue): void {
    if (value !== undefined) this.out.push(value);
  }
}

function definedElements(type: ListSchema, items: readonly JsonValue[]): readonly PathElement[] {
  return itemElements(type, items).filter((element) => element !== undefined);
}

/** Items by key. One that is there twice is null: it is replaced, not merged with. */
function index(type: ListSchema, items: readonly JsonValue[]): ReadonlyMap<string, JsonValue> {
  const byKey = new Map<string, JsonValue>();
  for (const [i, element] of itemElements(type, items).entries()) {
    if (element !== undefined) byKey.set(element.id, byKey.has(element.id) ? null : (items[i] ?? null));
  }
  return byKey;
}
