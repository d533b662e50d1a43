import type { MessageTable } from "@leasehold/api";

export type Members = Readonly<Record<string, unknown>>;

/**
 * A value that was read by a table, with those fields of its bytes that the table does not know: what a newer server added must not
 * be lost when the object is written back.
 */
export function withUnknownFields(
  value: Members,
  { bytes, table }: { readonly bytes: Uint8Array; readonly table: MessageTable },
): Members {
  const source: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return completed(value, source, table) as Members;
}

function completed(value: unknown, source: unknown, table: MessageTable): unknown {
  if (table.bareList === true || !isMembers(value) || !isMembers(source)) return value;
  const whole: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(source)) {
    if (!isTypeMeta(name) && !table.fields.some((field) => field.name === name)) whole[name] = member;
  }
  for (const [name, member] of Object.entries(value)) whole[name] = member;
  for (const { name, type, container } of table.fields) {
    if (typeof type === "string") continue;
    const [read, sent] = [value[name], source[name]];
    if (container === undefined) whole[name] = completed(read, sent, type);
    if (container === "list" && Array.isArray(read) && Array.isArray(sent))
      whole[name] = read.map((item: unknown, index) => completed(item, sent[index], type));
  }
  return whole;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every object has these, and their reader knows them; the table need not. */
function isTypeMeta(name: string): boolean {
  return name === "apiVersion" || name === "kind";
}
