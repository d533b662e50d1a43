import { decodeJson } from "./json/decode.ts";
import { goText } from "./json/go-text.ts";
import type { ServedKind } from "./kind.ts";
import type { MessageTable } from "./schema.ts";
import { parseGroupVersion, type TypeRef } from "./type-ref.ts";

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
  readonly kind: TypeRef & Pick<ServedKind, "table">;
}

/** Finds out what a body is. Values are read by a table only afterwards, but nearly always it is the expected one. */
export function readBody(body: TypedBody): BodyReading {
  switch (body.mediaType) {
    case "application/json":
      return readJson(body, body.bytes);
    case "application/yaml":
    case "application/vnd.kubernetes.protobuf":
      return { kind: "unrecognized", message: "no serialization format matched the provided data" };
  }
}

function readJson({ bytes: source, kind }: TypedBody, bytes: Uint8Array): BodyReading {
  const expected = decodeJson(bytes, kind.table);
  const problem = expected.kind === "malformed" ? expected.message : expected.typeMetaError;
  if (expected.kind === "malformed" || problem !== undefined)
    return { kind: "unrecognized", message: `couldn't get version/kind; json parse error: ${problem}` };
  const groupVersion = parseGroupVersion(expected.apiVersion);
  if (groupVersion === undefined)
    return { kind: "unrecognized", message: `unexpected GroupVersion string: ${expected.apiVersion}` };
  return {
    kind: "read",
    type: completed({ ...groupVersion, kind: expected.typeKind }, kind),
    source: () => goText(source),
    read: (table) => {
      const decoded = table === kind.table ? expected : decodeJson(bytes, table);
      if (decoded.kind === "malformed") return { value: {}, error: decoded.message, strictErrors: [] };
      return { value: decoded.value, error: decoded.valueError, strictErrors: decoded.strictErrors };
    },
  };
}

/** A version that is missing is the expected one, unless the body names another group. */
function completed(type: TypeRef, expected: TypeRef): TypeRef {
  const kind = type.kind === "" ? expected.kind : type.kind;
  if (type.version !== "") return { ...type, kind };
  if (type.group !== "" && type.group !== expected.group) return { ...type, kind };
  return { group: expected.group, version: expected.version, kind };
}
