import { decodeJson } from "./json/decode.ts";
import { encodeJsonValue } from "./json/encode-value.ts";
import { goText } from "./json/go-text.ts";
import type { TypeMeta } from "./json/encode.ts";
import { decodeProtobufFields, openProtobufEnvelope } from "./protobuf/decode.ts";
import { quote } from "./quote.ts";
import type { MessageTable } from "./schema.ts";
import { parseGroupVersion, type TypeRef } from "./type-ref.ts";
import { readYaml } from "./yaml/yaml-to-json.ts";

/** The media types that bodies may have. */
export type MediaType = "application/json" | "application/yaml" | "application/vnd.kubernetes.protobuf";

export type BodyReading =
  | ReadableBody /** The bytes do not say what they are. */
  | { readonly kind: "unrecognized"; readonly message: string };

/** A body whose type is known. */
export interface ReadableBody {
  readonly kind: "read";
  /** The type that the body names, completed by the expected one. */
  readonly type: TypeRef;
  /** What a missing apiVersion is missing in. */
  readonly source: () => string;
  readonly read: (table: MessageTable) => BodyValue;
}

export interface BodyValue {
  /** The canonical value, without apiVersion and kind. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Why the value cannot be used, in Go's words. */
  readonly error: string | undefined;
  /** What only a strict reader minds. */
  readonly strictErrors: readonly string[];
}

export interface TypedBody {
  readonly bytes: Uint8Array;
  readonly mediaType: MediaType;
  /** What the body is, where it does not say. */
  readonly expected: TypeRef;
  /** The expected type's. */
  readonly table: MessageTable;
}

/** Finds out what a body is. Values are read by a table only afterwards, but nearly always it is the expected one. */
export function readBody(body: TypedBody): BodyReading {
  switch (body.mediaType) {
    case "application/json":
      return readJson(body, body.bytes);
    case "application/vnd.kubernetes.protobuf":
      return readProtobuf(body);
    case "application/yaml":
      return readYamlBody(body);
  }
}

function readJson({ bytes: source, expected, table }: TypedBody, bytes: Uint8Array): BodyReading {
  const first = decodeJson(bytes, table);
  const problem = first.kind === "malformed" ? first.message : first.typeMetaError;
  if (first.kind === "malformed" || problem !== undefined)
    return { kind: "unrecognized", message: `couldn't get version/kind; json parse error: ${problem}` };
  const groupVersion = parseGroupVersion(first.apiVersion);
  if (groupVersion === undefined)
    return { kind: "unrecognized", message: `unexpected GroupVersion string: ${first.apiVersion}` };
  return {
    kind: "read",
    type: completed({ ...groupVersion, kind: first.typeKind }, expected),
    source: () => goText(source),
    read: (asked) => {
      const decoded = asked === table ? first : decodeJson(bytes, asked);
      if (decoded.kind === "malformed") return { value: {}, error: decoded.message, strictErrors: [] };
      return { value: decoded.value, error: decoded.valueError, strictErrors: decoded.strictErrors };
    },
  };
}

function readProtobuf({ bytes, expected }: TypedBody): BodyReading {
  const envelope = openProtobufEnvelope(bytes);
  if (envelope.kind === "malformed") return { kind: "unrecognized", message: envelope.message };
  const { typeMeta, message } = envelope;
  return {
    kind: "read",
    type: completedByAll(typeMeta, expected),
    source: () => `runtime.TypeMeta{APIVersion:${quote(typeMeta.apiVersion)}, Kind:${quote(typeMeta.kind)}}`,
    read: (table) => {
      const decoded = decodeProtobufFields(message, table);
      if (decoded.kind === "malformed") return { value: {}, error: decoded.message, strictErrors: [] };
      return { value: decoded.value, error: undefined, strictErrors: [] };
    },
  };
}

/** YAML is read as the JSON that it stands for, in which a key stands once and keys are sorted. */
function readYamlBody(body: TypedBody): BodyReading {
  const reading = readYaml(body.bytes);
  if (reading.kind === "malformed") return { kind: "unrecognized", message: reading.message };
  const { strictError } = reading;
  const json = readJson(body, utf8.encode(encodeJsonValue(reading.value)));
  if (json.kind === "unrecognized" || strictError === undefined) return json;
  return {
    ...json,
    read: (table) => {
      const value = json.read(table);
      return { ...value, strictErrors: [strictError, ...value.strictErrors] };
    },
  };
}

const utf8 = new TextEncoder();

/** In protobuf a version that is missing or cannot be read is the expected one, together with its group. */
function completedByAll({ apiVersion, kind }: TypeMeta, expected: TypeRef): TypeRef {
  const named = parseGroupVersion(apiVersion) ?? { group: "", version: "" };
  const { group, version } = named.version === "" ? expected : named;
  return { group, version, kind: kind === "" ? expected.kind : kind };
}

/** A version that is missing is the expected one, unless the body names another group. */
function completed(type: TypeRef, expected: TypeRef): TypeRef {
  const kind = type.kind === "" ? expected.kind : type.kind;
  if (type.version !== "") return { ...type, kind };
  if (type.group !== "" && type.group !== expected.group) return { ...type, kind };
  return { group: expected.group, version: expected.version, kind };
}
