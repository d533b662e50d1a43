import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { decodeApply } from "./decode-apply.ts";
import { decodeDeleteOptions } from "./decode-delete-options.ts";
import { decodeObject } from "./decode-object.ts";
import { decodeJson } from "./json/decode.ts";
import { encodeJson, encodeJsonFields } from "./json/encode.ts";
import { encodeJsonValue } from "./json/encode-value.ts";
import { prettyJson } from "./json/indent.ts";
import { parseJsonValue } from "./json/parse-json-value.ts";
import { jsonDepthMax } from "./json/syntax-error.ts";
import { allKinds, allReviewKinds } from "./kinds/all.ts";
import { leaseKind } from "./kinds/lease.ts";
import { deleteOptionsTable } from "./meta/delete-options.ts";
import { status } from "./meta/status.ts";
import { decodeProtobufFields } from "./protobuf/decode.ts";
import { encodeProtobuf, encodeProtobufFields } from "./protobuf/encode.ts";
import type { MediaType } from "./read-body.ts";
import type { Field, MessageTable } from "./schema.ts";
import { StatusError } from "./status-error.ts";
import { timeText, type TimeType } from "./time/parse-time.ts";
import { jsonToYaml } from "./yaml/json-to-yaml.ts";
import { readYaml } from "./yaml/yaml-to-json.ts";

const runs = { numRuns: 40 };

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("", "on", "0x1", "a: b", "__proto__", "\u2028<&>", "\0\b\u007f", "line\nbreak\n", "1"),
);

/** Bytes without any sense, and bodies in which something was changed. */
const bodies: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 100 }).map((text) => utf8(text)),
  fc
    .tuple(
      arbitraryOf(leaseKind.table),
      fc.constantFrom("json", "yaml", "protobuf"),
      fc.nat(),
      fc.uint8Array({ maxLength: 4 }),
    )
    .map(([value, form, place, bytes]) => spliced(encoded(value, form), { place, bytes })),
);

/** Every type that travels, by a name for the test. */
const tables: readonly (readonly [name: string, table: MessageTable])[] = [
  ...[...allKinds, ...allReviewKinds].map((kind) => [`${kind.kind} ${kind.version}`, kind.table] as const),
  ["DeleteOptions", deleteOptionsTable],
  ["Status", status],
];

for (const [name, table] of tables) {
  const values = arbitraryOf(table);

  test(`any ${name} comes back from JSON, pretty or not`, () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = encodeJsonFields(value, table);
        assert.deepEqual(JSON.parse(text), JSON.parse(prettyJson(text)));
        for (const body of [text, prettyJson(text)]) {
          const decoded = decodeJson(utf8(body), table);
          assert.equal(decoded.kind, "decoded");
          if (decoded.kind !== "decoded") return;
          assert.deepEqual(decoded.value, value);
          assert.deepEqual([decoded.valueError, decoded.strictErrors], [undefined, []]);
        }
      }),
      runs,
    );
  });

  test(`any ${name} comes back from protobuf`, () => {
    fc.assert(
      fc.property(values, (value) => {
        const decoded = decodeProtobufFields(encodeProtobufFields(value, table), table);
        assert.deepEqual(decoded, { kind: "decoded", value });
      }),
      runs,
    );
  });

  test(`any ${name} comes back from YAML`, () => {
    fc.assert(
      fc.property(values, (value) => {
        const reading = readYaml(utf8(jsonToYaml(encodeJsonFields(value, table))));
        assert.equal(reading.kind, "read");
        if (reading.kind !== "read") return;
        const decoded = decodeJson(utf8(encodeJsonValue(reading.value)), table);
        assert.deepEqual(decoded.kind === "decoded" && decoded.value, value);
      }),
      runs,
    );
  });
}

const mediaTypes: readonly MediaType[] = [
  "application/json",
  "application/yaml",
  "application/vnd.kubernetes.protobuf",
];

for (const mediaType of mediaTypes) {
  test(`any bytes are taken or refused as ${mediaType}, and nothing else happens`, () => {
    fc.assert(
      fc.property(bodies, (bytes) => {
        refusing(() =>
          decodeObject({ bytes, mediaType, kind: leaseKind, kinds: allKinds, fieldValidation: "Strict" }),
        );
        refusing(() => decodeDeleteOptions(bytes, mediaType));
        refusing(() => decodeApply(bytes, "Strict"));
        decodeProtobufFields(bytes, leaseKind.table);
      }),
      { numRuns: 800 },
    );
  });
}

