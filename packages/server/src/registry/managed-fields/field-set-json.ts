import type { FieldsV1 } from "@leasehold/api";
import { FieldSet, isEmpty, sortedNodes, type FieldNode } from "./field-set.ts";
import { parsePathElement } from "./path-element.ts";

/**
 * The set as FieldsV1 writes it. A node is an object of its children; one without any is a member; a member that has
 * children says so with `"."`: `{"f:a":{".":{},"f:b":{}}}` is `{a, a.b}`, `{"f:a":{"f:b":{}}}` is `{a.b}`.
 */
export function fieldSetToFields(set: FieldSet): FieldsV1 {
  const fields: Record<string, FieldsV1> = {};
  for (const node of sortedNodes(set)) {
    if (node.children === undefined || isEmpty(node.children)) fields[node.element.id] = {};
    else
      fields[node.element.id] = { ...(node.member ? { ".": {} } : {}), ...fieldSetToFields(node.children) };
  }
  return fields;
}

/** Undefined when it is not a set: a step that cannot be read, a value that is not an object. */
export function fieldSetFromFields(fields: unknown): FieldSet | undefined {
  const node = isFields(fields) ? readNode(fields) : undefined;
  return node === undefined ? undefined : (node.children ?? new FieldSet());
}

interface ReadNode {
  readonly member: boolean;
  readonly children: FieldSet | undefined;
}

function readNode(fields: unknown): ReadNode | undefined {
  if (fields === null) return { member: true, children: undefined };
  if (!isFields(fields)) return undefined;
  const set = new FieldSet();
  let member = false;
  for (const [key, value] of Object.entries(fields)) {
    if (key === ".") {
      member = true;
      continue;
    }
    const parsed = parsePathElement(key);
    if (parsed.kind === "unknown") continue;
    const node = parsed.kind === "invalid" ? undefined : readNode(value);
    if (parsed.kind === "invalid" || node === undefined) return undefined;
    add(set, { element: parsed.element, ...node });
  }
  return set.nodes.size === 0 ? { member: true, children: undefined } : { member, children: set };
}

/** Two spellings of one step (`v:1`, `v:1.0`) are one node. */
function add(set: FieldSet, node: FieldNode): void {
  const there = set.nodes.get(node.element.id);
  set.nodes.set(node.element.id, {
    element: node.element,
    member: node.member || there?.member === true,
    children: node.children ?? there?.children,
  });
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
