import { type ConformanceCase, type Row, table } from "../case.ts";
import { lease, ok, storedLease } from "../vocabulary/leases.ts";
import {
  badRequest,
  deleted,
  failure,
  invalid,
  invalidTimes,
  methodNotAllowed,
  notFound,
} from "../vocabulary/statuses.ts";
import { aTime, textLike } from "../wire/match.ts";

const options = { apiVersion: "v1", kind: "DeleteOptions" };
const uid = "11111111-1111-4111-8111-111111111111";
const going = { deletionTimestamp: aTime, deletionGracePeriodSeconds: 0 };

export const deleteCases: readonly ConformanceCase[] = [
  {
    name: "a deletion answers with the uid of what is gone, and the name is free again",
    async run({ ask, make, answers }) {
      const { uid } = await make("leases", lease("a"));
      const gone = await ask("DELETE leases/a");
      gone.is({
        status: 200,
        body: {
          kind: "Status",
          apiVersion: "v1",
          metadata: {},
          status: "Success",
          details: { name: "a", group: "coordination.k8s.io", kind: "leases", uid },
        },
      });
      await answers([
        ["GET leases/a", notFound("a")],
        ["DELETE leases/a", notFound("a")],
      ]);
      await make("leases", lease("a"));
    },
  },
  table("a dry run of a deletion takes nothing away", {
    given: [lease("a")],
    rows: [
      ["DELETE leases/a?dryRun=All", deleted("a")],
      ["DELETE leases/a", { json: { ...options, dryRun: ["All"] } }, deleted("a")],
      ["DELETE leases/a?dryRun=All&ignoreStoreReadErrorWithClusterBreakingPotential=true", deleted("a")],
      ["GET leases/a", ok(storedLease("a"))],
      ["DELETE leases/absent?dryRun=All", notFound("absent")],
      [
        "DELETE leases/a?dryRun=Bogus",
        badOptions(
          "dryRun",
          'Unsupported value: ["Bogus"]: supported values: "All"',
          "FieldValueNotSupported",
        ),
      ],
    ],
  }),
  {
    name: "a deletion may be bound to one object and one version of it",
    async run({ make, answers }) {
      const { uid: real, revision } = await make("leases", lease("a"));
      const wrongUid = (wanted: string): string =>
        `the UID in the precondition (${wanted}) does not match the UID in record (${real}). The object might have been deleted and then recreated`;
      const wrongVersion = (wanted: string): string =>
        `the ResourceVersion in the precondition (${wanted}) does not match the ResourceVersion in record (${revision}). The object might have been modified`;
      const rows: readonly (readonly [preconditions: object, why: string])[] = [
        [{ uid }, wrongUid(uid)],
        [{ uid: "" }, wrongUid("")],
        [{ resourceVersion: "1" }, wrongVersion("1")],
        [{ resourceVersion: "" }, wrongVersion("")],
        [{ uid: real, resourceVersion: "1" }, wrongVersion("1")],
      ];
      await answers([
        ...rows.map(([preconditions, why]): Row => [
          "DELETE leases/a",
          { json: { ...options, preconditions } },
          unmet(why),
        ]),
        [
          "DELETE leases/a?dryRun=All",
          { json: { ...options, preconditions: { uid } } },
          unmet(wrongUid(uid)),
        ],
        ["DELETE leases/absent", { json: { ...options, preconditions: { uid } } }, notFound("absent")],
        [
          "DELETE leases/a",
          { json: { ...options, preconditions: { uid: real, resourceVersion: revision } } },
          deleted("a"),
        ],
      ]);
    },
  },
  table("a finalizer keeps a deleted lease until it is taken off", {
    given: [lease("a", undefined, { finalizers: ["example.com/hold"] })],
    rows: [
      ["DELETE leases/a", ok(storedLease("a", {}, { ...going, finalizers: ["example.com/hold"] }))],
      ["GET leases/a", ok(storedLease("a", {}, { ...going, finalizers: ["example.com/hold"] }))],
      ["DELETE leases/a", ok(storedLease("a", {}, { ...going, finalizers: ["example.com/hold"] }))],
      [
        "PATCH leases/a",
        { merge: { spec: { holderIdentity: "x" } } },
        ok(storedLease("a", { holderIdentity: "x" }, { ...going, finalizers: ["example.com/hold"] })),
      ],
      [
        "PATCH leases/a",
        { merge: { metadata: { finalizers: null } } },
        ok(storedLease("a", { holderIdentity: "x" }, going)),
      ],
      ["GET leases/a", notFound("a")],
    ],
  }),
  {
    name: "what is being deleted gets no more finalizers",
    async run({ ask, make }) {
      await make("leases", lease("a", undefined, { finalizers: ["example.com/hold"] }));
      await ask("DELETE leases/a");
      const finalizers = ["example.com/hold", "example.com/late"];
      const answer = await ask("PATCH leases/a", { merge: { metadata: { finalizers } } });
      const why =
        'no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/late"}';
      answer.is(
        invalidTimes(2, { name: "a" }, ["FieldValueForbidden", "metadata.finalizers", `Forbidden: ${why}`]),
      );
    },
  },
  {
    name: "a deletion of what is being deleted writes nothing, unless it changes what keeps it",
    async run({ ask, make }) {
      await make("leases", lease("a", undefined, { finalizers: ["example.com/hold"] }));
      const first = (await ask("DELETE leases/a")).is(ok());
      (await ask("DELETE leases/a")).is(ok(first.body));
      const orphan = { ...going, finalizers: ["example.com/hold", "orphan"] };
      (await ask("DELETE leases/a?propagationPolicy=Orphan")).is(ok(storedLease("a", {}, orphan)));
      const plain = { ...going, finalizers: ["example.com/hold"] };
      (await ask("DELETE leases/a?propagationPolicy=Background")).is(ok(storedLease("a", {}, plain)));
    },
  },
  table("who cares for dependents is told by the policy, as a finalizer", {
    given: [lease("a"), lease("b"), lease("c")],
    rows: [
      ["DELETE leases/a?propagationPolicy=Background", deleted("a")],
      [
        "DELETE leases/b?propagationPolicy=Foreground",
        ok(storedLease("b", {}, { ...going, finalizers: ["foregroundDeletion"] })),
      ],
      [
        "DELETE leases/c?propagationPolicy=Orphan",
        ok(storedLease("c", {}, { ...going, finalizers: ["orphan"] })),
      ],
    ],
  }),
  table("a policy is one of three, and not told twice", {
    given: [lease("a")],
    rows: [
      [
        "DELETE leases/a",
        { json: { ...options, propagationPolicy: "Bogus" } },
        badOptions(
          "propagationPolicy",
          'Unsupported value: "Bogus": supported values: "Foreground", "Background", "Orphan", "nil"',
          "FieldValueNotSupported",
        ),
      ],
      [
        "DELETE leases/a",
        { json: { ...options, propagationPolicy: "Background", orphanDependents: true } },
        badOptions(
          "propagationPolicy",
          'Invalid value: "Background": orphanDependents and deletionPropagation cannot be both set',
        ),
      ],
      ["GET leases/a", ok(storedLease("a"))],
    ],
  }),
  table("options of a deletion are read from the body, where there is one", {
    given: [lease("a")],
    rows: [
      [
        "DELETE leases/a",
        { raw: "nonsense", type: "application/json" },
        badRequest(
          "couldn't get version/kind; json parse error: invalid character 'o' in literal null (expecting 'u')",
        ),
      ],
      [
        "DELETE leases/a",
        { json: { apiVersion: "v1", kind: "Lease" } },
        badRequest(textLike(/^no kind "Lease" is registered for version "v1" in scheme "/)),
      ],
      ["DELETE leases/a", { json: { ...options, gracePeriodSeconds: 30 } }, deleted("a")],
    ],
  }),
  table("nobody deletes the leases of all namespaces at once", {
    given: [lease("a")],
    rows: [
      ["DELETE /apis/coordination.k8s.io/v1/leases", methodNotAllowed],
      ["GET leases/a", ok(storedLease("a"))],
    ],
  }),
];

function unmet(why: string) {
  const message = `Operation cannot be fulfilled on Lease.coordination.k8s.io "a": ${why}`;
  const details = { name: "a", group: "coordination.k8s.io", kind: "Lease" };
  return { status: 409, body: failure(409, "Conflict", { message, details }) };
}

function badOptions(field: string, message: string, reason = "FieldValueInvalid") {
  return invalid({ name: "", kind: "DeleteOptions", group: "meta.k8s.io" }, [reason, field, message]);
}
