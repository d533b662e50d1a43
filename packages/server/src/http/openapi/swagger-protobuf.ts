import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { JsonPart } from "./json-schema.ts";

/**
 * An OpenAPI 2 document in protobuf, which client-go asks for and takes in no other form. The messages are those of
 * gnostic's openapiv2; only the fields that our documents have are listed.
 */
export function encodeSwagger(document: JsonPart): Uint8Array {
  return encode(documentMessage, document);
}

/** Writes one member of a JSON object as a field. */
type FieldWriter = (writer: BinaryWriter, value: unknown) => void;

interface Message {
  readonly fields: Readonly<Record<string, FieldWriter>>;
  /** The field for members whose names begin with `x-`. */
  readonly extensions?: number;
  /** The field for all other members, by name. */
  readonly members?: FieldWriterOfName;
}

type FieldWriterOfName = (writer: BinaryWriter, entry: readonly [name: string, value: unknown]) => void;

function encode(message: Message, value: unknown): Uint8Array {
  const writer = new BinaryWriter();
  for (const [name, member] of Object.entries(objectOf(value))) {
    const field = message.fields[name];
    if (member === undefined) continue;
    if (field !== undefined) field(writer, member);
    else if (name.startsWith("x-") && message.extensions !== undefined) {
      named(message.extensions, encodeAny)(writer, [name, member]);
    } else message.members?.(writer, [name, member]);
  }
  return writer.finish();
}

function text(number: number): FieldWriter {
  return (writer, value) => void writer.tag(number, WireType.LengthDelimited).string(String(value));
}

function flag(number: number): FieldWriter {
  return (writer, value) => void (value === true && writer.tag(number, WireType.Varint).bool(true));
}

function message(number: number, of: () => Message): FieldWriter {
  return (writer, value) => void writer.tag(number, WireType.LengthDelimited).bytes(encode(of(), value));
}

function each(field: FieldWriter): FieldWriter {
  return (writer, value) => {
    for (const element of Array.isArray(value) ? value : [value]) field(writer, element);
  };
}

/** An entry of a map: a message of a name and a value. */
function named(number: number, encodeValue: (value: unknown) => Uint8Array): FieldWriterOfName {
  return (writer, [name, value]) => {
    const entry = new BinaryWriter();
    entry.tag(1, WireType.LengthDelimited).string(name);
    entry.tag(2, WireType.LengthDelimited).bytes(encodeValue(value));
    writer.tag(number, WireType.LengthDelimited).bytes(entry.finish());
  };
}

/** A message with nothing but one field, as gnostic has them for lists and alternatives. */
function wrapped(number: number, inner: FieldWriter): FieldWriter {
  return (writer, value) => {
    const wrapper = new BinaryWriter();
    inner(wrapper, value);
    writer.tag(number, WireType.LengthDelimited).bytes(wrapper.finish());
  };
}

/** A value of any form travels as its YAML, and JSON is YAML. */
function encodeAny(value: unknown): Uint8Array {
  return new BinaryWriter()
    .tag(2, WireType.LengthDelimited)
    .string(`${JSON.stringify(value)}\n`)
    .finish();
}

const encodeOf =
  (of: () => Message) =>
  (value: unknown): Uint8Array =>
    encode(of(), value);

function objectOf(value: unknown): JsonPart {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

const schemaMessage: Message = {
  fields: {
    $ref: text(1),
    format: text(2),
    description: text(4),
    uniqueItems: flag(16),
    required: each(text(19)),
    enum: each((writer, value) => void writer.tag(20, WireType.LengthDelimited).bytes(encodeAny(value))),
    additionalProperties: wrapped(
      21,
      message(1, () => schemaMessage),
    ),
    type: wrapped(22, each(text(1))),
    items: wrapped(
      23,
      message(1, () => schemaMessage),
    ),
    properties: message(25, () => ({
      fields: {},
      members: named(
        1,
        encodeOf(() => schemaMessage),
      ),
    })),
  },
  extensions: 31,
};

const bodyParameter: Message = {
  fields: {
    description: text(1),
    name: text(2),
    in: text(3),
    required: flag(4),
    schema: message(5, () => schemaMessage),
  },
};

const queryParameter: Message = {
  fields: {
    required: flag(1),
    in: text(2),
    description: text(3),
    name: text(4),
    type: text(6),
    uniqueItems: flag(20),
  },
};

const pathParameter: Message = {
  fields: {
    required: flag(1),
    in: text(2),
    description: text(3),
    name: text(4),
    type: text(5),
    uniqueItems: flag(19),
  },
};

/** Three messages deep: a parameter or a reference; of a body or of something else; of the query or of the path. */
function parameter(number: number): FieldWriter {
  return (writer, value) => {
    const where = objectOf(value)["in"];
    const inner =
      where === "body"
        ? message(1, () => bodyParameter)
        : wrapped(2, where === "path" ? message(4, () => pathParameter) : message(3, () => queryParameter));
    wrapped(number, wrapped(1, inner))(writer, value);
  };
}

const responseMessage: Message = {
  fields: {
    description: text(1),
    schema: wrapped(
      2,
      message(1, () => schemaMessage),
    ),
  },
};

const operationMessage: Message = {
  fields: {
    tags: each(text(1)),
    description: text(3),
    operationId: text(5),
    produces: each(text(6)),
    consumes: each(text(7)),
    parameters: each(parameter(8)),
    responses: message(9, () => ({
      fields: {},
      members: named(1, (value) => {
        const writer = new BinaryWriter();
        message(1, () => responseMessage)(writer, value);
        return writer.finish();
      }),
    })),
    schemes: each(text(10)),
  },
  extensions: 13,
};

const operation = (number: number): FieldWriter => message(number, () => operationMessage);

const pathItemMessage: Message = {
  fields: {
    get: operation(2),
    put: operation(3),
    post: operation(4),
    delete: operation(5),
    patch: operation(8),
    parameters: each(parameter(9)),
  },
  extensions: 10,
};

const apiKeyMessage: Message = {
  fields: { type: text(1), name: text(2), in: text(3), description: text(4) },
};

const documentMessage: Message = {
  fields: {
    swagger: text(1),
    info: message(2, () => ({ fields: { title: text(1), version: text(2) } })),
    paths: message(8, () => ({
      fields: {},
      members: named(
        2,
        encodeOf(() => pathItemMessage),
      ),
    })),
    definitions: message(9, () => ({
      fields: {},
      members: named(
        1,
        encodeOf(() => schemaMessage),
      ),
    })),
    security: each(
      message(12, () => ({
        fields: {},
        members: named(
          1,
          encodeOf(() => ({ fields: {} })),
        ),
      })),
    ),
    securityDefinitions: message(13, () => ({
      fields: {},
      members: named(1, (value) => {
        const writer = new BinaryWriter();
        message(2, () => apiKeyMessage)(writer, value);
        return writer.finish();
      }),
    })),
  },
};
