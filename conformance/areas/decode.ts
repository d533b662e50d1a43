import { type ConformanceCase, type Row, table } from "../case.ts";
import { created, lease, storedLease } from "../vocabulary/leases.ts";
import { badRequest, invalid, notFound, refused } from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";
import { textLike } from "../wire/match.ts";

const apiVersion = "coordination.k8s.io/v1";
const nameless = invalid({ name: "" }, [
  "FieldValueRequired",
  "metadata.name",
  "Required value: name or generateName is required",
]);

const unknownType = refused(415, "UnsupportedMediaType", {
  message:
    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
});

export const decodeCases: readonly ConformanceCase[] = [
  table("a body that is no JSON is told where it stops being it", {
    rows: [
      text("", "couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)"),
      text("{", "couldn't get version/kind; json parse error: unexpected end of JSON input ({)"),
      text(
        "not json",
        "couldn't get version/kind; json parse error: invalid character 'o' in literal null (expecting 'u') (6e6f74206a736f6e)",
      ),
      text(
        '{"apiVersion":"coordination.k8s.io/v1","kind":"Lease",}',
        "couldn't get version/kind; json parse error: invalid character '}' looking for beginning of object key string ({\"apiVersion\":\"coordination.k8 ...)",
      ),
      text(
        '{"apiVersion":1,"kind":"Lease"}',
        'couldn\'t get version/kind; json parse error: json: cannot unmarshal number into Go struct field .apiVersion of type string ({"apiVersion":1,"kind":"Lease" ...)',
      ),
      text(
        '{"apiVersion":"a/b/c","kind":"Lease"}',
        'unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c","kind":" ...)',
      ),
      ["POST leases", { raw: "null", type: "application/json" }, nameless],
      ["POST leases", { raw: "{}", type: "application/json" }, nameless],
    ],
  }),
  table("a body without a kind is of the kind of its path", {
    rows: [
      ["POST leases", { json: { metadata: { name: "a" } } }, created(storedLease("a"))],
      ["POST leases", { json: { kind: "Lease", metadata: { name: "b" } } }, created(storedLease("b"))],
      ["POST leases", { json: { apiVersion, metadata: { name: "c" } } }, created(storedLease("c"))],
      [
        "POST leases",
        { json: { apiVersion: "", kind: null, metadata: { name: "d" } } },
        created(storedLease("d")),
      ],
    ],
  }),
  table("a body of another kind is refused", {
    rows: [
      [
        "POST leases",
        { json: { apiVersion, kind: "Lesae" } },
        badRequest(
          textLike(
            /^Lesae in version "v1" cannot be handled as a Lease: no kind "Lesae" is registered for version "coordination\.k8s\.io\/v1" in scheme "/,
          ),
        ),
      ],
      [
        "POST leases",
        { json: { apiVersion: "coordination.k8s.io/v9", kind: "Lease" } },
        badRequest(
          textLike(
            /^Lease in version "v9" cannot be handled as a Lease: no kind "Lease" is registered for version "coordination\.k8s\.io\/v9" in scheme "/,
          ),
        ),
      ],
      [
        "POST leases",
        { json: { apiVersion: "v1", kind: "Namespace" } },
        badRequest(
          'Namespace in version "v1" cannot be handled as a Lease: converting (v1.Namespace) to (coordination.Lease): unknown conversion',
        ),
      ],
      [
        "POST leases",
        { json: { apiVersion, kind: "LeaseList", items: [] } },
        badRequest(
          'LeaseList in version "v1" cannot be handled as a Lease: converting (v1.LeaseList) to (coordination.Lease): unknown conversion',
        ),
      ],
      [
        "POST leases",
        { json: { apiVersion: "coordination.k8s.io/v1beta1", kind: "Lease" } },
        badRequest(
          "the API version in the data (coordination.k8s.io/v1beta1) does not match the expected API version (coordination.k8s.io/v1)",
        ),
      ],
    ],
  }),
  table("unknown fields are dropped with a warning each, are silent, or refused, as it is asked", {
    rows: [
      [
        "POST leases",
        { json: lease("a", { holderIdentity: "x", bogus: 1 }) },
        created(storedLease("a", { holderIdentity: "x" }), { warnings: ['unknown field "spec.bogus"'] }),
      ],
      [
        "POST leases?fieldValidation=Warn",
        { json: { ...lease("b", { bogus: 1, other: {} }), extra: true } },
        created(storedLease("b"), {
          warnings: ['unknown field "spec.bogus"', 'unknown field "spec.other"', 'unknown field "extra"'],
        }),
      ],
      ["POST leases?fieldValidation=Ignore", { json: lease("c", { bogus: 1 }) }, created(storedLease("c"))],
      [
        "POST leases?fieldValidation=Strict",
        { json: lease("d", { bogus: 1 }) },
        strictly('unknown field "spec.bogus"'),
      ],
      [
        "POST leases?fieldValidation=strict",
        { json: lease("d") },
        invalid({ name: "", kind: "CreateOptions", group: "meta.k8s.io" }, [
          "FieldValueNotSupported",
          "fieldValidation",
          'Unsupported value: "strict": supported values: "", "Ignore", "Strict", "Warn"',
        ]),
      ],
      ["GET leases/d", notFound("d")],
    ],
  }),
  table("of a field that stands twice the last one counts, with a warning", {
    rows: [
      [
        "POST leases",
        twice("a"),
        created(storedLease("a", { holderIdentity: "y" }), {
          warnings: ['duplicate field "spec.holderIdentity"'],
        }),
      ],
      ["POST leases?fieldValidation=Ignore", twice("b"), created(storedLease("b", { holderIdentity: "y" }))],
      ["POST leases?fieldValidation=Strict", twice("c"), strictly('duplicate field "spec.holderIdentity"')],
    ],
  }),
  table("a field's name is written as it is, in capitals too", {
    rows: [
      [
        "POST leases",
        { json: lease("a", { HolderIdentity: "x" }) },
        created(storedLease("a"), { warnings: ['unknown field "spec.HolderIdentity"'] }),
      ],
    ],
  }),
  table("a body in YAML is one as well", {
    rows: [
      [
        "POST leases",
        {
          yaml: `apiVersion: ${apiVersion}\nkind: Lease\nmetadata:\n  name: a\n  labels: {x: "1"}\nspec:\n  holderIdentity: 'me'\n  leaseDurationSeconds: 10\n`,
        },
        created(storedLease("a", { holderIdentity: "me", leaseDurationSeconds: 10 }, { labels: { x: "1" } })),
      ],
      [
        "POST leases",
        { yaml: "{" },
        badRequest(
          "the object provided is unrecognized (must be of type Lease): yaml: line 1: did not find expected node content ({)",
        ),
      ],
      ["POST leases", { json: lease("b"), type: "application/yaml" }, created(storedLease("b"))],
    ],
  }),
  table("a body is of a media type that is known, JSON where none is told", {
    rows: [
      ...["text/plain", "application/xml", "bogus", "application/cbor"].map((type): Row => [
        "POST leases",
        { json: lease("a"), type },
        unknownType,
      ]),
      ["POST leases", { json: lease("a"), type: undefined }, created(storedLease("a"))],
      [
        "POST leases",
        { json: lease("b"), type: "application/json; charset=utf-8" },
        created(storedLease("b")),
      ],
      ["PUT leases/a", { raw: "x", type: "text/html" }, unknownType],
      ["DELETE leases/a", { raw: "x", type: "text/html" }, unknownType],
    ],
  }),
  table("a body has at most three mebibytes", {
    rows: [
      [
        "POST leases",
        { json: lease("a", { holderIdentity: "x".repeat(3_145_800) }) },
        refused(413, "RequestEntityTooLarge", { message: "Request entity too large: limit is 3145728" }),
      ],
      ["GET leases/a", notFound("a")],
    ],
  }),
  table("numbers that are whole may be written with a point or an exponent in no field", {
    rows: ["10.0", "1e1"].map((number): Row => [
      "POST leases",
      {
        raw: `{"metadata":{"name":"a"},"spec":{"leaseDurationSeconds":${number}}}`,
        type: "application/json",
      },
      badRequest(
        `Lease in version "v1" cannot be handled as a Lease: json: cannot unmarshal number ${number} into Go struct field LeaseSpec.spec.leaseDurationSeconds of type int32`,
      ),
    ]),
  }),
];

function text(raw: string, why: string): Row {
  return [
    "POST leases",
    { raw, type: "application/json" },
    badRequest(`the object provided is unrecognized (must be of type Lease): ${why}`),
  ];
}

function strictly(why: string): Expected {
  return badRequest(`Lease in version "v1" cannot be handled as a Lease: strict decoding error: ${why}`);
}

function twice(name: string) {
  const raw = `{"apiVersion":"${apiVersion}","kind":"Lease","metadata":{"name":"${name}"},"spec":{"holderIdentity":"x","holderIdentity":"y"}}`;
  return { raw, type: "application/json" };
}
