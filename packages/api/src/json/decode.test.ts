import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseTable } from "../kinds/lease.ts";
import { decodeJson } from "./decode.ts";

function decode(text: string | Uint8Array) {
  return decodeJson(typeof text === "string" ? new TextEncoder().encode(text) : text, leaseTable);
}

const strictErrors: readonly (readonly [body: string, ...errors: string[]])[] = [
  [
    `{"spec":{"bogus":1,"other":{"x":1}},"extra":true}`,
    `unknown field "spec.bogus"`,
    `unknown field "spec.other"`,
    `unknown field "extra"`,
  ],
  [`{"spec":{"holderIdentity":"x","holderIdentity":"y"}}`, `duplicate field "spec.holderIdentity"`],
  [`{"metadata":{"labels":{"a":"1","a":"2"}}}`, `duplicate field "metadata.labels.a"`],
  [
    `{"metadata":{"ownerReferences":[{},{"x":1,"uid":"a","uid":"b"}]}}`,
    `unknown field "metadata.ownerReferences[1].x"`,
    `duplicate field "metadata.ownerReferences[1].uid"`,
  ],
  [`{"spec":{"bogus":1,"bogus":2}}`, `unknown field "spec.bogus"`],
  [
    `{"Spec":{},"spec":{"HolderIdentity":"x"}}`,
    `unknown field "Spec"`,
    `unknown field "spec.HolderIdentity"`,
  ],
  [`{"kind":"a","kind":"b"}`, `duplicate field "kind"`],
  [`{"KIND":"a"}`, `unknown field "KIND"`],
  [`{"spec":{"hol\\u0064erIdentity":"x"}}`],
  [`{"metadata":{"managedFields":[{"fieldsV1":{"a":{},"a":{}}}]}}`],
];

for (const [body, ...errors] of strictErrors) {
  test(`a strict reader finds ${errors.length} faults in ${body}`, () => {
    const decoded = decode(body);
    assert.deepEqual(decoded.kind === "decoded" && decoded.strictErrors, errors);
  });
}

const misfits: readonly (readonly [body: string, error: string])[] = [
  [
    `{"spec":{"holderIdentity":5}}`,
    "number into Go struct field LeaseSpec.spec.holderIdentity of type string",
  ],
  [
    `{"spec":{"leaseDurationSeconds":"15"}}`,
    "string into Go struct field LeaseSpec.spec.leaseDurationSeconds of type int32",
  ],
  [
    `{"spec":{"leaseDurationSeconds":15.5}}`,
    "number 15.5 into Go struct field LeaseSpec.spec.leaseDurationSeconds of type int32",
  ],
  [
    `{"spec":{"leaseDurationSeconds":1e1}}`,
    "number 1e1 into Go struct field LeaseSpec.spec.leaseDurationSeconds of type int32",
  ],
  [
    `{"spec":{"leaseDurationSeconds":2147483648}}`,
    "number 2147483648 into Go struct field LeaseSpec.spec.leaseDurationSeconds of type int32",
  ],
  [
    `{"spec":{"leaseDurationSeconds":true}}`,
    "bool into Go struct field LeaseSpec.spec.leaseDurationSeconds of type int32",
  ],
  [
    `{"metadata":{"generation":9223372036854775808}}`,
    "number 9223372036854775808 into Go struct field ObjectMeta.metadata.generation of type int64",
  ],
  [`{"spec":[]}`, "array into Go struct field Lease.spec of type v1.LeaseSpec"],
  [`{"spec":{"renewTime":12345}}`, "number into Go struct field LeaseSpec.spec.renewTime of type string"],
  [
    `{"metadata":{"labels":{"a":null,"b":{"c":1}}}}`,
    "object into Go struct field ObjectMeta.metadata.labels of type string",
  ],
  [
    `{"metadata":{"labels":[]}}`,
    "array into Go struct field ObjectMeta.metadata.labels of type map[string]string",
  ],
  [
    `{"metadata":{"finalizers":"x"}}`,
    "string into Go struct field ObjectMeta.metadata.finalizers of type []string",
  ],
  [
    `{"metadata":{"ownerReferences":[1]}}`,
    "number into Go struct field ObjectMeta.metadata.ownerReferences of type v1.OwnerReference",
  ],
  [
    `{"metadata":{"ownerReferences":[{"uid":1}]}}`,
    "number into Go struct field OwnerReference.metadata.ownerReferences.uid of type types.UID",
  ],
  [
    `{"spec":{"strategy":1,"holderIdentity":1}}`,
    "number into Go struct field LeaseSpec.spec.strategy of type v1.CoordinatedLeaseStrategy",
  ],
];

for (const [body, error] of misfits) {
  test(`${body} does not fit its field`, () => {
    const decoded = decode(body);
    assert.equal(decoded.kind === "decoded" && decoded.valueError, `json: cannot unmarshal ${error}`);
  });
}

