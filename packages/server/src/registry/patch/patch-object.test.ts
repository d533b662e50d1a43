import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, type ApiObject } from "@leasehold/api";
import type { FieldValidation, PatchOutcome } from "./outcome.ts";
import { patchObject, type PatchRequest } from "./patch-object.ts";

const live: ApiObject = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "a", annotations: { an: "v<1>" }, finalizers: ["e.com/1", "e.com/2"] },
  spec: { holderIdentity: "x", leaseDurationSeconds: 10 },
};

/** The live object as text, as refusals quote it: its top level has been looked into, and so is sorted. */
const sorted = (more: { readonly spec?: string; readonly kind?: string; readonly top?: string }): string =>
  `{"apiVersion":"coordination.k8s.io/v1",${more.top ?? ""}"kind":${more.kind ?? '"Lease"'},` +
  `"metadata":{"name":"a","annotations":{"an":"v\\u003c1\\u003e"},"finalizers":["e.com/1","e.com/2"]},` +
  `"spec":${more.spec ?? '{"holderIdentity":"x","leaseDurationSeconds":10}'}}`;

function patched(type: PatchRequest["type"], body: string, fieldValidation: FieldValidation): PatchOutcome {
  return patchObject({ kind: leaseKind, type, live, body: Buffer.from(body), fieldValidation });
}

const badRequest = (message: string): PatchOutcome => ({ kind: "bad-request", message });
const invalid = (value: string, detail: string): PatchOutcome => ({ kind: "invalid", value, detail });

interface RefusalCase {
  readonly type: PatchRequest["type"];
  readonly body: string;
  /** What a strict reader answers, in Strict and Warn. */
  readonly strict: PatchOutcome;
  /** What is answered to Ignore, where that is something else. */
  readonly plain?: PatchOutcome;
}

const typeMeta = String.raw`json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

const refusals: readonly RefusalCase[] = [
  {
    type: "json",
    body: "{",
    strict: badRequest("error decoding patch: unexpected end of JSON input"),
    plain: badRequest("unexpected end of JSON input"),
  },
  {
    type: "json",
    body: "{}",
    strict: badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    ),
    plain: badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch"),
  },
  {
    type: "json",
    body: '["x"]',
    strict: badRequest(
      "error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp",
    ),
    plain: badRequest("json: cannot unmarshal string into Go value of type jsonpatch.Operation"),
  },
  {
    type: "json",
    body: '[{"op":5}]',
    strict: badRequest(
      "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string",
    ),
    plain: { kind: "unprocessable", reason: "Unexpected kind: unknown" },
  },
  {
    type: "json",
    body: '[{"op":"replace","path":"","value":[1]}]',
    strict: invalid("[1]", `couldn't get version/kind; json parse error: ${typeMeta}`),
  },
  {
    type: "json",
    body: '[{"op":"test","path":"/spec/holderIdentity","value":{"a":-1e400}}]',
    strict: badRequest(
      "error decoding patch: json: cannot unmarshal number -1e400 into Go struct field jsonPatchOp.value of type float64",
    ),
    plain: { kind: "unprocessable", reason: "testing value /spec/holderIdentity failed: test failed" },
  },
  {
    type: "merge",
    body: '{"spec":{"leaseTransitions":1e309}}',
    strict: badRequest(
      "error decoding patch: json: cannot unmarshal number 1e309 into Go value of type float64",
    ),
    plain: invalid(
      sorted({ spec: '{"holderIdentity":"x","leaseDurationSeconds":10,"leaseTransitions":1e309}' }),
      "json: cannot unmarshal number 1e309 into Go struct field LeaseSpec.spec.leaseTransitions of type int32",
    ),
  },
  {
    type: "strategic-merge",
    body: '{"a":[1e400]}',
    strict: badRequest("json: cannot unmarshal number 1e400 into Go value of type float64"),
  },
  {
    type: "merge",
    body: "",
    strict: badRequest("error decoding patch: unexpected end of JSON input"),
    plain: badRequest("Invalid JSON Patch"),
  },
  { type: "merge", body: "null", strict: badRequest("Invalid JSON Patch") },
  {
    type: "merge",
    body: "[]",
    strict: badRequest(
      "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    ),
    plain: invalid("[]", `couldn't get version/kind; json parse error: ${typeMeta}`),
  },
  {
    type: "merge",
    body: '{"kind":"Foo"}',
    strict: invalid(
      sorted({ kind: '"Foo"' }),
      'no kind "Foo" is registered for version "coordination.k8s.io/v1" in scheme "pkg/runtime/scheme.go:111"',
    ),
  },
  {
    type: "merge",
    body: '{"kind":5}',
    strict: invalid(
      sorted({ kind: "5" }),
      "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string",
    ),
  },
  {
    type: "merge",
    body: '{"spec":"x","foo":[1,{"a":null}]}',
    strict: invalid(
      sorted({ top: '"foo":[1,{}],', spec: '"x"' }),
      "json: cannot unmarshal string into Go struct field Lease.spec of type v1.LeaseSpec",
    ),
  },
  {
    type: "merge",
    body: '{"spec":{"leaseDurationSeconds":1.0}}',
    strict: invalid(
      sorted({ spec: '{"holderIdentity":"x","leaseDurationSeconds":1.0}' }),
      "json: cannot unmarshal number 1.0 into Go struct field LeaseSpec.spec.leaseDurationSeconds of type int32",
    ),
  },
  { type: "strategic-merge", body: "{", strict: badRequest("unexpected end of JSON input") },
  {
    type: "strategic-merge",
    body: "[]",
    strict: badRequest("json: cannot unmarshal array into Go value of type map[string]interface {}"),
  },
  {
    type: "strategic-merge",
    body: '{"spec":{"leaseDurationSeconds":"x"}}',
    strict: invalid("map[spec:map[leaseDurationSeconds:x]]", "unrecognized type: int32"),
  },
  {
    type: "strategic-merge",
    body: '{"spec":{"$patch":"replace","leaseDurationSeconds":1.5}}',
    strict: invalid("map[spec:map[leaseDurationSeconds:1.5]]", "cannot convert float64 to int32"),
  },
  {
    type: "strategic-merge",
    body: '{"kind":5}',
    strict: invalid("map[kind:5]", "cannot convert int64 to string"),
  },
];

