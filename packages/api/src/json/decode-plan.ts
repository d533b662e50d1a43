import type { JsonCursor } from "./json-cursor.ts";
import type { Field, MessageTable } from "../schema.ts";

/** A table made ready for decoding: fields are found by the bytes of their names, without making a string of them. */
export interface DecodePlan {
  readonly table: MessageTable;
  readonly fields: readonly PlannedField[];
  /** Fields by `nameHash`. */
  readonly buckets: readonly (readonly PlannedField[])[];
  /** Fields that are there even in the zero value. */
  readonly always: readonly PlannedField[];
}

export interface PlannedField {
  readonly name: string;
  readonly key: Uint8Array;
  /** The field's bit in the set of fields seen. */
  readonly bit: number;
  readonly shape: Shape;
  /** How one value is read, or one item of a list or map. */
  readonly item: ItemShape;
  readonly presence: Field["presence"];
  /** Whether `null` leaves what was there, as Go does for values; it empties pointers, lists, maps and times. */
  readonly keepsAtNull: boolean;
  /** Whether an empty list is not the same as none. */
  readonly keepsEmpty: boolean;
  /** What `null` is as an item of a list or map. */
  readonly zeroItem: unknown;
  /** The plan of the message, or of the items. */
  readonly message: DecodePlan | undefined;
  /** The list that a bare list is. */
  readonly bare: PlannedField | undefined;
  /** What Go calls the field's type, e.g. `[]v1.OwnerReference`. */
  readonly goType: string;
  /** What Go calls the type of one item. */
  readonly goItemType: string;
}

export type ItemShape = Exclude<Field["type"], MessageTable> | "message" | "bareList";
export type Shape = ItemShape | "list" | "map";

const plans = new WeakMap<MessageTable, DecodePlan>();

export function decodePlan(table: MessageTable): DecodePlan {
  const known = plans.get(table);
  if (known !== undefined) return known;
  if (table.fields.length > fieldsMax) throw new Error(`${table.name} has more than ${fieldsMax} fields`);
  const fields = table.fields.map((field, index) => plannedField(field, index));
  const buckets: PlannedField[][] = Array.from({ length: bucketCount }, () => []);
  for (const field of fields) {
    const { key } = field;
    buckets[nameHash(key.length, key[0], key[key.length - 1])]?.push(field);
  }
  const plan = { table, fields, buckets, always: fields.filter((field) => isAlways(field)) };
  plans.set(table, plan);
  return plan;
}

/** The field that the cursor's last key names. */
export function findField(plan: DecodePlan, cursor: JsonCursor): PlannedField | undefined {
  if (!cursor.keyIsPlain) return findByText(plan, cursor.keyText());
  const { bytes, keyStart, keyEnd } = cursor;
  const bucket = plan.buckets[nameHash(keyEnd - keyStart, bytes[keyStart], bytes[keyEnd - 1])];
  if (bucket === undefined) return undefined;
  for (const field of bucket) if (isKey(field.key, cursor)) return field;
  return undefined;
}

/** A name may be written with escapes. */
function findByText(plan: DecodePlan, name: string): PlannedField | undefined {
  return plan.fields.find((field) => field.name === name);
}

function isKey(key: Uint8Array, { bytes, keyStart, keyEnd }: JsonCursor): boolean {
  if (key.length !== keyEnd - keyStart) return false;
  for (let index = 0; index < key.length; index++) if (key[index] !== bytes[keyStart + index]) return false;
  return true;
}

/** The zero value of a message: only what is always there. */
export function zeroMessage({ always }: DecodePlan): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of always)
    value[field.name] = field.message === undefined ? field.zeroItem : zeroMessage(field.message);
  return value;
}

/** A list, map or time that is always written is written as `null` when it is absent. */
function isAlways(field: PlannedField): boolean {
  return (
    field.presence === "always" &&
    (field.shape === "message" || field.zeroItem !== undefined) &&
    field.shape === field.item
  );
}

/** The bits of a number. */
const fieldsMax = 31;

const bucketCount = 64;

function nameHash(length: number, first: number | undefined, last: number | undefined): number {
  return (length * 5 + (first ?? 0) * 3 + (last ?? 0)) & (bucketCount - 1);
}

const utf8 = new TextEncoder();

function plannedField(field: Field, index: number): PlannedField {
  const message = typeof field.type === "string" ? undefined : decodePlan(field.type);
  const bare = message?.table.bareList === true ? message.fields[0] : undefined;
  const item = typeof field.type === "string" ? field.type : bare === undefined ? "message" : "bareList";
  const goItemType = goTypeOf(field);
  return {
    name: field.name,
    key: utf8.encode(field.name),
    bit: 1 << index,
    shape: field.container ?? item,
    item,
    presence: field.presence,
    keepsAtNull:
      field.container !== undefined ||
      (field.presence !== "pointer" && item !== "time" && item !== "microTime"),
    keepsEmpty: field.keepsEmpty === true,
    zeroItem: zeroItems[item],
    message: bare === undefined ? message : undefined,
    bare:
      bare === undefined ? undefined : { ...bare, name: field.name, goType: goItemType, presence: "pointer" },
    goType: goContainerPrefix(field.container) + goItemType,
    goItemType,
  };
}

function goContainerPrefix(container: Field["container"]): string {
  return container === "list" ? "[]" : container === "map" ? "map[string]" : "";
}

/** What Go calls the type of a value: messages by the last part of their package, e.g. `v1.LeaseSpec`. */
function goTypeOf(field: Field): string {
  if (field.errorType !== undefined) return field.errorType;
  if (typeof field.type !== "string")
    return `${field.type.package.split(".").at(-1) ?? ""}.${field.type.name}`;
  return goScalarTypes[field.type];
}

const goScalarTypes: Readonly<Record<Exclude<Field["type"], MessageTable>, string>> = {
  string: "string",
  bool: "bool",
  int32: "int32",
  int64: "int64",
  bytes: "[]uint8",
  // Times read a string and pass its errors on.
  time: "string",
  microTime: "string",
  fields: "v1.FieldsV1",
  raw: "runtime.RawExtension",
};

const zeroItems: Readonly<Record<ItemShape, unknown>> = {
  string: "",
  bool: false,
  int32: 0,
  int64: 0,
  bytes: "",
  message: undefined,
  bareList: [],
  time: undefined,
  microTime: undefined,
  fields: undefined,
  raw: undefined,
};
