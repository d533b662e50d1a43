import type { ConformanceCase, Row } from "../case.ts";
import { table } from "../case.ts";
import { lease, ok, storedLease } from "../vocabulary/leases.ts";
import { badRequest, invalid, notFound, refused } from "../vocabulary/statuses.ts";

const spec = { holderIdentity: "x", leaseDurationSeconds: 10 };
const labels = { l1: "v1", l2: "v2" };
const given = [lease("a", spec, { labels, finalizers: ["x/1", "x/2"] })];
const unchanged: Row = ["GET leases/a", ok(storedLease("a", spec, { labels, finalizers: ["x/1", "x/2"] }))];

/** Whatever an operation stumbles over is not told. */
const rejected = refused(422, "Invalid", {
  message: "the server rejected our request due to an error in our request",
  details: {},
});

export const patchJsonCases: readonly ConformanceCase[] = [
  table("operations are done one after the other", {
    given: [lease("a", spec, { labels })],
    rows: [
      [
        "PATCH leases/a",
        { patch: [{ op: "replace", path: "/spec/holderIdentity", value: "y" }] },
        ok(storedLease("a", { ...spec, holderIdentity: "y" }, { labels })),
      ],
      [
        "PATCH leases/a",
        {
          patch: [
            { op: "add", path: "/metadata/annotations", value: {} },
            { op: "add", path: "/metadata/annotations/k", value: "v" },
            { op: "remove", path: "/metadata/labels/l1" },
          ],
        },
        ok(
          storedLease(
            "a",
            { ...spec, holderIdentity: "y" },
            { labels: { l2: "v2" }, annotations: { k: "v" } },
          ),
        ),
      ],
      [
        "PATCH leases/a",
        {
          patch: [
            { op: "test", path: "/spec/holderIdentity", value: "y" },
            { op: "remove", path: "/spec/leaseDurationSeconds" },
          ],
        },
        ok(storedLease("a", { holderIdentity: "y" }, { labels: { l2: "v2" }, annotations: { k: "v" } })),
      ],
      [
        "PATCH leases/a",
        {
          patch: [
            { op: "copy", from: "/spec/holderIdentity", path: "/metadata/labels/l3" },
            { op: "move", from: "/metadata/labels/l2", path: "/metadata/labels/l4" },
          ],
        },
        ok(
          storedLease(
            "a",
            { holderIdentity: "y" },
            { labels: { l3: "y", l4: "v2" }, annotations: { k: "v" } },
          ),
        ),
      ],
    ],
  }),
  table("a place in a list is a number, or the end", {
    given: [lease("a", undefined, { finalizers: ["x/1", "x/2"] })],
    rows: (
      [
        [{ op: "add", path: "/metadata/finalizers/-", value: "x/3" }, ["x/1", "x/2", "x/3"]],
        [{ op: "add", path: "/metadata/finalizers/0", value: "x/0" }, ["x/0", "x/1", "x/2", "x/3"]],
        [{ op: "remove", path: "/metadata/finalizers/1" }, ["x/0", "x/2", "x/3"]],
        [{ op: "replace", path: "/metadata/finalizers/1", value: "x/5" }, ["x/0", "x/5", "x/3"]],
        [{ op: "remove", path: "/metadata/finalizers/-1" }, ["x/0", "x/5"]],
      ] as const
    ).map(([operation, finalizers]): Row => [
      "PATCH leases/a",
      { patch: [operation] },
      ok(storedLease("a", {}, { finalizers })),
    ]),
  }),
  table("a path escapes slashes", {
    given: [lease("a", undefined, { annotations: { "x.y/z": "1" } })],
    rows: [
      [
        "PATCH leases/a",
        { patch: [{ op: "replace", path: "/metadata/annotations/x.y~1z", value: "2" }] },
        ok(storedLease("a", {}, { annotations: { "x.y/z": "2" } })),
      ],
    ],
  }),
  table("an operation that cannot be done rejects them all", {
    given,
    rows: [
      ...[
        { op: "test", path: "/spec/holderIdentity", value: "no" },
        { op: "remove", path: "/spec/nothing" },
        { op: "replace", path: "/metadata/finalizers/9", value: "x/z" },
        { op: "add", path: "/metadata/finalizers/x", value: "y" },
        { op: "test", path: "/metadata/finalizers", value: ["x/2", "x/1"] },
        { op: "bogus", path: "/spec" },
      ].map((wrong): Row => [
        "PATCH leases/a",
        { patch: [{ op: "replace", path: "/spec/holderIdentity", value: "changed" }, wrong] },
        rejected,
      ]),
      unchanged,
    ],
  }),
  table("a patch that cannot be read is refused", {
    given,
    rows: [
      [
        "PATCH leases/a",
        { raw: "{}", type: "application/json-patch+json" },
        badRequest(
          "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
        ),
      ],
      [
        "PATCH leases/a",
        { raw: "nonsense", type: "application/json-patch+json" },
        badRequest("error decoding patch: invalid character 'o' in literal null (expecting 'u')"),
      ],
      ["PATCH leases/a", { patch: [] }, ok(storedLease("a", spec, { labels, finalizers: ["x/1", "x/2"] }))],
      ["PATCH leases/absent", { patch: [] }, notFound("absent")],
    ],
  }),
  table("what comes of a patch is held to the rules of an update", {
    given,
    rows: [
      [
        "PATCH leases/a",
        { patch: [{ op: "replace", path: "/spec/leaseDurationSeconds", value: 0 }] },
        invalid({ name: "a" }, [
          "FieldValueInvalid",
          "spec.leaseDurationSeconds",
          "Invalid value: 0: must be greater than 0",
        ]),
      ],
      [
        "PATCH leases/a",
        { patch: [{ op: "replace", path: "/metadata/name", value: "b" }] },
        badRequest("the name of the object (b) does not match the name on the URL (a)"),
      ],
      unchanged,
    ],
  }),
  {
    name: "a test of the version makes a patch conditional",
    async run({ make, answers }) {
      const { revision } = await make("leases", lease("a"));
      const patch = (value: number) => [
        { op: "test", path: "/metadata/resourceVersion", value: revision },
        { op: "add", path: "/spec/leaseTransitions", value },
      ];
      await answers([
        ["PATCH leases/a", { patch: patch(1) }, ok(storedLease("a", { leaseTransitions: 1 }))],
        ["PATCH leases/a", { patch: patch(2) }, rejected],
        ["GET leases/a", ok(storedLease("a", { leaseTransitions: 1 }))],
      ]);
    },
  },
];
