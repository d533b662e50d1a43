import { canonicalValue } from "../canonical-value.ts";
import { zeroMessage } from "../json/decode-plan.ts";
import { compactInteger } from "../json/integer.ts";
import { setOwn } from "../json/own-property.ts";
import { parseJsonValue } from "../json/parse-json-value.ts";
import type { JsonValue, MessageTable } from "../schema.ts";
import { type Moment, zeroTimeSeconds } from "../time/go-time.ts";
import { timeText, type TimeType } from "../time/parse-time.ts";
import { bareListField } from "./encode.ts";
import { type ProtobufField, protobufPlan, type ProtobufPlan } from "./protobuf-plan.ts";
import type { WireReader } from "./wire-reader.ts";

type Message = Record<string, unknown>;

/** Reads the message that reaches to the reader's end. Fields that the table lacks are stepped over. */
export function readMessage(reader: WireReader, table: MessageTable): Message {
  const plan = protobufPlan(table);
  const message = zeroMessage(plan.zero);
  readPlanned(reader, plan, message);
  return message;
}

/** Reads `TypeMeta`-like messages of plain strings: what a field holds, by its number. */
export function readTexts(reader: WireReader, message: string, names: readonly string[]): readonly string[] {
  const texts = names.map(() => "");
  for (let start = reader.at; reader.hasField(message); start = reader.at) {
    const name = names[reader.number - 1];
    if (name === undefined) {
      reader.skipFrom(start);
      continue;
    }
    const index = reader.number - 1;
    reader.expect(2, name);
    texts[index] = reader.text();
  }
  return texts;
}

function readPlanned(reader: WireReader, plan: ProtobufPlan, into: Message): void {
  for (let start = reader.at; reader.hasField(plan.table.name); start = reader.at) {
    const field = plan.byNumber[reader.number];
    if (field === undefined) {
      reader.skipFrom(start);
      continue;
    }
    reader.expect(field.isVarint ? 0 : 2, field.goName);
    const value = readField(reader, field, into[field.name]);
    if (value !== undefined || into[field.name] !== undefined) into[field.name] = value;
  }
}

function readField(reader: WireReader, field: ProtobufField, before: unknown): unknown {
  switch (field.shape) {
    case "list":
      return readItem(reader, field, before as unknown[] | undefined);
    case "map":
      return readEntry(reader, field, before as Message | undefined);
    default:
      return canonicalValue(field.presence, readOne(reader, field, before));
  }
}

function readOne(reader: WireReader, field: ProtobufField, before: unknown): unknown {
  switch (field.item) {
    case "string":
      return reader.text();
    case "bool":
      return Number(reader.varint()) !== 0;
    case "int32":
      return reader.int32();
    case "int64":
      return compactInteger(reader.int64());
    case "bytes":
      return base64Of(reader.bytes());
    case "time":
    case "microTime":
      return readTime(reader, field, field.item);
    case "fields":
    case "raw":
      return readJson(reader, field.item);
    case "bareList":
      return readBareList(reader, field, before);
    case "message":
      return readNested(reader, field, before as Message | undefined);
  }
}

function readNested(reader: WireReader, { nested }: ProtobufField, before: Message | undefined): unknown {
  if (nested === undefined) return undefined;
  const into = before ?? zeroMessage(nested.zero);
  reader.nested(() => readPlanned(reader, nested, into));
  return into;
}

function readBareList(reader: WireReader, { nested }: ProtobufField, before: unknown): unknown {
  if (nested === undefined) return before;
  const into: Message = { [bareListField]: before };
  reader.nested(() => readPlanned(reader, nested, into));
  return into[bareListField] ?? [];
}

/** Adds an item. */
function readItem(reader: WireReader, field: ProtobufField, before: unknown[] | undefined): unknown[] {
  const items = before ?? [];
  items.push(readOne(reader, field, undefined));
  return items;
}

/** Adds an entry. Neither part needs to be there, and their types are not looked at. */
function readEntry(reader: WireReader, field: ProtobufField, before: Message | undefined): Message {
  const map = before ?? {};
  const end = reader.lengthEnd();
  let key = "";
  let value: unknown = field.message === undefined ? field.zeroItem : zeroMessage(field.message);
  while (reader.at < end) {
    const start = reader.at;
    const number = reader.mapFieldNumber();
    if (number === 1) key = reader.text();
    else if (number === 2) value = readOne(reader, field, undefined);
    else reader.skipWithin(start, end);
  }
  reader.at = end;
  setOwn(map, key, value);
  return map;
}

/** Nothing is Go's zero time: absent, unless the field may hold it. Finer parts than the type's are cut off. */
function readTime(reader: WireReader, field: ProtobufField, type: TimeType): string | undefined {
  let seconds = 0n;
  let nanos = 0;
  let isEmpty = true;
  reader.nested(() => {
    isEmpty = reader.at === reader.end;
    for (let start = reader.at; reader.hasField("Timestamp"); start = reader.at) {
      if (reader.number > 2) {
        reader.skipFrom(start);
        continue;
      }
      reader.expect(0, reader.number === 1 ? "Seconds" : "Nanos");
      if (reader.number === 1) seconds = reader.int64();
      else nanos = reader.int32();
    }
  });
  const moment = isEmpty
    ? { seconds: zeroTimeSeconds, nanos: 0 }
    : momentFrom(Number(seconds), type === "time" ? 0 : nanos);
  const isZero = moment.seconds === zeroTimeSeconds && moment.nanos === 0;
  return isZero && field.presence !== "pointer" ? undefined : timeText(type, moment);
}

/** Nanos beyond a second, or below zero, move the seconds. They are cut to microseconds first, towards zero. */
function momentFrom(seconds: number, nanos: number): Moment {
  const micros = Math.trunc(nanos / 1000);
  const carried = Math.floor(micros / 1_000_000);
  return { seconds: seconds + carried, nanos: (micros - carried * 1_000_000) * 1000 };
}

/** JSON inside protobuf: kept as it came by kube-apiserver, so that what is no JSON is only found by whoever reads it. */
function readJson(reader: WireReader, item: "fields" | "raw"): JsonValue {
  const message = item === "fields" ? "FieldsV1" : "RawExtension";
  let json: JsonValue = {};
  reader.nested(() => {
    for (let start = reader.at; reader.hasField(message); start = reader.at) {
      if (reader.number !== 1) {
        reader.skipFrom(start);
        continue;
      }
      reader.expect(2, "Raw");
      const parsing = parseJsonValue(reader.bytes());
      json = parsing.kind === "parsed" ? parsing.value : {};
    }
  });
  return json;
}

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
