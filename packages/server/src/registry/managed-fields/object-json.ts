import type { ApiObject, Field, JsonObject, JsonValue, MessageTable } from "@leasehold/api";
import { isJsonList } from "./go-text.ts";
import { isJsonObject, type MaybeValue } from "./json-value.ts";

/**
 * An object in canonical form as the value whose fields are tracked. A list, map or time that is written even when there
 * is none is `null` then: it does not come and go, but changes.
 */
export function asJson(object: ApiObject, table: MessageTable): JsonObject {
  return withNulls(object as unknown as JsonObject, table);
}

function withNulls(value: JsonObject, table: MessageTable): JsonObject {
  const fields = nullable(table);
  if (fields.length === 0) return value;
  const out: Record<string, JsonValue | undefined> = { ...value };
  for (const { name, type, presence } of fields) {
    const member = out[name];
    if (member === undefined && presence === "always") out[name] = null;
    else if (typeof type === "object") out[name] = withNullsInside(member, type);
  }
  return out;
}

function withNullsInside(value: MaybeValue, table: MessageTable): MaybeValue {
  if (isJsonList(value)) return value.map((item) => withNullsInside(item, table) ?? null);
  return isJsonObject(value) ? withNulls(value, table) : value;
}

const nullables = new WeakMap<MessageTable, readonly Field[]>();

/** The fields that can be null, and the messages and lists of messages with such fields. Mostly there are none. */
function nullable(table: MessageTable): readonly Field[] {
  const known = nullables.get(table);
  if (known !== undefined) return known;
  const fields = table.fields.filter((field) => isNullable(field));
  nullables.set(table, fields);
  return fields;
}

function isNullable({ type, container, presence }: Field): boolean {
  const isEmptyNull = container !== undefined || type === "time" || type === "microTime";
  if (presence === "always" && isEmptyNull) return true;
  return container !== "map" && typeof type === "object" && nullable(type).length > 0;
}
