import type { MessageTable } from "../schema.ts";

/** The same value with its fields in the order of the table, which is the order in which Go writes them. */
export function inTableOrder(
  value: Readonly<Record<string, unknown>>,
  table: MessageTable,
): Readonly<Record<string, unknown>> {
  const ordered: Record<string, unknown> = {};
  for (const { name, type, container } of table.fields) {
    const member = value[name];
    if (member === undefined) continue;
    if (typeof type === "string" || container === "map" || type.bareList === true) ordered[name] = member;
    else if (Array.isArray(member)) ordered[name] = member.map((item) => inOrder(item, type));
    else ordered[name] = inOrder(member, type);
  }
  return ordered;
}

function inOrder(value: unknown, table: MessageTable): unknown {
  const isMessage = typeof value === "object" && value !== null;
  return isMessage ? inTableOrder(value as Readonly<Record<string, unknown>>, table) : value;
}
