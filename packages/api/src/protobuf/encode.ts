import { encodeJsonRaw, sortedKeys } from "../json/encode-value.ts";
import type { MessageValue, TypeMeta } from "../json/encode.ts";
import { fieldSetText } from "../json/field-set-text.ts";
import type { FieldsV1, JsonValue, MessageTable } from "../schema.ts";
import { isZeroTime, momentOf } from "../time/canonical-time.ts";
import { type ProtobufField, protobufPlan, type ProtobufPlan } from "./protobuf-plan.ts";
import { WireWriter } from "./wire-writer.ts";

/** An object as kube-apiserver writes it to the wire and to etcd: the message, in an envelope that names its type. */
export function encodeProtobuf(object: TypeMeta & MessageValue, table: MessageTable): Uint8Array {
  return inEnvelope(object, () => writeMessage(protobufPlan(table), object));
}

/** The message alone: what an item of a list is. Pieces like this may be kept and joined. */
export function encodeProtobufFields(value: MessageValue, table: MessageTable): Uint8Array {
  writeMessage(protobufPlan(table), value);
  return writer.take();
}

/** Puts an encoded message into an envelope. */
export function protobufEnvelope(typeMeta: TypeMeta, message: Uint8Array): Uint8Array {
  return inEnvelope(typeMeta, () => writer.raw(message));
}

/**
 * A list, from the encoded ListMeta and items. All lists have their metadata first, but for one of the early days: the
 * PartialObjectMetadataList of `meta.k8s.io/v1beta1`.
 */
export function encodeProtobufList(
  typeMeta: TypeMeta,
  { metadata, items }: ProtobufListParts,
  order: "metadata-first" | "items-first" = "metadata-first",
): Uint8Array {
  return inEnvelope(typeMeta, () => {
    if (order === "items-first") writeBytesField(2, metadata);
    for (const item of items.toReversed()) writeBytesField(order === "items-first" ? 1 : 2, item);
    if (order === "metadata-first") writeBytesField(1, metadata);
  });
}

export interface ProtobufListParts {
  readonly metadata: Uint8Array;
  readonly items: readonly Uint8Array[];
}

/** An event of a watch: without an envelope of its own, its object with one. */
export function encodeProtobufWatchEvent({ type, object }: ProtobufWatchEvent): Uint8Array {
  const before = writer.length;
  writeBytesField(1, object);
  writer.close(2, before);
  writeTextField(1, type);
  return writer.take();
}

export interface ProtobufWatchEvent {
  /** `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`. */
  readonly type: string;
  /** The object in its envelope. */
  readonly object: Uint8Array;
}

/** The first bytes of every body: a name and the version of the envelope. */
export const protobufPrefix = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);

/** What a bare list's only field is called. */
export const bareListField = "items";

/** Encoding is never interrupted, so that one writer serves all. */
const writer = new WireWriter();

function inEnvelope({ apiVersion, kind }: TypeMeta, writeRaw: () => void): Uint8Array {
  writeTextField(4, "");
  writeTextField(3, "");
  const beforeRaw = writer.length;
  writeRaw();
  writer.close(2, beforeRaw);
  const beforeType = writer.length;
  writeTextField(2, kind);
  writeTextField(1, apiVersion);
  writer.close(1, beforeType);
  writer.raw(protobufPrefix);
  return writer.take();
}

function writeMessage(plan: ProtobufPlan, value: MessageValue): void {
  for (const field of plan.backwards) {
    const member = value[field.name];
    if (member !== undefined) writeField(field, member);
    else if (field.presence !== "pointer" && field.shape === field.item) writeZero(field);
  }
}

function writeField(field: ProtobufField, value: unknown): void {
  switch (field.shape) {
    case "list":
      return writeList(field, value as readonly unknown[]);
    case "map":
      return writeMap(field, value as MessageValue);
    default:
      return writeOne(field, value);
  }
}

function writeOne(field: ProtobufField, value: unknown): void {
  const before = writer.length;
  switch (field.item) {
    case "bool":
      writer.unsigned(value === true ? 1 : 0);
      return writer.tag(field.number, 0);
    case "int32":
    case "int64":
      writer.integer(value as number | bigint);
      return writer.tag(field.number, 0);
    case "string":
      writer.text(value as string);
      break;
    case "bytes":
      writer.raw(bytesOf(value as string));
      break;
    case "time":
    case "microTime":
      writeTime(value as string);
      break;
    case "fields":
      writeTextField(1, fieldSetText(value as FieldsV1));
      break;
    case "raw":
      writeTextField(1, encodeJsonRaw(value as JsonValue));
      break;
    case "bareList":
      if (field.nested !== undefined) writeMessage(field.nested, { [bareListField]: value });
      break;
    case "message":
      if (field.nested !== undefined) writeMessage(field.nested, value as MessageValue);
      break;
  }
  writer.close(field.number, before);
}

/** A value is written even where it is zero; a list of bytes is not. */
function writeZero(field: ProtobufField): void {
  if (field.item === "bytes") return;
  const before = writer.length;
  if (field.nested !== undefined) writeMessage(field.nested, {});
  const isVarint = field.item === "bool" || field.item === "int32" || field.item === "int64";
  if (isVarint) writer.unsigned(0);
  if (isVarint) writer.tag(field.number, 0);
  else writer.close(field.number, before);
}

function writeList(field: ProtobufField, items: readonly unknown[]): void {
  for (let index = items.length - 1; index >= 0; index--) writeOne(field, items[index]);
}

function writeMap(field: ProtobufField, map: MessageValue): void {
  for (const key of sortedKeys(map).toReversed()) {
    const before = writer.length;
    writeOne({ ...field, number: 2 }, map[key]);
    writeTextField(1, key);
    writer.close(field.number, before);
  }
}

function writeTime(text: string): void {
  if (isZeroTime(text)) return;
  const { seconds, nanos } = momentOf(text);
  writer.unsigned(nanos);
  writer.tag(2, 0);
  writer.integer(seconds);
  writer.tag(1, 0);
}

function writeTextField(number: number, text: string): void {
  const before = writer.length;
  writer.text(text);
  writer.close(number, before);
}

function writeBytesField(number: number, bytes: Uint8Array): void {
  const before = writer.length;
  writer.raw(bytes);
  writer.close(number, before);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
