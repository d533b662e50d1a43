import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, namespaceKind, type ApiObject, type Kind } from "@leasehold/api";
import { asJson } from "./object-json.ts";

const zero = "0001-01-01T00:00:00.000000Z";
const moment = "2026-01-01T00:00:00.000000Z";

interface JsonCase {
  readonly what: string;
  readonly kind: Kind;
  readonly content: Readonly<Record<string, unknown>>;
  readonly written: object;
}

const cases: readonly JsonCase[] = [
  {
    what: "the zero time is null",
    kind: leaseKind,
    content: { spec: { renewTime: zero, acquireTime: moment } },
    written: { spec: { renewTime: null, acquireTime: moment } },
  },
  {
    what: "a time that is always written is null when there is none",
    kind: namespaceKind,
    content: { spec: {}, status: { conditions: [{ type: "A", status: "True" }] } },
    written: { spec: {}, status: { conditions: [{ type: "A", status: "True", lastTransitionTime: null }] } },
  },
];

for (const { what, kind, content, written } of cases) {
  test(`fields are tracked as they are written: ${what}`, () => {
    const bare = { apiVersion: "v1", kind: kind.kind, metadata: { name: "a" } };
    const object: ApiObject = { ...bare, ...content };
    assert.deepEqual(asJson(object, kind.table), { ...bare, ...written });
  });
}

test("an object that has no such field is not copied", () => {
  const spec = { renewTime: moment };
  const object: ApiObject = { apiVersion: "v1", kind: "Lease", metadata: {}, spec };
  assert.equal(asJson(object, leaseKind.table), object);
});
