import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeApply } from "./decode-apply.ts";
import { decodeDeleteOptions } from "./decode-delete-options.ts";
import { decodeObject, type FieldValidation } from "./decode-object.ts";
import { allKinds } from "./kinds/all.ts";
import { leaseKind } from "./kinds/lease.ts";
import { encodeProtobuf } from "./protobuf/encode.ts";
import type { MediaType } from "./read-body.ts";
import { StatusError } from "./status-error.ts";

interface Body {
  readonly body: string | Uint8Array;
  readonly mediaType?: MediaType;
  readonly fieldValidation?: FieldValidation;
}

function decode({ body, mediaType = "application/json", fieldValidation = "Warn" }: Body) {
  return decodeObject({ bytes: bytesOf(body), mediaType, kind: leaseKind, kinds: allKinds, fieldValidation });
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}

/** The message of the 400 with which something is refused. */
function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof StatusError);
    assert.equal(error.status.code, 400);
    return error.message;
  }
  return assert.fail("it was taken");
}

const scheme = `in scheme "pkg/runtime/scheme.go:111"`;
const unrecognized = "the object provided is unrecognized (must be of type Lease): ";
const noJson = `${unrecognized}couldn't get version/kind; json parse error: `;

const refused: readonly (readonly [body: string, message: string])[] = [
  ["{", `${noJson}unexpected end of JSON input ({)`],
  ["", `${noJson}unexpected end of JSON input (<empty>)`],
  ["not json", `${noJson}invalid character 'o' in literal null (expecting 'u') (6e6f74206a736f6e)`],
  [
    `{"apiVersion":1,"kind":"Lease"}`,
    `${noJson}json: cannot unmarshal number into Go struct field .apiVersion of type string ({"apiVersion":1,"kind":"Lease" ...)`,
  ],
  [
    `{"apiVersion":"a/b/c","kind":"Lease"}`,
    `${unrecognized}unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c","kind":" ...)`,
  ],
  [
    `{"apiVersion":"coordination.k8s.io/v1","kind":"lease"}`,
    `lease in version "v1" cannot be handled as a Lease: no kind "lease" is registered for version "coordination.k8s.io/v1" ${scheme}`,
  ],
  [
    `{"apiVersion":"v1","kind":"Lease"}`,
    `Lease in version "v1" cannot be handled as a Lease: no kind "Lease" is registered for version "v1" ${scheme}`,
  ],
  [
    `{"apiVersion":"/v1","kind":"Lease"}`,
    `Lease in version "v1" cannot be handled as a Lease: no kind "Lease" is registered for version "v1" ${scheme}`,
  ],
  [
    `{"apiVersion":"coordination.k8s.io","kind":"Lease"}`,
    `Lease in version "coordination.k8s.io" cannot be handled as a Lease: no kind "Lease" is registered for version "coordination.k8s.io" ${scheme}`,
  ],
  [
    `{"apiVersion":"foo/__internal","kind":"Lease"}`,
    `Lease in version "__internal" cannot be handled as a Lease: no kind "Lease" is registered for the internal version of group "foo" ${scheme}`,
  ],
  [
    `{"apiVersion":"foo/","kind":"Lease"}`,
    `Lease in version "" cannot be handled as a Lease: Object 'apiVersion' is missing in '{"apiVersion":"foo/","kind":"Lease"}'`,
  ],
  [
    `{"apiVersion":"coordination.k8s.io/v1beta1","kind":"Lease"}`,
    "the API version in the data (coordination.k8s.io/v1beta1) does not match the expected API version (coordination.k8s.io/v1)",
  ],
  [
    `{"apiVersion":"coordination.k8s.io/__internal","kind":"Lease"}`,
    "the API version in the data (coordination.k8s.io/__internal) does not match the expected API version (coordination.k8s.io/v1)",
  ],
  [
    `{"apiVersion":"coordination.k8s.io/v1","kind":"LeaseList","items":[]}`,
    `LeaseList in version "v1" cannot be handled as a Lease: converting (v1.LeaseList) to (coordination.Lease): unknown conversion`,
  ],
  [
    `{"apiVersion":"coordination.k8s.io/v1beta1","kind":"LeaseCandidate"}`,
    `LeaseCandidate in version "v1beta1" cannot be handled as a Lease: converting (v1beta1.LeaseCandidate) to (coordination.Lease): unknown conversion`,
  ],
  [
    `{"apiVersion":"coordination.k8s.io/v1beta1","kind":"WatchEvent"}`,
    `WatchEvent in version "v1beta1" cannot be handled as a Lease: converting (v1.WatchEvent) to (coordination.Lease): unknown conversion`,
  ],
  [
    `{"apiVersion":"foo/v3","kind":"Status"}`,
    `Status in version "v3" cannot be handled as a Lease: converting (v1.Status) to (coordination.Lease): unknown conversion`,
  ],
  [
    `{"apiVersion":"v1","kind":"Pod","metadata":{"name":1}}`,
    `Pod in version "v1" cannot be handled as a Lease: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string`,
  ],
  [
    `{"apiVersion":"meta.k8s.io/v1","kind":"DeleteOptions"}`,
    `DeleteOptions in version "v1" cannot be handled as a Lease: no kind "DeleteOptions" is registered for version "meta.k8s.io/v1" ${scheme}`,
  ],
  [
    `{"spec":{"holderIdentity":5}}`,
    `Lease in version "v1" cannot be handled as a Lease: json: cannot unmarshal number into Go struct field LeaseSpec.spec.holderIdentity of type string`,
  ],
];

