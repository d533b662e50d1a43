import type { ConformanceCase, Row } from "../case.ts";
import { table } from "../case.ts";
import { lease, ok, storedLease } from "../vocabulary/leases.ts";
import { badRequest, refused, unexplained } from "../vocabulary/statuses.ts";

const spec = { holderIdentity: "x", leaseDurationSeconds: 10 };
const labels = { l1: "v1", l2: "v2" };
const [first, second] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const pod = (name: string, uid = first) => ({ apiVersion: "v1", kind: "Pod", name, uid });

export const patchStrategicCases: readonly ConformanceCase[] = [
  table("lists of names are merged, and directives take away", {
    given: [lease("a", spec, { labels, finalizers: ["x/a"] })],
    rows: [
      [
        "PATCH leases/a",
        {
          strategic: {
            metadata: { finalizers: ["x/b"], labels: { l2: null } },
            spec: { holderIdentity: "y" },
          },
        },
        ok(
          storedLease(
            "a",
            { ...spec, holderIdentity: "y" },
            { labels: { l1: "v1" }, finalizers: ["x/b", "x/a"] },
          ),
        ),
      ],
      [
        "PATCH leases/a",
        { strategic: { metadata: { "$deleteFromPrimitiveList/finalizers": ["x/a"] } } },
        ok(storedLease("a", { ...spec, holderIdentity: "y" }, { labels: { l1: "v1" }, finalizers: ["x/b"] })),
      ],
      [
        "PATCH leases/a",
        { strategic: { metadata: { finalizers: null } } },
        ok(storedLease("a", { ...spec, holderIdentity: "y" }, { labels: { l1: "v1" } })),
      ],
    ],
  }),
  table("an order is set by a directive", {
    given: [lease("a", undefined, { finalizers: ["x/a", "x/b", "x/c"] })],
    rows: [
      [
        "PATCH leases/a",
        { strategic: { metadata: { "$setElementOrder/finalizers": ["x/c", "x/b", "x/a"] } } },
        ok(storedLease("a", {}, { finalizers: ["x/c", "x/b", "x/a"] })),
      ],
    ],
  }),
  table("owners are merged by their uid", {
    given: [lease("a", undefined, { ownerReferences: [pod("p1")] })],
    rows: [
      [
        "PATCH leases/a",
        { strategic: { metadata: { ownerReferences: [pod("p2", second)] } } },
        ok(storedLease("a", {}, { ownerReferences: [pod("p2", second), pod("p1")] })),
      ],
      [
        "PATCH leases/a",
        { strategic: { metadata: { ownerReferences: [{ uid: first, name: "renamed" }] } } },
        ok(storedLease("a", {}, { ownerReferences: [pod("p2", second), pod("renamed")] })),
      ],
      [
        "PATCH leases/a",
        { strategic: { metadata: { ownerReferences: [{ $patch: "delete", uid: first }] } } },
        ok(storedLease("a", {}, { ownerReferences: [pod("p2", second)] })),
      ],
      [
        "PATCH leases/a",
        { strategic: { metadata: { ownerReferences: [{ $patch: "replace" }, pod("p3")] } } },
        ok(storedLease("a", {}, { ownerReferences: [pod("p3")] })),
      ],
      [
        "PATCH leases/a",
        { strategic: { metadata: { ownerReferences: [{ name: "no-key" }] } } },
        unexplained("map: map[name:no-key] does not contain declared merge key: uid"),
      ],
    ],
  }),
  table("a map is replaced or kept by a directive", {
    given: [lease("a", spec, { labels })],
    rows: [
      [
        "PATCH leases/a",
        { strategic: { metadata: { labels: { $patch: "replace", only: "this" } } } },
        ok(storedLease("a", spec, { labels: { only: "this" } })),
      ],
      [
        "PATCH leases/a",
        { strategic: { spec: { $retainKeys: ["holderIdentity", "leaseTransitions"], leaseTransitions: 2 } } },
        ok(storedLease("a", { holderIdentity: "x", leaseTransitions: 2 }, { labels: { only: "this" } })),
      ],
      [
        "PATCH leases/a",
        { strategic: { spec: { $patch: "replace", leaseTransitions: 4 } } },
        ok(storedLease("a", { leaseTransitions: 4 }, { labels: { only: "this" } })),
      ],
      [
        "PATCH leases/a",
        { strategic: { spec: { $patch: "bogus" } } },
        unexplained("unknown patch type: bogus in map: map[$patch:bogus]"),
      ],
    ],
  }),
  table("null takes away, at every depth, and a patch of null is no patch", {
    given: [lease("a", spec, { labels })],
    rows: [
      [
        "PATCH leases/a",
        { strategic: { spec: { holderIdentity: null } } },
        ok(storedLease("a", { leaseDurationSeconds: 10 }, { labels })),
      ],
      [
        "PATCH leases/a",
        { strategic: { metadata: { labels: null } } },
        ok(storedLease("a", { leaseDurationSeconds: 10 })),
      ],
      ["PATCH leases/a", { strategic: { spec: null } }, ok(storedLease("a"))],
      [
        "PATCH leases/a",
        { raw: "null", type: "application/strategic-merge-patch+json" },
        ok(storedLease("a")),
      ],
    ],
  }),
  table("a patch that cannot be read is refused", {
    given: [lease("a")],
    rows: (
      [
        ["[]", "json: cannot unmarshal array into Go value of type map[string]interface {}"],
        ["{", "unexpected end of JSON input"],
        ["", "unexpected end of JSON input"],
      ] as const
    ).map(([raw, message]): Row => [
      "PATCH leases/a",
      { raw, type: "application/strategic-merge-patch+json" },
      badRequest(message),
    ]),
  }),
  table("a value that does not fit its field is told with the whole patch, as Go prints it", {
    given: [lease("a")],
    rows: (
      [
        [
          { spec: { leaseDurationSeconds: "x" } },
          "map[spec:map[leaseDurationSeconds:x]]",
          "unrecognized type: int32",
        ],
        [
          { spec: { leaseDurationSeconds: 1.5 } },
          "map[spec:map[leaseDurationSeconds:1.5]]",
          "cannot convert float64 to int32",
        ],
        [{ spec: [] }, "map[spec:[]]", "cannot restore struct from: slice"],
        [
          { metadata: { labels: { a: 1 } } },
          "map[metadata:map[labels:map[a:1]]]",
          "cannot convert int64 to string",
        ],
        [
          { metadata: { finalizers: "x" } },
          "map[metadata:map[finalizers:x]]",
          "cannot restore slice from string",
        ],
        [
          { spec: { renewTime: "bad" } },
          "map[spec:map[renewTime:bad]]",
          'parsing time "bad" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "bad" as "2006"',
        ],
      ] as const
    ).map(([strategic, printed, why]): Row => ["PATCH leases/a", { strategic }, unfit(printed, why)]),
  }),
  table("an unknown field warns, and is refused only where that is asked for", {
    given: [lease("a")],
    rows: [
      [
        "PATCH leases/a",
        { strategic: { spec: { bogus: 1 } } },
        ok(storedLease("a"), { warnings: ['unknown field "spec.bogus"'] }),
      ],
      ["PATCH leases/a?fieldValidation=Ignore", { strategic: { spec: { bogus: 1 } } }, ok(storedLease("a"))],
      [
        "PATCH leases/a?fieldValidation=Strict",
        { strategic: { spec: { bogus: 1 } } },
        unfit("map[spec:map[bogus:1]]", 'strict decoding error: unknown field "spec.bogus"'),
      ],
    ],
  }),
];

function unfit(printed: string, why: string) {
  const message = `Invalid value: "${printed}": ${why}`;
  return refused(422, "Invalid", {
    message: ` "" is invalid: patch: ${message}`,
    details: { causes: [{ reason: "FieldValueInvalid", message, field: "patch" }] },
  });
}
