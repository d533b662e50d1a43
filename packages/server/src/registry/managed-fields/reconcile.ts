import { FieldSet, recursiveDifference, union } from "./field-set.ts";
import type { Path, PathElement } from "./path-element.ts";
import type { SchemaType } from "./schema-type.ts";

/**
 * A stored set, brought in line with the type as it is now: whoever owned parts of what is owned whole today owns the
 * whole of it. (The other way round nothing is done: the owner of the whole stays its owner.)
 */
export function reconcileWithSchema(type: SchemaType, set: FieldSet): FieldSet {
  const wholes: Path[] = [];
  findWholes({ type, set, whole: false }, [], wholes);
  if (wholes.length === 0) return set;
  const roots = new FieldSet();
  for (const path of wholes) roots.insert(path);
  return union(recursiveDifference(set, roots), roots);
}

interface Place {
  readonly type: SchemaType | undefined;
  readonly set: FieldSet | undefined;
  /** The field is a member and nothing below it is. */
  readonly whole: boolean;
}

function findWholes({ type, set, whole }: Place, path: PathElement[], out: Path[]): void {
  if (type === undefined || type.kind === "scalar" || type.kind === "any") return;
  const atomic = type.relation === "atomic";
  if (!whole && atomic) {
    if (type.kind === "list" || (set !== undefined && set.nodes.size > 0)) out.push([...path]);
    return;
  }
  for (const node of set?.nodes.values() ?? []) {
    const inner = type.kind === "list" ? type.element : typeBelow(type, node.element);
    path.push(node.element);
    findWholes(
      { type: inner, set: node.children, whole: node.member && node.children === undefined },
      path,
      out,
    );
    path.pop();
  }
}

function typeBelow(type: Extract<SchemaType, { kind: "map" }>, element: PathElement): SchemaType | undefined {
  return (element.kind === "field" ? type.fields.get(element.name)?.type : undefined) ?? type.element;
}