test("a bad time comes before the misfits that stand before it", () => {
  const decoded = decode(`{"spec":{"holderIdentity":5,"renewTime":"bad"}}`);
  assert.equal(
    decoded.kind === "decoded" && decoded.valueError,
    `parsing time "bad" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "bad" as "2006"`,
  );
});

test("a syntax error comes before a misfit that stands before it", () => {
  assert.deepEqual(decode(`{"spec":{"holderIdentity":5}`), {
    kind: "malformed",
    message: "unexpected end of JSON input",
  });
});

const typeMetas: readonly (readonly [body: string, apiVersion: string, kind: string, error?: string])[] = [
  [`{"apiVersion":"a/v1","kind":"B"}`, "a/v1", "B"],
  [`{"apiVersion":null,"kind":null}`, "", ""],
  [`null`, "", ""],
  [`{"KIND":"B","apiversion":"v1"}`, "v1", "B"],
  [`{"kind":"B","\u212aind":"C"}`, "", "C"],
  [`{"kind":"B","kind":null}`, "", "B"],
  [
    `{"apiVersion":1}`,
    "",
    "",
    "json: cannot unmarshal number into Go struct field .apiVersion of type string",
  ],
  [`{"kind":{}}`, "", "", "json: cannot unmarshal object into Go struct field .kind of type string"],
  [
    `[]`,
    "",
    "",
    String.raw`json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`,
  ],
];

for (const [body, apiVersion, kind, error] of typeMetas) {
  test(`the type of ${body} is ${error === undefined ? `"${kind}" of "${apiVersion}"` : "no type"}`, () => {
    const decoded = decode(body);
    assert.equal(decoded.kind, "decoded");
    if (decoded.kind !== "decoded") return;
    assert.deepEqual(
      [decoded.apiVersion, decoded.typeKind, decoded.typeMetaError],
      [apiVersion, kind, error],
    );
  });
}

const values: readonly (readonly [body: string, value: unknown])[] = [
  [`{}`, { metadata: {}, spec: {} }],
  [
    `{"spec":{"holderIdentity":"","leaseTransitions":0,"strategy":null}}`,
    { metadata: {}, spec: { holderIdentity: "", leaseTransitions: 0 } },
  ],
  [
    `{"metadata":{"name":"","labels":{},"finalizers":[],"generation":0,"uid":"u"}}`,
    { metadata: { uid: "u" }, spec: {} },
  ],
  [
    `{"metadata":{"ownerReferences":[null,{"name":"n"}]}}`,
    {
      metadata: {
        ownerReferences: [
          { apiVersion: "", kind: "", name: "", uid: "" },
          { apiVersion: "", kind: "", name: "n", uid: "" },
        ],
      },
      spec: {},
    },
  ],
  [
    `{"spec":{"holderIdentity":"a"},"spec":{"leaseTransitions":1}}`,
    { metadata: {}, spec: { holderIdentity: "a", leaseTransitions: 1 } },
  ],
  [
    `{"metadata":{"generation":9007199254740993,"deletionGracePeriodSeconds":-0}}`,
    { metadata: { generation: 9007199254740993n, deletionGracePeriodSeconds: 0 }, spec: {} },
  ],
  [
    `{"spec":{"holderIdentity":"\\ud83d\\udc1e\\ud83d\\u00e9\\/"}}`,
    { metadata: {}, spec: { holderIdentity: "🐞\ufffdé/" } },
  ],
  [`{"spec":{"holderIdentity":"жук"}}`, { metadata: {}, spec: { holderIdentity: "жук" } }],
];

for (const [body, value] of values) {
  test(`${body} has one canonical form`, () => {
    const decoded = decode(body);
    assert.deepEqual(decoded.kind === "decoded" && decoded.value, value);
  });
}

test("each byte that belongs to no character becomes one replacement character", () => {
  const bytes = Uint8Array.from([
    ...new TextEncoder().encode(`{"metadata":{"name":"x`),
    0xff,
    0xe2,
    0x82,
    0x22,
    0x7d,
    0x7d,
  ]);
  const decoded = decode(bytes);
  assert.deepEqual(decoded.kind === "decoded" && decoded.value["metadata"], { name: "x\ufffd\ufffd\ufffd" });
});

test("a label may be called __proto__", () => {
  const decoded = decode(`{"metadata":{"labels":{"__proto__":"x"}}}`);
  assert.equal(
    decoded.kind === "decoded" && JSON.stringify(decoded.value["metadata"]),
    `{"labels":{"__proto__":"x"}}`,
  );
});

test("a body collects at most a hundred strict errors", () => {
  const fields = Array.from({ length: 150 }, (_, index) => `"x${index}":1`);
  const decoded = decode(`{${fields.join(",")}}`);
  assert.equal(decoded.kind === "decoded" && decoded.strictErrors.length, 100);
});
