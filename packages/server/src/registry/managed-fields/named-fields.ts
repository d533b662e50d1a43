import { FieldSet } from "./field-set.ts";
import type { SchemaType } from "./schema-type.ts";

/**
 * The set with every declared field that has members below it as a member too: `spec.holderIdentity` then comes with
 * `spec`, but `labels.a` not with what a map has. So a message goes when all that was in it goes.
 */
export function withNamedFields(type: SchemaType | undefined, set: FieldSet): FieldSet {
  const out = new FieldSet();
  for (const [id, node] of set.nodes) {
    const declared =
      type?.kind === "map" && node.element.kind === "field" && type.fields.has(node.element.name);
    const children =
      node.children === undefined
        ? undefined
        : withNamedFields(typeBelow(type, node.element.kind, id), node.children);
    out.nodes.set(id, {
      element: node.element,
      member: node.member || (declared && children !== undefined),
      children,
    });
  }
  return out;
}

function typeBelow(
  type: SchemaType | undefined,
  kind: "field" | "key" | "value" | "index",
  id: string,
): SchemaType | undefined {
  if (kind === "field" && type?.kind === "map") return type.fields.get(id.slice(2))?.type ?? type.element;
  return kind === "key" && type?.kind === "list" ? type.element : undefined;
}