const nests: readonly (readonly [why: string, text: (depth: number) => string])[] = [
  ["an unknown field", (depth) => `{"x":${"[".repeat(depth)}${"]".repeat(depth)}}`],
  [
    "a field set",
    (depth) => `{"metadata":{"managedFields":[{"fieldsV1":${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}]}}`,
  ],
  ["a flow of YAML", (depth) => `x: ${"{a: ".repeat(depth)}1${"}".repeat(depth)}`],
];

for (const [why, textOf] of nests) {
  test(`${why} may nest nearly ten thousand deep, and is refused beyond`, () => {
    for (const depth of [jsonDepthMax - 10, jsonDepthMax + 1]) {
      const bytes = utf8(textOf(depth));
      const mediaType = why === "a flow of YAML" ? "application/yaml" : "application/json";
      const isRefused = refusing(() => {
        const body = {
          bytes,
          mediaType,
          kind: leaseKind,
          kinds: allKinds,
          fieldValidation: "Ignore",
        } as const;
        encodeJson(decodeObject(body).object, leaseKind.table);
      });
      assert.equal(isRefused, depth > jsonDepthMax);
    }
  });
}

test("values nest as deep as bodies may", () => {
  const text = "[".repeat(jsonDepthMax) + "]".repeat(jsonDepthMax);
  const parsed = parseJsonValue(utf8(text));
  assert.equal(parsed.kind === "parsed" && encodeJsonValue(parsed.value), text);
});

function encoded(value: object, form: string): Uint8Array {
  const object = { ...value, apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
  if (form === "protobuf") return encodeProtobuf(object, leaseKind.table);
  const json = encodeJson(object, leaseKind.table);
  return utf8(form === "yaml" ? jsonToYaml(json) : json);
}

function spliced(
  body: Uint8Array,
  { place, bytes }: { readonly place: number; readonly bytes: Uint8Array },
): Uint8Array {
  const at = place % body.length;
  return Uint8Array.from([...body.subarray(0, at), ...bytes, ...body.subarray(at + 1)]);
}

/** Whether it was refused; only a StatusError is a refusal. */
function refusing(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return true;
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Any canonical value of a table. */
function arbitraryOf(table: MessageTable): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.fromEntries(table.fields.map((field) => [field.name, arbitraryField(field)]));
  return fc.record(fields).map((value) => {
    const present = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(present);
  });
}

function arbitraryField(field: Field): fc.Arbitrary<unknown> {
  const item = arbitraryItem(field);
  if (field.container === "list")
    return fc.option(fc.array(item, { minLength: 1, maxLength: 3 }), { nil: undefined });
  if (field.container === "map")
    return fc.option(fc.dictionary(text, item, { minKeys: 1, maxKeys: 3, noNullPrototype: true }), {
      nil: undefined,
    });
  const isTime = field.type === "time" || field.type === "microTime";
  if (field.presence === "pointer" || (field.presence === "always" && isTime))
    return fc.option(item, { nil: undefined });
  if (field.presence === "always") return item;
  return item.map((value) => (isZero(value) ? undefined : value));
}

function isZero(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false;
}

function arbitraryItem({ type }: Field): fc.Arbitrary<unknown> {
  if (typeof type !== "string")
    return type.bareList === true ? fc.array(text, { maxLength: 2 }) : arbitraryOf(type);
  switch (type) {
    case "string":
      return text;
    case "bool":
      return fc.boolean();
    case "int32":
      return fc.integer();
    case "int64":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => {
        const number = Number(value);
        return Number.isSafeInteger(number) ? number : value;
      });
    case "time":
    case "microTime":
      return arbitraryTime(type);
    case "bytes":
      return fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString("base64"));
    case "fields":
    case "raw":
      return fc.constantFrom({}, { "f:spec": { "f:holderIdentity": {}, ".": {} } }, { "f:b": {}, "f:a": {} });
  }
}

/** From the second moment of the year 1, the first being no time at all, to the last of 9999. */
function arbitraryTime(type: TimeType): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min: -62_135_596_799, max: 253_402_300_799 }), fc.integer({ min: 0, max: 999_999 }))
    .map(([seconds, micros]) => timeText(type, { seconds, nanos: micros * 1000 }));
}
