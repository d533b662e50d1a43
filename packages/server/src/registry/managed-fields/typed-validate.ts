import type { JsonValue } from "@leasehold/api";
import { goPrint, goSyntax, goType, isJsonList } from "./go-text.ts";
import { entriesOf, isJsonObject } from "./json-value.ts";
import { itemElement } from "./list-items.ts";
import { fieldElement, indexElement, printPathElement, type PathElement } from "./path-element.ts";
import {
  shapeOf,
  typeOfKey,
  type ListSchema,
  type MapSchema,
  type ScalarSchema,
  type SchemaType,
} from "./schema-type.ts";

/** What does not fit a type, and where: `.spec.bogus`, `field not declared in schema`. */
export interface SchemaError {
  readonly path: string;
  readonly message: string;
}

export interface ValidateOptions {
  /** Live objects may hold an item twice; an applied configuration may not. */
  readonly allowDuplicates: boolean;
}

/** Everything about `value` that its type does not allow; empty when it fits. */
export function validateTyped(
  type: SchemaType,
  value: JsonValue,
  options: ValidateOptions,
): readonly SchemaError[] {
  const walk: Walk = { options, errors: [], path: [] };
  visit(walk, type, value);
  return walk.errors;
}

/** One error as a line, several under a heading. */
export function printSchemaErrors(errors: readonly SchemaError[]): string {
  const lines = errors.map((error) =>
    error.path === "" ? error.message : `${error.path}: ${error.message}`,
  );
  const [first] = lines;
  return lines.length === 1 && first !== undefined
    ? first
    : ["errors:", ...lines.map((line) => `  ${line}`)].join("\n");
}

interface Walk {
  readonly options: ValidateOptions;
  readonly errors: SchemaError[];
  readonly path: PathElement[];
}

function visit(walk: Walk, type: SchemaType, value: JsonValue): void {
  if (value === null) return;
  const shape = shapeOf(type, value);
  if (shape.kind === "scalar") visitScalar(walk, shape, value);
  else if (shape.kind === "map") visitMap(walk, shape, value);
  else visitList(walk, shape, value);
}

function visitScalar(walk: Walk, { scalar }: ScalarSchema, value: JsonValue): void {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (scalar === "numeric" && !isNumber) {
    report(walk, `expected numeric (int or float), got ${goType(value)}`);
  } else if (scalar === "string" && typeof value !== "string") {
    report(walk, `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
  } else if (scalar === "boolean" && typeof value !== "boolean") {
    report(walk, `expected boolean, got &{${goPrint(value)}}`);
  } else if (scalar === "untyped" && typeof value === "object") {
    report(walk, `expected any scalar, got &{${goPrint(value)}}`);
  }
}

/**
 * Stops at the first field that is not declared: what follows is not looked at. kube-apiserver walks a Go map, whose order is of
 * chance and most often, in a map this small, the order of its keys.
 */
function visitMap(walk: Walk, type: MapSchema, value: JsonValue): void {
  if (!isJsonObject(value)) return report(walk, `expected map, got &{${goPrint(value)}}`);
  for (const [key, item] of [...entriesOf(value)].toSorted(byKey)) {
    const field = typeOfKey(type, key);
    walk.path.push(fieldElement(key));
    if (field === undefined) report(walk, "field not declared in schema");
    else visit(walk, field, item);
    walk.path.pop();
    if (field === undefined) return;
  }
}

function byKey([one]: readonly [string, JsonValue], [other]: readonly [string, JsonValue]): number {
  return one < other ? -1 : 1;
}

/** Stops at the first item that no step leads to. */
function visitList(walk: Walk, type: ListSchema, value: JsonValue): void {
  if (!isJsonList(value)) return report(walk, `expected list, got &{${goPrint(value)}}`);
  const seen = new Set<string>();
  for (const [i, item] of value.entries()) {
    const element =
      type.relation === "atomic" ? indexElement(i) : associatedElement(walk, { type, item, place: i });
    if (element === undefined) return;
    if (seen.has(element.id) && !walk.options.allowDuplicates) {
      report(walk, `duplicate entries for key ${printPathElement(element)}`);
    }
    seen.add(element.id);
    walk.path.push(element);
    visit(walk, type.element, item);
    walk.path.pop();
  }
}

function associatedElement(
  walk: Walk,
  { type, item, place }: { type: ListSchema; item: JsonValue; place: number },
): PathElement | undefined {
  const result = itemElement(type, item);
  if (result.kind === "element") return result.element;
  report(walk, `element ${place}: ${result.message}`);
  return undefined;
}

function report(walk: Walk, message: string): void {
  walk.errors.push({ path: walk.path.map(printPathElement).join(""), message });
}
