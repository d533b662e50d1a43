import {
  apiVersionOf,
  type ApiObject,
  type Field,
  type JsonObject,
  type JsonValue,
  type ServedKind,
  type MessageTable,
} from "@leasehold/api";

/**
 * What an object is before it is created: everything absent but the fields that are always written, which have their
 * zero. A writer that sends such a zero has set nothing.
 */
export function emptyObject(kind: ServedKind): ApiObject {
  const known = emptyObjects.get(kind);
  if (known !== undefined) return known;
  const empty: ApiObject = {
    ...emptyMessage(kind.table),
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {},
  };
  emptyObjects.set(kind, empty);
  return empty;
}

const emptyObjects = new WeakMap<ServedKind, ApiObject>();

function emptyMessage(table: MessageTable): JsonObject {
  const fields = table.fields.filter((field) => field.presence === "always");
  return Object.fromEntries(fields.map((field) => [field.name, zero(field)]));
}

function zero({ type, container }: Field): JsonValue | undefined {
  if (container !== undefined || type === "time" || type === "microTime") return undefined;
  if (typeof type === "object") return emptyMessage(type);
  if (type === "bool") return false;
  return type === "int32" || type === "int64" ? 0 : "";
}
