import {
  readTime,
  type Field,
  type JsonObject,
  type JsonValue,
  type MessageTable,
  type ScalarType,
} from "@leasehold/api";
import { goType, isJsonList } from "../managed-fields/go-text.ts";
import { entriesOf, isJsonObject, own } from "../managed-fields/json-value.ts";

export type FromUnstructured =
  | {
      readonly kind: "converted";
      /** In canonical form, without the fields that the table lacks. */
      readonly value: Readonly<Record<string, unknown>>;
      /** `unknown field "spec.bogus"`, sorted. Unlike the converter for bodies, this one quotes without escapes. */
      readonly strictErrors: readonly string[];
    }
  /** The first value that does not fit its field, in Go's words. */
  | { readonly kind: "invalid"; readonly message: string };

/**
 * A value that was merged, as an object that a table describes. This is another converter than the one for bodies, with
 * words and habits of its own: a number that is too large for its field is cut off, and 1.0 is an integer.
 */
export function fromUnstructured(table: MessageTable, value: JsonObject): FromUnstructured {
  const unknown: string[] = [];
  try {
    const converted = message({ table, path: "", unknown }, value);
    return { kind: "converted", value: converted, strictErrors: unknown.toSorted() };
  } catch (error) {
    if (error instanceof Misfit) return { kind: "invalid", message: error.message };
    throw error;
  }
}

/** Thrown inside the conversion and caught where it begins. */
class Misfit extends Error {}

interface Place {
  readonly table: MessageTable;
  readonly path: string;
  readonly unknown: string[];
}

function message({ table, path, unknown }: Place, value: JsonValue): Readonly<Record<string, unknown>> {
  if (!isJsonObject(value)) throw new Misfit(`cannot restore struct from: ${kindOf(value)}`);
  const out: Record<string, unknown> = {};
  for (const field of table.fields) {
    const member = own(value, field.name) ?? null;
    const converted =
      member === null
        ? zeroOf(field)
        : canonical(field, convert(field, { value: member, path: below(path, field.name), unknown }));
    if (converted !== undefined) out[field.name] = converted;
  }
  const known = new Set(table.fields.map((field) => field.name));
  for (const [name] of entriesOf(value)) {
    if (!known.has(name)) unknown.push(`unknown field "${below(path, name)}"`);
  }
  return out;
}

interface Member {
  readonly value: JsonValue;
  readonly path: string;
  readonly unknown: string[];
}

function convert(field: Field, member: Member): unknown {
  const { value, path } = member;
  if (field.container === "list") {
    if (!isJsonList(value)) throw new Misfit(`cannot restore slice from ${kindOf(value)}`);
    return value.map((item, i) => one(field, { ...member, value: item, path: `${path}[${i}]` }));
  }
  if (field.container === "map") {
    if (!isJsonObject(value)) throw new Misfit(`cannot restore map from ${kindOf(value)}`);
    return Object.fromEntries(
      entriesOf(value).map(([key, item]) => [key, one(field, { ...member, value: item })]),
    );
  }
  return one(field, member);
}

/** One value that is neither list nor map: the field's, or an item's, which is zero where it is null. */
function one(field: Field, { value, path, unknown }: Member): unknown {
  if (typeof field.type === "object") return message({ table: field.type, path, unknown }, value ?? {});
  if (value === null) return zeroScalars[field.type];
  return scalar({ type: field.type, goName: field.errorType ?? field.type }, value);
}

function scalar(
  { type, goName }: { readonly type: ScalarType; readonly goName: string },
  value: JsonValue,
): unknown {
  switch (type) {
    case "string":
      if (typeof value === "string") return value;
      // Go can make a text of an integer, so this is a conversion that it knows and does not do.
      throw new Misfit(
        typeof value === "bigint" ? `cannot convert int64 to ${goName}` : "unrecognized type: string",
      );
    case "bool":
      if (typeof value === "boolean") return value;
      throw new Misfit("unrecognized type: bool");
    case "int32":
    case "int64":
      return integer(type, value);
    case "time":
    case "microTime":
      return time(type, value);
    case "bytes":
      if (typeof value === "string") return value;
      throw new Misfit(`cannot restore slice from ${kindOf(value)}`);
    case "fields":
    case "raw":
      return value;
  }
}

function integer(type: "int32" | "int64", value: JsonValue): number | bigint {
  if (typeof value !== "number" && typeof value !== "bigint") throw new Misfit(`unrecognized type: ${type}`);
  if (typeof value === "number" && !Number.isInteger(value))
    throw new Misfit(`cannot convert float64 to ${type}`);
  const wide = typeof value === "number" && Math.abs(value) >= 2 ** 63 ? -(2n ** 63n) : BigInt(value);
  const cut = BigInt.asIntN(type === "int32" ? 32 : 64, wide);
  const number = Number(cut);
  return Number.isSafeInteger(number) ? number : cut;
}

function time(type: "time" | "microTime", value: JsonValue): string | undefined {
  if (typeof value !== "string")
    throw new Misfit(`json: cannot unmarshal ${wordOf(value)} into Go value of type string`);
  const reading = readTime(type, value);
  if (reading.kind === "read") return reading.text;
  throw new Misfit(reading.message);
}

function canonical(field: Field, value: unknown): unknown {
  return field.presence === "value" && field.keepsEmpty !== true && isZero(value) ? undefined : value;
}

function isZero(value: unknown): boolean {
  if (typeof value === "object" && value !== null)
    return Object.values(value).every((member) => member === undefined);
  return value === "" || value === 0 || value === false;
}

/** What a field is when nothing is said of it. */
function zeroOf({ presence, container, type }: Field): unknown {
  if (presence !== "always") return undefined;
  if (container !== undefined) return undefined;
  return typeof type === "object" ? emptyMessage(type) : zeroScalars[type];
}

function emptyMessage(table: MessageTable): Readonly<Record<string, unknown>> {
  return message({ table, path: "", unknown: [] }, {});
}

const zeroScalars: Readonly<Record<ScalarType, unknown>> = {
  string: "",
  bytes: "",
  bool: false,
  int32: 0,
  int64: 0,
  time: undefined,
  microTime: undefined,
  fields: undefined,
  raw: undefined,
};

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Go's kind of a decoded JSON value. */
function kindOf(value: JsonValue): string {
  if (isJsonList(value)) return "slice";
  return isJsonObject(value) ? "map" : goType(value);
}

function wordOf(value: JsonValue): string {
  if (isJsonList(value)) return "array";
  if (isJsonObject(value)) return "object";
  return typeof value === "boolean" ? "bool" : "number";
}