for (const [body, message] of refused) {
  test(`${body} is refused as a Lease`, () =>
    assert.equal(
      refusalOf(() => decode({ body })),
      message,
    ));
}

for (const body of [
  `null`,
  `{}`,
  `{"kind":"Lease"}`,
  `{"apiVersion":"coordination.k8s.io/"}`,
  `{"apiVersion":null,"kind":""}`,
]) {
  test(`${body} is completed to a Lease`, () => {
    assert.deepEqual(decode({ body }), {
      object: { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: {}, spec: {} },
      warnings: [],
    });
  });
}

test("strict validation refuses what others warn of or ignore", () => {
  const body = `{"spec":{"bogus":1,"holderIdentity":"a","holderIdentity":"b"}}`;
  const errors = [`unknown field "spec.bogus"`, `duplicate field "spec.holderIdentity"`];
  assert.deepEqual(decode({ body }).warnings, errors);
  assert.deepEqual(decode({ body, fieldValidation: "Ignore" }).warnings, []);
  assert.equal(
    refusalOf(() => decode({ body, fieldValidation: "Strict" })),
    `Lease in version "v1" cannot be handled as a Lease: strict decoding error: ${errors.join(", ")}`,
  );
});

test("keys that stand twice in YAML are told line by line, before the fields that nobody knows", () => {
  const body = "spec:\n  holderIdentity: a\n  holderIdentity: b\n  z: 1\n  a: 1\n";
  assert.deepEqual(decode({ body, mediaType: "application/yaml" }).warnings, [
    `line 3: key "holderIdentity" already set in map`,
    `unknown field "spec.a"`,
    `unknown field "spec.z"`,
  ]);
});

test("YAML that cannot be parsed is refused in the words of its parser", () => {
  assert.equal(
    refusalOf(() => decode({ body: "kind: Lease\nmetadata: [\n", mediaType: "application/yaml" })),
    `${unrecognized}yaml: line 2: did not find expected node content (6b696e643a204c656173650a6d657461646174613a205b0a)`,
  );
});

