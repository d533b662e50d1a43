import type { ApiObject, Field, JsonObject, JsonValue, MessageTable } from "@leasehold/api";
import { isJsonObject } from "./json-value.ts";

/**
 * An object in canonical form as the value whose fields are tracked. A list or map that is written even when there is
 * none is `null` then: it does not come and go, but changes.
 */
export function asJson(object: ApiObject, table: MessageTable): JsonObject {
  return withNulls(object as unknown as JsonObject, table);
}

function withNulls(value: JsonObject, table: MessageTable): JsonObject {
  const fields = nullable(table);
  if (fields.length === 0) return value;
  const out: Record<string, JsonValue | undefined> = { ...value };
  for (const { name, type, container } of fields) {
    const member = out[name];
    if (container !== undefined) out[name] = member ?? null;
    else if (typeof type === "object" && isJsonObject(member)) out[name] = withNulls(member, type);
  }
  return out;
}

const nullables = new WeakMap<MessageTable, readonly Field[]>();

/** The fields that are such a list or map, or messages with such fields. Mostly there are none. */
function nullable(table: MessageTable): readonly Field[] {
  const known = nullables.get(table);
  if (known !== undefined) return known;
  const fields = table.fields.filter(({ type, container, presence }) =>
    container === undefined ? typeof type === "object" && nullable(type).length > 0 : presence === "always",
  );
  nullables.set(table, fields);
  return fields;
}
