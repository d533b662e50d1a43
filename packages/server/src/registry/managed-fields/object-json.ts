import {
  isZeroTime,
  type ApiObject,
  type Field,
  type JsonObject,
  type JsonValue,
  type MessageTable,
} from "@leasehold/api";
import { isJsonList } from "./go-text.ts";
import { isJsonObject, type MaybeValue } from "./json-value.ts";

/**
 * An object in canonical form as the value whose fields are tracked. A list, map or time that is written even when there
 * is none is `null` then: it does not come and go, but changes. The zero time is `null` too, as it is on the wire.
 */
export function asJson(object: ApiObject, table: MessageTable): JsonObject {
  return withNulls(object as unknown as JsonObject, table);
}

function withNulls(value: JsonObject, table: MessageTable): JsonObject {
  let out: Record<string, JsonValue | undefined> | undefined;
  for (const field of nullable(table)) {
    const member = value[field.name];
    const written = asWritten(field, member);
    if (written !== member) (out ??= { ...value })[field.name] = written;
  }
  return out ?? value;
}

function asWritten({ type, presence }: Field, member: MaybeValue): MaybeValue {
  if (member === undefined) return presence === "always" ? null : undefined;
  if (typeof type === "object") return withNullsInside(member, type);
  return isTime(type) && typeof member === "string" && isZeroTime(member) ? null : member;
}

function withNullsInside(value: MaybeValue, table: MessageTable): MaybeValue {
  if (isJsonList(value)) {
    const items = value.map((item) => withNullsInside(item, table) ?? null);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  return isJsonObject(value) ? withNulls(value, table) : value;
}

const nullables = new WeakMap<MessageTable, readonly Field[]>();

/** The fields that can be null, and the messages and lists of messages with such fields. */
function nullable(table: MessageTable): readonly Field[] {
  const known = nullables.get(table);
  if (known !== undefined) return known;
  const fields = table.fields.filter((field) => isNullable(field));
  nullables.set(table, fields);
  return fields;
}

function isNullable({ type, container, presence }: Field): boolean {
  if (isTime(type) || (presence === "always" && container !== undefined)) return true;
  return container !== "map" && typeof type === "object" && nullable(type).length > 0;
}

function isTime(type: Field["type"]): boolean {
  return type === "time" || type === "microTime";
}