test("protobuf takes its type from the envelope", () => {
  const mediaType = "application/vnd.kubernetes.protobuf";
  const typeMeta = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
  const object = { ...typeMeta, metadata: { name: "a" }, spec: { leaseTransitions: 0 } };
  assert.deepEqual(decode({ body: encodeProtobuf(object, leaseKind.table), mediaType }).object, object);
  const unnamed = encodeProtobuf({ ...object, apiVersion: "", kind: "" }, leaseKind.table);
  assert.deepEqual(decode({ body: unnamed, mediaType }).object, object);
  assert.equal(
    refusalOf(() => decode({ body: "garbage", mediaType })),
    `${unrecognized}provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (67617262616765)`,
  );
  assert.equal(
    refusalOf(() => decode({ body: Uint8Array.of(0x6b, 0x38, 0x73, 0, 255, 255, 255), mediaType })),
    `${unrecognized}unexpected EOF (6b387300ffffff)`,
  );
});

const deletions: readonly (readonly [body: string, outcome: object | string])[] = [
  [`{}`, {}],
  [`{"ignoreStoreReadErrorWithClusterBreakingPotential":true}`, {}],
  [`{"apiVersion":"apps/v1","kind":"DeleteOptions","bogus":1}`, {}],
  [
    `{"gracePeriodSeconds":0,"preconditions":{"uid":""},"dryRun":["All"]}`,
    { gracePeriodSeconds: 0, preconditions: { uid: "" }, dryRun: ["All"] },
  ],
  [
    `{"gracePeriodSeconds":1.5}`,
    "json: cannot unmarshal number 1.5 into Go struct field DeleteOptions.gracePeriodSeconds of type int64",
  ],
  [
    `{"propagationPolicy":1}`,
    "json: cannot unmarshal number into Go struct field DeleteOptions.propagationPolicy of type v1.DeletionPropagation",
  ],
  [`{"apiVersion":"v1","kind":"Lease"}`, `no kind "Lease" is registered for version "v1" ${scheme}`],
  [`{"apiVersion":"v1","kind":"Status"}`, "converting (v1.Status) to (v1.DeleteOptions): unknown conversion"],
  [
    `{"apiVersion":"meta.k8s.io/v1","kind":"Table"}`,
    "converting (v1.Table) to (v1.DeleteOptions): unknown conversion",
  ],
  [
    `{"apiVersion":"v1","kind":"WatchEvent"}`,
    `no kind "WatchEvent" is registered for version "v1" ${scheme}`,
  ],
  [`{"apiVersion":"foo/"}`, `Object 'apiVersion' is missing in '{"apiVersion":"foo/"}'`],
  [
    `nonsense`,
    "couldn't get version/kind; json parse error: invalid character 'o' in literal null (expecting 'u')",
  ],
];

for (const [body, outcome] of deletions) {
  test(`the options ${body} are ${typeof outcome === "string" ? "refused" : "taken"}`, () => {
    const read = () => decodeDeleteOptions(bytesOf(body), "application/json");
    if (typeof outcome === "string") assert.equal(refusalOf(read), outcome);
    else assert.deepEqual(read(), outcome);
  });
}

const applies: readonly (readonly [body: string, message: string])[] = [
  [
    "{",
    "error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected node content",
  ],
  [
    "- a",
    "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}",
  ],
  [
    "yes",
    "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal bool into Go value of type map[string]interface {}",
  ],
];

for (const [body, message] of applies) {
  test(`${body} cannot be applied`, () =>
    assert.equal(
      refusalOf(() => decodeApply(bytesOf(body), "Warn")),
      message,
    ));
}

test("an apply is refused for keys that stand twice only at its end", () => {
  const body = bytesOf("a: 1\na: 2\n");
  const error = `error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key "a" already set in map`;
  assert.deepEqual(decodeApply(body, "Warn").warnings, [`line 2: key "a" already set in map`]);
  assert.equal(decodeApply(body, "Strict").strictRefusal?.message, `error strict decoding YAML: ${error}`);
  assert.deepEqual(decodeApply(body, "Ignore"), { value: { a: 2n }, warnings: [], strictRefusal: undefined });
});
