import type { JsonValue } from "../schema.ts";
import { isSimpleKey, scalarText } from "./emit-scalar.ts";
import { compareKeys } from "./key-order.ts";

/**
 * A value as YAML text, as kube-apiserver writes it: blocks of two spaces, lists at the level of their key, keys in an
 * order in which `a2` comes before `a10`, strings plain where they can be, long ones folded.
 */
export function emitYaml(value: JsonValue): string {
  return `${emitNode(value, 0)}\n`;
}

/** A node that begins where the line stands at `indent`; its further lines are indented by that much. */
function emitNode(value: JsonValue, indent: number): string {
  if (!isContainer(value)) return scalarText(value, { indent: indent + 2, column: indent, isKey: false });
  if (isList(value)) return value.length === 0 ? "[]" : emitList(value, indent);
  return emitMap(value, indent);
}

function emitList(items: readonly JsonValue[], indent: number): string {
  return items.map((item) => `- ${emitNode(item, indent + 2)}`).join(lineBreak(indent));
}

function emitMap(map: JsonMap, indent: number): string {
  const keys = Object.keys(map).toSorted(compareKeys);
  if (keys.length === 0) return "{}";
  return keys.map((key) => emitEntry(key, map[key] ?? null, indent)).join(lineBreak(indent));
}

function emitEntry(key: string, value: JsonValue, indent: number): string {
  const text = scalarText(key, { indent: indent + 2, column: indent, isKey: isSimpleKey(key) });
  const start = isSimpleKey(key) ? `${text}:` : `? ${text}${lineBreak(indent)}:`;
  if (!isContainer(value) || isEmpty(value)) {
    const column = indent + start.length - start.lastIndexOf("\n");
    const scalar = isContainer(value)
      ? emitNode(value, indent)
      : scalarText(value, { indent: indent + 2, column, isKey: false });
    return `${start} ${scalar}`;
  }
  // A list stands at the level of its key.
  const inner = isList(value) ? indent : indent + 2;
  return start + lineBreak(inner) + emitNode(value, inner);
}

type JsonMap = Readonly<Record<string, JsonValue | undefined>>;
type Container = readonly JsonValue[] | JsonMap;

function isContainer(value: JsonValue): value is Container {
  return typeof value === "object" && value !== null;
}

function isList(value: Container): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isEmpty(value: Container): boolean {
  return Object.keys(value).length === 0;
}

function lineBreak(indent: number): string {
  return `\n${" ".repeat(indent)}`;
}
