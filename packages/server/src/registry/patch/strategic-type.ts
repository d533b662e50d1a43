import { quote, type Field, type MessageTable } from "@leasehold/api";
import { internal } from "./strategic-problem.ts";

/** What strategic merge patch knows of the map that it is in: a message, or a plain map, of which it knows nothing. */
export type PatchType =
  | { readonly kind: "message"; readonly table: MessageTable; readonly root: boolean }
  | { readonly kind: "map" };

/** How a list is patched. */
export interface ListPatch {
  /** The type of the items. */
  readonly item: PatchType;
  /** What Go calls the kind of that type. */
  readonly itemKind: string;
  readonly strategy: "merge" | "replace";
  /** Empty in a list of scalars. */
  readonly mergeKey: string;
}

/** The type of the map that `key` of a map holds. */
export function mapTypeOf(type: PatchType, key: string): PatchType {
  const field = fieldOf(type, key);
  return field === undefined || field.container !== undefined ? { kind: "map" } : itemType(field);
}

/** How the list that `key` of a map holds is patched. What Go points to is let through here: it may be a list for all that Go looks. */
export function listPatchOf(type: PatchType, key: string): ListPatch {
  const field = fieldOf(type, key);
  const isPointer = field?.container === undefined && field?.presence === "pointer";
  if (field === undefined || (field.container !== "list" && !isPointer)) {
    // This is the kind of what holds the field.
    throw internal("expected slice or array type, but got: struct");
  }
  return {
    item: itemType(field),
    itemKind: goKindOf(field.type),
    strategy: field.patchStrategy ?? "replace",
    mergeKey: field.patchMergeKey ?? "",
  };
}

/** A field by its name; as Go looks fields up, case does not matter where no name fits exactly. */
function fieldOf(type: PatchType, key: string): Field | undefined {
  if (type.kind === "map") {
    throw internal("merging an object in json but data type is not struct, instead is: map");
  }
  const { fields, name } = type.table;
  const folded = key.toLowerCase();
  const field =
    fields.find((field) => field.name === key) ?? fields.find((field) => field.name.toLowerCase() === folded);
  const isTypeMeta = type.root && (folded === "kind" || folded === "apiversion");
  if (field === undefined && !isTypeMeta) {
    throw internal(`unable to find api field in struct ${name} for the json field ${quote(key)}`);
  }
  return field;
}

function itemType({ type }: Field): PatchType {
  return typeof type === "object" ? { kind: "message", table: type, root: false } : { kind: "map" };
}

function goKindOf(type: Field["type"]): string {
  return typeof type === "string" && plainKinds.has(type) ? type : "struct";
}

const plainKinds: ReadonlySet<string> = new Set(["string", "bool", "int32", "int64"]);
