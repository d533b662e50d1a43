import type { TypeMeta } from "../json/encode.ts";
import type { MessageTable } from "../schema.ts";
import { protobufPrefix } from "./encode.ts";
import { readMessage, readTexts } from "./message-reader.ts";
import { ProtobufError, WireReader } from "./wire-reader.ts";

export type ProtobufDecoding =
  | { readonly kind: "decoded"; readonly value: Readonly<Record<string, unknown>> }
  /** In the words of kube-apiserver's generated decoders, e.g. `unexpected EOF`. */
  | { readonly kind: "malformed"; readonly message: string };

/** Reads a message without an envelope. */
export function decodeProtobufFields(bytes: Uint8Array, table: MessageTable): ProtobufDecoding {
  return guarded(() => ({ kind: "decoded", value: readMessage(new WireReader(bytes), table) }));
}

export type EnvelopeDecoding =
  | {
      readonly kind: "opened";
      /** Empty texts where the envelope does not name the type. */
      readonly typeMeta: TypeMeta;
      readonly message: Uint8Array;
    }
  | { readonly kind: "malformed"; readonly message: string };

/** Opens the envelope of a body. */
export function openProtobufEnvelope(body: Uint8Array): EnvelopeDecoding {
  if (body.length === 0) return { kind: "malformed", message: "empty data" };
  if (!protobufPrefix.every((byte, index) => body[index] === byte))
    return {
      kind: "malformed",
      message: "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    };
  if (body.length === protobufPrefix.length) return { kind: "malformed", message: "empty body" };
  return guarded(() => readEnvelope(new WireReader(body.subarray(protobufPrefix.length))));
}

/** Opens an event of a watch: its type, and the object in its envelope. */
export function decodeProtobufWatchEvent(bytes: Uint8Array): WatchEventDecoding {
  return guarded(() => readWatchEvent(new WireReader(bytes)));
}

export type WatchEventDecoding =
  | { readonly kind: "opened"; readonly type: string; readonly object: Uint8Array }
  | { readonly kind: "malformed"; readonly message: string };

function guarded<T>(read: () => T): T | { readonly kind: "malformed"; readonly message: string } {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    return { kind: "malformed", message: error.message };
  }
}

/** `Unknown`, in which every object travels. Its content encoding and type are always empty. */
function readEnvelope(reader: WireReader): EnvelopeDecoding {
  let typeMeta: TypeMeta = { apiVersion: "", kind: "" };
  let message: Uint8Array = new Uint8Array();
  for (let start = reader.at; reader.hasField("Unknown"); start = reader.at) {
    const name = envelopeFields[reader.number];
    if (name === undefined) {
      reader.skipFrom(start);
      continue;
    }
    reader.expect(2, name);
    if (name === "TypeMeta") {
      reader.nested(() => {
        const [apiVersion = typeMeta.apiVersion, kind = typeMeta.kind] = readTexts(reader, name, typeFields);
        typeMeta = { apiVersion, kind };
      });
    } else if (name === "Raw") message = reader.bytes();
    else reader.text();
  }
  return { kind: "opened", typeMeta, message };
}

const envelopeFields: readonly (string | undefined)[] = [
  undefined,
  "TypeMeta",
  "Raw",
  "ContentEncoding",
  "ContentType",
];
const typeFields: readonly string[] = ["APIVersion", "Kind"];

function readWatchEvent(reader: WireReader): WatchEventDecoding {
  let type = "";
  let object: Uint8Array = new Uint8Array();
  for (let start = reader.at; reader.hasField("WatchEvent"); start = reader.at) {
    if (reader.number > 2) {
      reader.skipFrom(start);
      continue;
    }
    reader.expect(2, reader.number === 1 ? "Type" : "Object");
    if (reader.number === 1) type = reader.text();
    else
      reader.nested(() => {
        object = readRaw(reader);
      });
  }
  return { kind: "opened", type, object };
}

function readRaw(reader: WireReader): Uint8Array {
  let raw: Uint8Array = new Uint8Array();
  for (let start = reader.at; reader.hasField("RawExtension"); start = reader.at) {
    if (reader.number !== 1) {
      reader.skipFrom(start);
      continue;
    }
    reader.expect(2, "Raw");
    raw = reader.bytes();
  }
  return raw;
}
