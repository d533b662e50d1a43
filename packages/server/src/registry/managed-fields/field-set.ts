import { comparePathElements, type Path, type PathElement } from "./path-element.ts";

/**
 * A set of fields: a tree of path elements, some of which are members. `{a, a.b.c}` is a node `a` that is a member and
 * has a child `b`, which is none, which has a child `c`, which is one.
 *
 * Built by `insert`, then never changed: the operations below make new sets and share what they did not touch.
 */
export class FieldSet {
  readonly nodes = new Map<string, FieldNode>();

  /** Adds a field. Its parents are not added with it; the empty path is nobody's. */
  insert(path: Path): void {
    const last = path.length - 1;
    let nodes = this.nodes;
    for (const [depth, element] of path.entries()) {
      const node = nodes.get(element.id);
      const children = node?.children ?? (depth < last ? new FieldSet() : undefined);
      nodes.set(element.id, { element, member: node?.member === true || depth === last, children });
      if (children !== undefined) nodes = children.nodes;
    }
  }
}

export interface FieldNode {
  readonly element: PathElement;
  readonly member: boolean;
  readonly children: FieldSet | undefined;
}

export function fieldSetOf(...paths: readonly Path[]): FieldSet {
  const set = new FieldSet();
  for (const path of paths) set.insert(path);
  return set;
}

export const emptySet: FieldSet = new FieldSet();

export function isEmpty(set: FieldSet | undefined): boolean {
  if (set === undefined) return true;
  for (const node of set.nodes.values()) if (node.member || !isEmpty(node.children)) return false;
  return true;
}

export function has(set: FieldSet, path: Path): boolean {
  let current: FieldSet | undefined = set;
  for (const [depth, element] of path.entries()) {
    const node: FieldNode | undefined = current?.nodes.get(element.id);
    if (node === undefined) return false;
    if (depth === path.length - 1) return node.member;
    current = node.children;
  }
  return false;
}

export function hasElement(set: FieldSet, element: PathElement): boolean {
  return set.nodes.get(element.id)?.member === true;
}

/** What the set says of the fields below `element`. */
export function below(set: FieldSet, element: PathElement): FieldSet {
  return set.nodes.get(element.id)?.children ?? emptySet;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const out = new FieldSet();
  for (const [id, node] of a.nodes) out.nodes.set(id, node);
  for (const [id, node] of b.nodes) {
    const other = a.nodes.get(id);
    out.nodes.set(id, other === undefined ? node : joinNodes(other, node));
  }
  return out;
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const out = new FieldSet();
  for (const [id, node] of a.nodes) {
    const other = b.nodes.get(id);
    if (other === undefined) continue;
    const children =
      node.children === undefined || other.children === undefined
        ? undefined
        : intersection(node.children, other.children);
    keep(out, { element: node.element, member: node.member && other.member, children });
  }
  return out;
}

/** The fields of `a` that are not in `b`. A field in `b` takes nothing below it away. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const out = new FieldSet();
  for (const [id, node] of a.nodes) {
    const other = b.nodes.get(id);
    if (other === undefined) {
      out.nodes.set(id, node);
      continue;
    }
    const children =
      node.children === undefined || other.children === undefined
        ? node.children
        : difference(node.children, other.children);
    keep(out, { element: node.element, member: node.member && !other.member, children });
  }
  return out;
}

/** The fields of `a` that are neither in `b` nor below a field in `b`. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  const out = new FieldSet();
  for (const [id, node] of a.nodes) {
    const other = b.nodes.get(id);
    if (other?.member === true) continue;
    const children =
      node.children === undefined || other?.children === undefined
        ? node.children
        : recursiveDifference(node.children, other.children);
    keep(out, { element: node.element, member: node.member, children });
  }
  return out;
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  return isEmpty(difference(a, b)) && isEmpty(difference(b, a));
}

/** The nodes in the order of FieldsV1. */
export function sortedNodes(set: FieldSet): readonly FieldNode[] {
  return [...set.nodes.values()].toSorted((a, b) => comparePathElements(a.element, b.element));
}

/** Every member's path: the members of a level first, then those below them. */
export function* pathsOf(set: FieldSet, prefix: Path = []): Generator<Path> {
  const nodes = sortedNodes(set);
  for (const node of nodes) if (node.member) yield [...prefix, node.element];
  for (const node of nodes) {
    if (node.children !== undefined) yield* pathsOf(node.children, [...prefix, node.element]);
  }
}

function joinNodes(a: FieldNode, b: FieldNode): FieldNode {
  const children =
    a.children === undefined || b.children === undefined
      ? (a.children ?? b.children)
      : union(a.children, b.children);
  return { element: a.element, member: a.member || b.member, children };
}

function keep(out: FieldSet, node: FieldNode): void {
  const children = isEmpty(node.children) ? undefined : node.children;
  if (!node.member && children === undefined) return;
  out.nodes.set(node.element.id, { element: node.element, member: node.member, children });
}
