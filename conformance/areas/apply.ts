import type { ConformanceCase, Row } from "../case.ts";
import { table } from "../case.ts";
import { applied, created, lease, ok, storedLease, updated } from "../vocabulary/leases.ts";
import { badRequest, conflict, invalid, notFound, refused, unexplained } from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";
import { anything, inAnyOrder } from "../wire/match.ts";

type Members = Readonly<Record<string, unknown>>;

const holder = { "f:spec": { "f:holderIdentity": {} } };
const typed = "failed to create typed patch object (/a; coordination.k8s.io/v1, Kind=Lease): ";

export const applyCases: readonly ConformanceCase[] = [
  {
    name: "what is applied is made so: created, left alone when it is so, and taken away when it is applied no more",
    async run({ ask }) {
      const spec = { holderIdentity: "x", leaseDurationSeconds: 10 };
      const managedFields = [
        applied("one", { "f:spec": { "f:holderIdentity": {}, "f:leaseDurationSeconds": {} } }),
      ];
      const first = await ask("PATCH leases/a?fieldManager=one", { apply: lease("a", spec) });
      first.is(created(storedLease("a", spec, { managedFields })));
      (await ask("PATCH leases/a?fieldManager=one", { apply: lease("a", spec) })).is(ok(first.body));
      const less = await ask("PATCH leases/a?fieldManager=one", {
        apply: lease("a", { holderIdentity: "x" }),
      });
      less.is(ok(storedLease("a", { holderIdentity: "x" }, { managedFields: [applied("one", holder)] })));
      (await ask("PATCH leases/a?fieldManager=one", { apply: lease("a") })).is(
        ok(storedLease("a", {}, { managedFields: undefined })),
      );
    },
  },
  table("a field that another manager applied is a conflict, until it is forced or agreed upon", {
    rows: [
      apply("one", lease("a", { holderIdentity: "x" }), created()),
      apply("two", lease("a", { holderIdentity: "y" }), contested(["one", ".spec.holderIdentity"])),
      apply(
        "two&force=true",
        lease("a", { holderIdentity: "y" }),
        ok(storedLease("a", { holderIdentity: "y" }, { managedFields: [applied("two", holder)] })),
      ),
      apply(
        "one",
        lease("a", { holderIdentity: "y" }),
        ok(
          storedLease(
            "a",
            { holderIdentity: "y" },
            {
              managedFields: inAnyOrder(applied("one", holder, { time: undefined }), applied("two", holder)),
            },
          ),
        ),
      ),
    ],
  }),
  table("a field that was written is its writer's, by the version that was written", {
    rows: [
      ["POST leases?fieldManager=writer", { json: lease("a", { holderIdentity: "x" }) }, created()],
      apply("one", lease("a", { holderIdentity: "y" }), contested(["writer", ".spec.holderIdentity", true])),
      apply(
        "one",
        lease("a", { holderIdentity: "x" }),
        ok(
          storedLease(
            "a",
            { holderIdentity: "x" },
            { managedFields: [applied("one", holder, { time: undefined }), updated("writer", holder)] },
          ),
        ),
      ),
      [
        "PATCH leases/a?fieldManager=editor",
        { merge: { spec: { holderIdentity: "z" } } },
        ok(storedLease("a", { holderIdentity: "z" }, { managedFields: [updated("editor", holder)] })),
      ],
      apply("one", lease("a", { holderIdentity: "x" }), contested(["editor", ".spec.holderIdentity", true])),
    ],
  }),
  table("all conflicts are told at once", {
    rows: [
      apply(
        "one",
        lease("a", { holderIdentity: "x", leaseTransitions: 1 }, { labels: { l: "1" } }),
        created(),
      ),
      apply(
        "two",
        lease("a", { holderIdentity: "y", leaseTransitions: 2 }, { labels: { l: "2" } }),
        contested(
          ["one", ".metadata.labels.l"],
          ["one", ".spec.holderIdentity"],
          ["one", ".spec.leaseTransitions"],
        ),
      ),
    ],
  }),
  table("a field that several applied stays until the last one leaves it", {
    rows: [
      apply("one", lease("a", { holderIdentity: "x", leaseTransitions: 1 }), created()),
      apply("two", lease("a", { holderIdentity: "x" }), ok()),
      apply(
        "one",
        lease("a", { leaseTransitions: 1 }),
        ok(
          storedLease(
            "a",
            { holderIdentity: "x", leaseTransitions: 1 },
            {
              managedFields: inAnyOrder(
                applied("one", { "f:spec": { "f:leaseTransitions": {} } }),
                applied("two", holder, { time: undefined }),
              ),
            },
          ),
        ),
      ),
      apply(
        "two",
        lease("a"),
        ok(
          storedLease(
            "a",
            { leaseTransitions: 1 },
            {
              managedFields: [applied("one", { "f:spec": { "f:leaseTransitions": {} } }, { time: anything })],
            },
          ),
        ),
      ),
    ],
  }),
  table("a set has owners for each of its values", {
    rows: [
      apply(
        "one",
        lease("a", undefined, { finalizers: ["x/a", "x/b"] }),
        created(
          storedLease(
            "a",
            {},
            {
              finalizers: ["x/a", "x/b"],
              managedFields: [
                applied("one", { "f:metadata": { "f:finalizers": { 'v:"x/a"': {}, 'v:"x/b"': {} } } }),
              ],
            },
          ),
        ),
      ),
      apply(
        "two",
        lease("a", undefined, { finalizers: ["x/b", "x/c"] }),
        ok(storedLease("a", {}, { finalizers: ["x/a", "x/b", "x/c"] })),
      ),
      apply("one", lease("a"), ok(storedLease("a", {}, { finalizers: ["x/b", "x/c"] }))),
      apply(
        "two",
        lease("a", undefined, { finalizers: ["x/z", "x/z"] }),
        unexplained(`${typed}.metadata.finalizers: duplicate entries for key [="x/z"]`),
      ),
    ],
  }),
  table("a map has owners for each of its members", {
    rows: [
      apply("one", lease("a", undefined, { labels: { a: "1" } }), created()),
      apply(
        "two",
        lease("a", undefined, { labels: { b: "2" } }),
        ok(storedLease("a", {}, { labels: { a: "1", b: "2" } })),
      ),
      apply("two", lease("a", undefined, { labels: { a: "9" } }), contested(["one", ".metadata.labels.a"])),
      apply("one", lease("a", undefined, { labels: {} }), ok(storedLease("a", {}, { labels: { b: "2" } }))),
    ],
  }),
  table("owners are told apart by their uid", {
    rows: [
      apply("one", lease("a", undefined, { ownerReferences: [owner("p", "1")] }), created()),
      apply(
        "two",
        lease("a", undefined, { ownerReferences: [owner("q", "2")] }),
        ok(storedLease("a", {}, { ownerReferences: [owner("p", "1"), owner("q", "2")] })),
      ),
      apply("one", lease("a"), ok(storedLease("a", {}, { ownerReferences: [owner("q", "2")] }))),
    ],
  }),
  table("an apply says who applies", {
    rows: [
      ...["", "?fieldManager="].map((query): Row => [
        `PATCH leases/a${query}`,
        { apply: lease("a") },
        badOptions("fieldManager", "Required value: is required for apply patch"),
      ]),
      ["GET leases/a", notFound("a")],
    ],
  }),
  table("what is applied is a whole object without a word of managers", {
    rows: [
      [
        "PATCH leases/a?fieldManager=one",
        { raw: "{", type: "application/apply-patch+yaml" },
        badRequest(
          "error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected node content",
        ),
      ],
      apply("one", { metadata: { name: "a" } }, badRequest("invalid object type: /, Kind=")),
      apply(
        "one",
        lease("b"),
        badRequest("the name of the object (b) does not match the name on the URL (a)"),
      ),
      apply(
        "one",
        lease("a", undefined, { managedFields: [{ manager: "x" }] }),
        badRequest("metadata.managedFields must be nil"),
      ),
      apply(
        "one",
        lease("a", { bogus: 1 }),
        unexplained(`${typed}.spec.bogus: field not declared in schema`),
      ),
      apply(
        "one",
        lease("a", undefined, { labels: { x: true } }),
        unexplained(`${typed}.metadata.labels.x: expected string, got &value.valueUnstructured{Value:true}`),
      ),
      apply(
        "one",
        lease("a", { leaseDurationSeconds: 0 }),
        invalid({ name: "a" }, [
          "FieldValueInvalid",
          "spec.leaseDurationSeconds",
          "Invalid value: 0: must be greater than 0",
        ]),
      ),
      ["GET leases/a", notFound("a")],
    ],
  }),
  table("an apply is written in YAML, of which JSON is a part", {
    rows: [
      [
        "PATCH leases/a?fieldManager=one",
        {
          raw: "apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: a}\nspec:\n  holderIdentity: me # mine\n",
          type: "application/apply-patch+yaml",
        },
        created(storedLease("a", { holderIdentity: "me" })),
      ],
    ],
  }),
  table("a dry run answers as if, and stores nothing", {
    rows: [
      apply(
        "one&dryRun=All",
        lease("a", { holderIdentity: "x" }),
        created(storedLease("a", { holderIdentity: "x" }, { resourceVersion: undefined })),
      ),
      ["GET leases/a", notFound("a")],
      apply("one", lease("a", { holderIdentity: "x" }), created()),
      apply(
        "one&dryRun=All",
        lease("a", { holderIdentity: "y" }),
        ok(storedLease("a", { holderIdentity: "y" })),
      ),
      apply(
        "two&dryRun=All",
        lease("a", { holderIdentity: "y" }),
        contested(["one", ".spec.holderIdentity"]),
      ),
      ["GET leases/a", ok(storedLease("a", { holderIdentity: "x" }))],
    ],
  }),
  {
    name: "a version in what is applied makes it conditional",
    async run({ ask, answers }) {
      const first = (
        await ask("PATCH leases/a?fieldManager=one", { apply: lease("a", { holderIdentity: "x" }) })
      ).is(created());
      const { revision: resourceVersion } = first;
      await answers([
        apply("one", lease("a", { holderIdentity: "y" }, { resourceVersion }), ok()),
        apply("one", lease("a", { holderIdentity: "z" }, { resourceVersion }), conflict("a")),
      ]);
    },
  },
  table("once the managers are forgotten, the next apply finds the fields with whoever was before", {
    rows: [
      apply("one", lease("a", { holderIdentity: "x" }), created()),
      [
        "PATCH leases/a",
        { merge: { metadata: { managedFields: [{}] } } },
        ok(storedLease("a", { holderIdentity: "x" }, { managedFields: undefined })),
      ],
      apply(
        "two",
        lease("a", { holderIdentity: "y" }),
        contested(["before-first-apply", ".spec.holderIdentity", true]),
      ),
    ],
  }),
];

