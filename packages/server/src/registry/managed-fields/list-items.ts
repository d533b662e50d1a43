import { quote, type JsonValue } from "@leasehold/api";
import { isJsonObject } from "./json-value.ts";
import { keyElement, valueElement, type KeyField, type PathElement } from "./path-element.ts";
import type { ListSchema } from "./schema-type.ts";

export type ItemElement =
  | { readonly kind: "element"; readonly element: PathElement }
  | { readonly kind: "invalid"; readonly message: string };

/** The step to an item of a list that is a set or a map: by its value, or by its keys. */
export function itemElement(list: ListSchema, item: JsonValue): ItemElement {
  return list.relation === "map" && list.keys.length > 0 ? keyedElement(list, item) : setElement(item);
}

/** The steps to the items that have one. */
export function itemElements(
  list: ListSchema,
  items: readonly JsonValue[],
): readonly (PathElement | undefined)[] {
  return items.map((item) => {
    const result = itemElement(list, item);
    return result.kind === "element" ? result.element : undefined;
  });
}

function setElement(item: JsonValue): ItemElement {
  if (item === null) return invalid("associative list without keys has an element that's an explicit null");
  if (isJsonObject(item)) return invalid("associative list without keys has an element that's a map type");
  if (typeof item === "object") return invalid("not supported: associative list with lists as elements");
  return { kind: "element", element: valueElement(item) };
}

function keyedElement(list: ListSchema, item: JsonValue): ItemElement {
  if (item === null) return invalid("associative list with keys may not have a null element");
  if (!isJsonObject(item)) return invalid("associative list with keys may not have non-map elements");
  const fields: KeyField[] = [];
  for (const name of list.keys) {
    const value = item[name] ?? keyDefault(list, name, item);
    if (value !== undefined) fields.push({ name, value });
  }
  if (fields.length > 0) return { kind: "element", element: keyElement(fields) };
  const keys = `[${list.keys.map(quote).join(" ")}]`;
  return invalid(
    `associative list with keys has an element that omits all key fields ${keys} (and doesn't have default values for any key fields)`,
  );
}

function keyDefault(
  list: ListSchema,
  name: string,
  item: { readonly [key: string]: unknown },
): JsonValue | undefined {
  if (item[name] === null) return null;
  const value = list.element.kind === "map" ? list.element.fields.get(name)?.default : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined;
}

function invalid(message: string): ItemElement {
  return { kind: "invalid", message };
}
