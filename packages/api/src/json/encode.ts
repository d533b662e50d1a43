import type { Field, FieldsV1, JsonValue, MessageTable } from "../schema.ts";
import { isZeroTime } from "../time/canonical-time.ts";
import { encodeJsonRaw, sortedKeys } from "./encode-value.ts";
import { fieldSetText } from "./field-set-text.ts";
import { jsonString } from "./json-text.ts";

/** What a body says of its own type. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A value as a table describes it: any object or message. */
export type MessageValue = Readonly<Record<string, unknown>>;

/** An object as JSON text without a line break, its kind and apiVersion first, its fields in the table's order. */
export function encodeJson(object: TypeMeta & MessageValue, table: MessageTable): string {
  return withTypeMeta(encodeJsonFields(object, table), object);
}

/** The same without kind and apiVersion: what an item of a list is. Pieces like this may be kept and joined. */
export function encodeJsonFields(value: MessageValue, table: MessageTable): string {
  return encoderOf(table)(value);
}

/** Puts kind and apiVersion before the fields of an encoded message. */
export function withTypeMeta(message: string, { kind, apiVersion }: TypeMeta): string {
  const typeMeta = `{"kind":${jsonString(kind)},"apiVersion":${jsonString(apiVersion)}`;
  return message === "{}" ? `${typeMeta}}` : `${typeMeta},${message.slice(1)}`;
}

/** A list, from the encoded ListMeta and items. */
export function encodeJsonList(typeMeta: TypeMeta, list: JsonListParts): string {
  return withTypeMeta(`{"metadata":${list.metadata},"items":[${list.items.join(",")}]}`, typeMeta);
}

export interface JsonListParts {
  readonly metadata: string;
  readonly items: readonly string[];
}

type Encoder = (value: MessageValue) => string;
type ValueEncoder = (value: unknown) => string;

const encoders = new WeakMap<MessageTable, Encoder>();

function encoderOf(table: MessageTable): Encoder {
  const known = encoders.get(table);
  if (known !== undefined) return known;
  const fields = table.fields.map((field) => fieldEncoder(field));
  const encoder: Encoder = (value) => {
    let text = "";
    for (const field of fields) {
      const member = value[field.name];
      if (member === undefined) {
        text += field.absent;
        continue;
      }
      const encoded = field.encode(member);
      if (encoded !== field.omitted) text += field.key + encoded;
    }
    return text === "" ? "{}" : `{${text.slice(1)}}`;
  };
  encoders.set(table, encoder);
  return encoder;
}

interface FieldEncoder {
  readonly name: string;
  /** The key with the comma before it and the colon behind it. */
  readonly key: string;
  readonly encode: ValueEncoder;
  /** What is written when the field is absent: nothing, or key and zero. */
  readonly absent: string;
  /** The text of the zero, where a zero is left out. */
  readonly omitted: string | undefined;
}

function fieldEncoder(field: Field): FieldEncoder {
  const encode = typeof field.type === "string" ? scalarEncoders[field.type] : messageEncoder(field.type);
  const key = `,${jsonString(field.name)}:`;
  return {
    name: field.name,
    key,
    encode: inContainer(field.container, encode),
    absent: field.presence === "always" ? key + zeroText(field) : "",
    omitted: field.presence === "value" ? omittedText(field) : undefined,
  };
}

/** Go writes the zero value of a field that is never left out; that of a list, map or time is `null`. */
function zeroText(field: Field): string {
  if (field.container !== undefined) return "null";
  if (typeof field.type !== "string") return encodeJsonFields({}, field.type);
  return zeroTexts[field.type];
}

function omittedText(field: Field): string {
  if (field.container === "list") return "[]";
  if (field.container === "map" || typeof field.type !== "string") return "{}";
  return field.type === "bytes" ? '""' : zeroTexts[field.type];
}

const zeroTexts: Readonly<Record<Exclude<Field["type"], MessageTable>, string>> = {
  string: '""',
  bool: "false",
  int32: "0",
  int64: "0",
  bytes: "null",
  time: "null",
  microTime: "null",
  fields: "null",
  raw: "null",
};

function inContainer(container: Field["container"], encode: ValueEncoder): ValueEncoder {
  if (container === "list")
    return (value) =>
      `[${asList(value)
        .map((item) => encode(item))
        .join(",")}]`;
  if (container === "map") return mapEncoder(encode);
  return encode;
}

function mapEncoder(encode: ValueEncoder): ValueEncoder {
  return (value) => {
    const map = asMessage(value);
    let text = "";
    for (const key of sortedKeys(map)) {
      const member = map[key];
      if (member !== undefined) text += `,${jsonString(key)}:${encode(member)}`;
    }
    return text === "" ? "{}" : `{${text.slice(1)}}`;
  };
}

function messageEncoder(table: MessageTable): ValueEncoder {
  const [items] = table.fields;
  if (table.bareList === true && items !== undefined) return fieldEncoder(items).encode;
  let encoder: Encoder | undefined;
  return (value) => {
    encoder ??= encoderOf(table);
    return encoder(asMessage(value));
  };
}

const encodeText: ValueEncoder = (value) => jsonString(String(value));
const encodeLiteral: ValueEncoder = (value) => String(value);
const encodeTime: ValueEncoder = (value) => (isZeroTime(String(value)) ? "null" : `"${String(value)}"`);
const encodeFields: ValueEncoder = (value) => fieldSetText(value as FieldsV1);
const encodeRaw: ValueEncoder = (value) => encodeJsonRaw(value as JsonValue);

const scalarEncoders: Readonly<Record<Exclude<Field["type"], MessageTable>, ValueEncoder>> = {
  string: encodeText,
  bool: encodeLiteral,
  int32: encodeLiteral,
  int64: encodeLiteral,
  bytes: encodeText,
  time: encodeTime,
  microTime: encodeTime,
  fields: encodeFields,
  raw: encodeRaw,
};

function asMessage(value: unknown): MessageValue {
  return value as MessageValue;
}

function asList(value: unknown): readonly unknown[] {
  return value as readonly unknown[];
}