function apply(managerAndMore: string, what: object, is: Expected): Row {
  return [`PATCH leases/a?fieldManager=${managerAndMore}`, { apply: what }, is];
}

function owner(name: string, digit: string): Members {
  return { apiVersion: "v1", kind: "Pod", name, uid: `11111111-1111-4111-8111-11111111111${digit}` };
}

/** The manager that stands in the way, with each field and, where it wrote and did not apply, how. */
function contested(
  ...conflicts: readonly (readonly [manager: string, field: string, wrote?: boolean])[]
): Expected {
  const said = conflicts.map(([manager, field, wrote]) => ({
    reason: "FieldManagerConflict",
    message: `conflict with "${manager}"${wrote === true ? " using coordination.k8s.io/v1" : ""}`,
    field,
  }));
  const [first] = said;
  const fields = said.map(({ field }) => `\n- ${field}`).join("");
  const told = first?.message.replace("conflict", "conflicts");
  const message =
    said.length === 1
      ? `Apply failed with 1 conflict: ${first?.message}: ${first?.field}`
      : `Apply failed with ${said.length} conflicts: ${told}:${fields}`;
  return refused(409, "Conflict", { message, details: { causes: said } });
}

function badOptions(field: string, message: string): Expected {
  return invalid({ name: "", kind: "PatchOptions", group: "meta.k8s.io" }, [
    "FieldValueRequired",
    field,
    message,
  ]);
}
