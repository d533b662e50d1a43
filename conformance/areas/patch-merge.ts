import assert from "node:assert/strict";
import type { ConformanceCase, Row } from "../case.ts";
import { table } from "../case.ts";
import { created, lease, ok, storedLease, updated } from "../vocabulary/leases.ts";
import { badRequest, conflict, invalid, notFound, refused } from "../vocabulary/statuses.ts";

const spec = { holderIdentity: "x", leaseDurationSeconds: 10 };
const labels = { l1: "v1", l2: "v2" };

const unsupported = refused(415, "UnsupportedMediaType", {
  message: "415: Unsupported Media Type",
  details: {},
});

export const patchMergeCases: readonly ConformanceCase[] = [
  table("members are set, and taken away by null", {
    given: [lease("a", spec, { labels })],
    rows: [
      [
        "PATCH leases/a",
        { merge: { spec: { holderIdentity: "y", leaseDurationSeconds: null } } },
        ok(storedLease("a", { holderIdentity: "y" }, { labels })),
      ],
      [
        "PATCH leases/a",
        { merge: { metadata: { labels: { l1: null, l3: "v3" } } } },
        ok(storedLease("a", { holderIdentity: "y" }, { labels: { l2: "v2", l3: "v3" } })),
      ],
      [
        "PATCH leases/a",
        { merge: { metadata: { labels: null } } },
        ok(storedLease("a", { holderIdentity: "y" })),
      ],
      ["PATCH leases/a", { merge: { spec: null } }, ok(storedLease("a"))],
      ["GET leases/a", ok(storedLease("a"))],
    ],
  }),
  table("a list is replaced whole", {
    given: [lease("a", undefined, { finalizers: ["x/1", "x/2"] })],
    rows: [
      [
        "PATCH leases/a",
        { merge: { metadata: { finalizers: ["x/3"] } } },
        ok(storedLease("a", {}, { finalizers: ["x/3"] })),
      ],
      ["PATCH leases/a", { merge: { metadata: { finalizers: [] } } }, ok(storedLease("a"))],
    ],
  }),
  {
    name: "a patch that changes nothing is no write",
    async run({ ask, make }) {
      const before = await make("leases", lease("a", spec, { labels }));
      const nothings = [
        {},
        { spec: { holderIdentity: "x" } },
        { metadata: { labels: { nope: null } } },
        { metadata: { resourceVersion: before.revision } },
      ];
      for (const merge of nothings) (await ask("PATCH leases/a", { merge })).is(ok(before.body));
      (await ask("PATCH leases/a?fieldManager=zz", { merge: { spec: { leaseDurationSeconds: 10 } } })).is(
        ok(before.body),
      );
    },
  },
  {
    name: "a version in the patch makes it conditional, and a dry run stores nothing",
    async run({ make, answers }) {
      const { revision: resourceVersion } = await make("leases", lease("a", spec));
      await answers([
        [
          "PATCH leases/a",
          { merge: { metadata: { resourceVersion }, spec: { leaseTransitions: 1 } } },
          ok(storedLease("a", { ...spec, leaseTransitions: 1 })),
        ],
        [
          "PATCH leases/a",
          { merge: { metadata: { resourceVersion }, spec: { leaseTransitions: 2 } } },
          conflict("a"),
        ],
        [
          "PATCH leases/a?dryRun=All",
          { merge: { spec: { leaseTransitions: 3 } } },
          ok(storedLease("a", { ...spec, leaseTransitions: 3 })),
        ],
        ["GET leases/a", ok(storedLease("a", { ...spec, leaseTransitions: 1 }))],
      ]);
    },
  },
  table("a patch that cannot be read is refused", {
    given: [lease("a")],
    rows: [
      [
        "PATCH leases/a",
        { raw: "{", type: "application/merge-patch+json" },
        badRequest("error decoding patch: unexpected end of JSON input"),
      ],
      [
        "PATCH leases/a",
        { merge: [] },
        badRequest(
          "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
        ),
      ],
      ["PATCH leases/absent", { merge: { spec: {} } }, notFound("absent")],
    ],
  }),
  table("what comes of a patch is held to the rules of an update", {
    given: [lease("a")],
    rows: [
      [
        "PATCH leases/a",
        { merge: { spec: { leaseDurationSeconds: 0 } } },
        invalid({ name: "a" }, [
          "FieldValueInvalid",
          "spec.leaseDurationSeconds",
          "Invalid value: 0: must be greater than 0",
        ]),
      ],
      [
        "PATCH leases/a",
        { merge: { metadata: { name: "b" } } },
        badRequest("the name of the object (b) does not match the name on the URL (a)"),
      ],
      [
        "PATCH leases/a",
        { merge: { metadata: { namespace: "b" } } },
        badRequest("the namespace of the provided object does not match the namespace sent on the request"),
      ],
      ["GET leases/a", ok(storedLease("a"))],
    ],
  }),
  table("options of a patch are held to rules of their own", {
    given: [lease("a")],
    rows: [
      [
        "PATCH leases/a?dryRun=Bogus",
        { merge: {} },
        badOptions(
          "dryRun",
          'Unsupported value: ["Bogus"]: supported values: "All"',
          "FieldValueNotSupported",
        ),
      ],
      [
        "PATCH leases/a?fieldValidation=Bogus",
        { merge: {} },
        badOptions(
          "fieldValidation",
          'Unsupported value: "Bogus": supported values: "", "Ignore", "Strict", "Warn"',
          "FieldValueNotSupported",
        ),
      ],
      [
        "PATCH leases/a?fieldManager=" + "m".repeat(129),
        { merge: {} },
        badOptions("fieldManager", "Too long: may not be more than 128 bytes", "FieldValueTooLong"),
      ],
      [
        "PATCH leases/a?force=true",
        { merge: {} },
        badOptions("force", "Forbidden: may not be specified for non-apply patch", "FieldValueForbidden"),
      ],
    ],
  }),
  table("a patch has one of four media types", {
    given: [lease("a", spec)],
    rows: [
      ...["application/json", "text/plain", undefined, "application/merge-patch"].map((type): Row => [
        "PATCH leases/a",
        { raw: "{}", type },
        unsupported,
      ]),
      [
        "PATCH leases/a",
        { merge: {}, type: "application/merge-patch+json; charset=utf-8" },
        ok(storedLease("a", spec)),
      ],
    ],
  }),
  {
    name: "an unknown field warns, and is refused only where that is asked for",
    async run({ ask, make, answers }) {
      const { uid } = await make("leases", lease("a", spec));
      await answers([
        [
          "PATCH leases/a",
          { merge: { spec: { bogus: 1 } } },
          ok(storedLease("a", spec), { warnings: ['unknown field "spec.bogus"'] }),
        ],
        [
          "PATCH leases/a?fieldValidation=Ignore",
          { merge: { spec: { bogus: 1 } } },
          ok(storedLease("a", spec)),
        ],
        [
          "PATCH leases/a",
          {
            raw: '{"spec":{"holderIdentity":"1","holderIdentity":"x"}}',
            type: "application/merge-patch+json",
          },
          ok(storedLease("a", spec), { warnings: ['duplicate field "spec.holderIdentity"'] }),
        ],
      ]);
      const answer = await ask("PATCH leases/a?fieldValidation=Strict", { merge: { spec: { bogus: 1 } } });
      // The refusal quotes the whole object as it would have been.
      assert.equal(answer.status, 422);
      assert.match(
        answer.readText("message"),
        new RegExp(
          `^ "" is invalid: patch: Invalid value: ".*${uid}.*": strict decoding error: unknown field "spec.bogus"$`,
        ),
      );
    },
  },
  table("fields belong to whoever changed them last", {
    rows: [
      ["POST leases?fieldManager=m0", { json: lease("a", spec) }, created()],
      [
        "PATCH leases/a?fieldManager=m1",
        { merge: { spec: { leaseTransitions: 1, leaseDurationSeconds: null } } },
        ok(
          storedLease(
            "a",
            { holderIdentity: "x", leaseTransitions: 1 },
            {
              managedFields: [
                updated("m0", { "f:spec": { "f:holderIdentity": {} } }),
                updated("m1", { "f:spec": { "f:leaseTransitions": {} } }),
              ],
            },
          ),
        ),
      ],
      [
        "PATCH leases/a?fieldManager=m2",
        { merge: { metadata: { managedFields: [{}] } } },
        ok(storedLease("a", { holderIdentity: "x", leaseTransitions: 1 }, { managedFields: undefined })),
      ],
    ],
  }),
  table("nothing is created by a patch", {
    rows: [["PATCH leases/a", { merge: lease("a") }, notFound("a")]],
  }),
];

function badOptions(field: string, message: string, reason: string) {
  return invalid({ name: "", kind: "PatchOptions", group: "meta.k8s.io" }, [reason, field, message]);
}