for (const { type, body, strict, plain } of refusals) {
  test(`a ${type} patch ${body === "" ? "of nothing" : body} is refused`, () => {
    assert.deepEqual(patched(type, body, "Strict"), strict);
    assert.deepEqual(patched(type, body, "Warn"), strict);
    assert.deepEqual(patched(type, body, "Ignore"), plain ?? strict);
  });
}

interface StrictCase {
  readonly type: PatchRequest["type"];
  readonly body: string;
  readonly errors: readonly string[];
  /** What Strict quotes. */
  readonly value: string;
}

const strictness: readonly StrictCase[] = [
  {
    type: "json",
    body: '[{"op":"add","path":"/spec/x","value":1,"foo":1,"op":"add"}]',
    errors: [
      'json patch unknown field "[0].foo"',
      'json patch duplicate field "[0].op"',
      'unknown field "spec.x"',
    ],
    value: `{"apiVersion":"coordination.k8s.io/v1","kind":"Lease",${sorted({}).slice(sorted({}).indexOf('"metadata"'), -1).replace("10}", '10,"x":1}')}}`,
  },
  {
    type: "json",
    body: '[{"op":"test","path":"/spec/holderIdentity","value":"x"},{"op":"add","path":"/spec/holderIdentity","value":"x","value":"x"}]',
    errors: ['json patch duplicate field "[1].value"'],
    value: sorted({}),
  },
  {
    type: "merge",
    body: '{"spec":{"holderIdentity":"x","holderIdentity":"x"},"bogus":1}',
    errors: ['duplicate field "spec.holderIdentity"', 'unknown field "bogus"'],
    value: sorted({}).replace('"kind"', '"bogus":1,"kind"'),
  },
  {
    type: "merge",
    body: '{"apiVersion":null}',
    errors: ['unknown field "metadata"', 'unknown field "spec"'],
    value: sorted({}).replace('"apiVersion":"coordination.k8s.io/v1",', ""),
  },
  {
    type: "strategic-merge",
    body: '{"spec":{"holderIdentity":"x","holderIdentity":"x","bogus":1}}',
    errors: ['duplicate field "spec.holderIdentity"', 'unknown field "spec.bogus"'],
    value: "map[spec:map[bogus:1 holderIdentity:x]]",
  },
];

for (const { type, body, errors, value } of strictness) {
  test(`a strict reader minds ${errors.join(", ")} in a ${type} patch`, () => {
    const warned = patched(type, body, "Warn");
    assert.deepEqual(warned.kind === "patched" ? warned.warnings : warned, errors);
    const ignored = patched(type, body, "Ignore");
    assert.deepEqual(ignored.kind === "patched" ? ignored.warnings : ignored, []);
    assert.deepEqual(
      patched(type, body, "Strict"),
      invalid(value, `strict decoding error: ${errors.join(", ")}`),
    );
  });
}

const nothing: readonly (readonly [PatchRequest["type"], string])[] = [
  ["json", "[]"],
  ["json", "null"],
  ["merge", "{}"],
  ["strategic-merge", "{}"],
  ["strategic-merge", "null"],
  ["strategic-merge", '{"kind":"Foo","apiVersion":null}'],
];

for (const [type, body] of nothing) {
  test(`a ${type} patch ${body} changes nothing`, () => {
    assert.deepEqual(patched(type, body, "Strict"), { kind: "patched", object: live, warnings: [] });
  });
}

test("a patch leaves the live object as it is", () => {
  const before = structuredClone(live);
  patched(
    "strategic-merge",
    '{"metadata":{"finalizers":["e.com/9"],"annotations":{"$patch":"replace"}},"spec":{"$patch":"delete"}}',
    "Warn",
  );
  patched("merge", '{"spec":null}', "Warn");
  assert.deepEqual(live, before);
});

const broken: readonly (readonly [PatchRequest["type"], string])[] = [
  ["json", "error decoding patch: "],
  ["merge", "error decoding patch: "],
  ["strategic-merge", ""],
];

for (const [type, prefix] of broken) {
  test(`a ${type} patch that is no UTF-8 is refused for its first byte`, () => {
    const outcome = patchObject({
      kind: leaseKind,
      type,
      live,
      body: Uint8Array.of(0xff),
      fieldValidation: "Warn",
    });
    assert.deepEqual(outcome, badRequest(`${prefix}invalid character 'ÿ' looking for beginning of value`));
  });
}

test("bytes that belong to no character become one replacement character each", () => {
  const text = '{"spec":{"holderIdentity":"..."}}';
  const body = Buffer.from(text.replace("...", "\u00e2\u0080x"), "latin1");
  const outcome = patchObject({ kind: leaseKind, type: "merge", live, body, fieldValidation: "Warn" });
  assert.ok(outcome.kind === "patched");
  assert.deepEqual(outcome.object["spec"], { holderIdentity: "\ufffd\ufffdx", leaseDurationSeconds: 10 });
});
