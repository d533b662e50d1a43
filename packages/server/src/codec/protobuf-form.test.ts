import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind } from "@leasehold/api";
import type { ListContent } from "./content.ts";
import { protobufForm } from "./protobuf-form.ts";

const list: ListContent = {
  kind: "list",
  of: leaseKind,
  objects: [{ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "a" }, spec: {} }],
  revision: 7,
  continueToken: undefined,
  remaining: undefined,
};

test("the items of a list of metadata come second in v1, and first in v1beta1", () => {
  const name = Buffer.from("\n\x01a");
  const itemsAt = (version: "v1" | "v1beta1"): number | undefined =>
    fieldsOf(version).find(({ bytes }) => Buffer.from(bytes).includes(name))?.number;
  assert.deepEqual([itemsAt("v1"), itemsAt("v1beta1")], [2, 1]);
});

interface WireField {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** The fields of the message in the envelope: all of them are short and length-delimited. */
function fieldsOf(version: "v1" | "v1beta1"): readonly WireField[] {
  const envelope = protobufForm(list, { kind: "PartialObjectMetadataList", version });
  const message = wireFields(envelope.subarray(4)).find(({ number }) => number === 2);
  return wireFields(message?.bytes ?? new Uint8Array());
}

function wireFields(bytes: Uint8Array): readonly WireField[] {
  const fields: WireField[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at + 1] ?? 0;
    fields.push({ number: (bytes[at] ?? 0) >> 3, bytes: bytes.subarray(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return fields;
}
