import assert from "node:assert/strict";
import { type ConformanceCase, type Row, table } from "../case.ts";
import { invalidValue, labelValueRule } from "../vocabulary/field-rules.ts";
import { created, lease, ok, storedLease, updated } from "../vocabulary/leases.ts";
import { badRequest, conflict, invalid, invalidTimes, unexplained } from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";

const [uid, otherUid] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid };

export const updateCases: readonly ConformanceCase[] = [
  {
    name: "a lock is taken by whoever read it last: a write over an older version is refused and changes nothing",
    async run({ ask, make, answers }) {
      const free = await make("leases", lease("lock", { holderIdentity: "", leaseTransitions: 0 }));
      const one = lease(
        "lock",
        { holderIdentity: "one", leaseTransitions: 1 },
        { resourceVersion: free.revision },
      );
      const two = lease(
        "lock",
        { holderIdentity: "two", leaseTransitions: 1 },
        { resourceVersion: free.revision },
      );
      const taken = (await ask("PUT leases/lock", { json: one })).is(ok());
      assert.ok(Number(taken.revision) > Number(free.revision));
      await answers([
        ["PUT leases/lock", { json: two }, conflict("lock")],
        ["GET leases/lock", ok(taken.body)],
      ]);
    },
  },
  {
    name: "of many who replace the same version at once, one succeeds",
    async run({ ask, make }) {
      const { revision } = await make("leases", lease("a"));
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          ask("PUT leases/a", {
            json: lease("a", { holderIdentity: `${index}` }, { resourceVersion: revision }),
          }),
        ),
      );
      const losers = answers.filter(({ status }) => status !== 200);
      assert.equal(losers.length, 7);
      for (const loser of losers) loser.is(conflict("a"));
    },
  },
  {
    name: "an update replaces everything that a client may set, and keeps what the server set",
    async run({ ask, make, answers }) {
      const metadata = {
        labels: { a: "b" },
        annotations: { c: "d" },
        finalizers: ["x/y"],
        ownerReferences: [owner],
      };
      const before = await make(
        "leases",
        lease("a", { holderIdentity: "x", leaseDurationSeconds: 10 }, metadata),
      );
      const json = lease("a", undefined, { resourceVersion: before.revision });
      const kept = { uid: before.uid, creationTimestamp: before.read("metadata.creationTimestamp") };
      const after = await ask("PUT leases/a", { json });
      after.is(ok(storedLease("a", {}, kept)));
      await answers([["GET leases/a", ok(after.body)]]);
    },
  },
  {
    name: "an update that changes nothing is no write",
    async run({ ask, make }) {
      const before = await make("leases", lease("a", { holderIdentity: "x" }));
      const json = lease("a", { holderIdentity: "x" }, { resourceVersion: before.revision });
      (await ask("PUT leases/a", { json })).is(ok(before.body));
      (await ask("GET leases/a")).is(ok(before.body));
    },
  },
  table("an update of what is not there creates it, whatever version it names", {
    rows: [
      [
        "PUT leases/a",
        { json: lease("a", { holderIdentity: "x" }) },
        created(storedLease("a", { holderIdentity: "x" })),
      ],
      [
        "PUT leases/b",
        { json: lease("b", undefined, { resourceVersion: "12345" }) },
        created(storedLease("b")),
      ],
      ["PUT leases/c", { json: lease("c", undefined, { uid }) }, wrongUid("c", uid, "")],
    ],
  }),
  table("an update names the version that it replaces", {
    given: [lease("a", { holderIdentity: "x" })],
    rows: [undefined, "", "0"].map((resourceVersion): Row => [
      "PUT leases/a",
      { json: lease("a", { holderIdentity: "y" }, { resourceVersion }) },
      invalid({ name: "a", kind: "leases" }, [
        "FieldValueInvalid",
        "metadata.resourceVersion",
        "Invalid value: 0: must be specified for an update",
      ]),
    ]),
  }),
  table("a version is a number", {
    given: [lease("a")],
    rows: [
      ["PUT leases/a", { json: lease("a", undefined, { resourceVersion: "x" }) }, badVersion("x")],
      ["PUT leases/a", { json: lease("a", undefined, { resourceVersion: "-1" }) }, badVersion("-1")],
    ],
  }),
  {
    name: "an update that names a uid holds for that object alone",
    async run({ make, answers }) {
      const { uid: real, revision } = await make("leases", lease("a"));
      await answers([
        [
          "PUT leases/a",
          { json: lease("a", undefined, { uid: otherUid, resourceVersion: revision }) },
          wrongUid("a", otherUid, real),
        ],
        ["PUT leases/a", { json: lease("a", undefined, { uid: otherUid }) }, wrongUid("a", otherUid, real)],
        ["PUT leases/a", { json: lease("a", undefined, { uid: real, resourceVersion: "1" }) }, conflict("a")],
        [
          "PUT leases/a",
          { json: lease("a", { holderIdentity: "k" }, { uid: real, resourceVersion: revision }) },
          ok(),
        ],
      ]);
    },
  },
  {
    name: "the name and the namespace of the object are those of the path",
    async run({ make, answers }) {
      const { revision: resourceVersion } = await make("leases", lease("a"));
      await answers([
        [
          "PUT leases/a",
          { json: lease("b", undefined, { resourceVersion }) },
          badRequest("the name of the object (b) does not match the name on the URL (a)"),
        ],
        [
          "PUT leases/a",
          { json: lease("a", undefined, { namespace: "elsewhere", resourceVersion }) },
          badRequest("the namespace of the provided object does not match the namespace sent on the request"),
        ],
        [
          "PUT leases/a",
          { json: lease("", undefined, { name: undefined, resourceVersion }) },
          badRequest("the name of the object (a based on URL) was undeterminable: name must be provided"),
        ],
      ]);
    },
  },
  {
    name: "times of creation stay, and times of deletion are not a client's",
    async run({ ask, make, answers }) {
      const before = await make("leases", lease("a"));
      const { revision: resourceVersion } = before;
      const time = "2001-01-01T00:00:00Z";
      (
        await ask("PUT leases/a", {
          json: lease("a", undefined, { resourceVersion, creationTimestamp: time }),
        })
      ).is(ok(before.body));
      const deletion = { json: lease("a", undefined, { resourceVersion, deletionTimestamp: time }) };
      const cause = [
        "FieldValueInvalid",
        "metadata.deletionTimestamp",
        `Invalid value: "${time}": field is immutable`,
      ] as const;
      (await ask("PUT leases/a", deletion)).is(invalidTimes(2, { name: "a" }, cause));
      await answers([["GET leases/a", ok(before.body)]]);
    },
  },
  {
    name: "an update is held to the rules of a creation, and a dry run stores nothing",
    async run({ make, answers }) {
      const before = await make("leases", lease("a"));
      const { revision: resourceVersion } = before;
      await answers([
        [
          "PUT leases/a",
          { json: lease("a", { leaseDurationSeconds: 0 }, { resourceVersion }) },
          invalid({ name: "a" }, [
            "FieldValueInvalid",
            "spec.leaseDurationSeconds",
            "Invalid value: 0: must be greater than 0",
          ]),
        ],
        [
          "PUT leases/a",
          { json: lease("a", undefined, { resourceVersion, labels: { k: "bad value" } }) },
          invalidTimes(3, { name: "a" }, [
            "FieldValueInvalid",
            "metadata.labels",
            invalidValue("bad value", labelValueRule),
          ]),
        ],
        [
          "PUT leases/a?dryRun=All",
          { json: lease("a", { holderIdentity: "dry" }, { resourceVersion }) },
          ok(storedLease("a", { holderIdentity: "dry" })),
        ],
        ["GET leases/a", ok(before.body)],
        [
          "PUT leases/a?dryRun=All",
          { json: lease("a", { holderIdentity: "dry" }, { resourceVersion: "1" }) },
          conflict("a"),
        ],
        [
          "PUT leases/new?dryRun=All",
          { json: lease("new") },
          created(storedLease("new", {}, { resourceVersion: undefined })),
        ],
        [
          "PUT leases/a?dryRun=Bogus",
          { json: lease("a") },
          badOptions(
            "dryRun",
            'Unsupported value: ["Bogus"]: supported values: "All"',
            "FieldValueNotSupported",
          ),
        ],
        [
          "PUT leases/a?fieldManager=" + "m".repeat(129),
          { json: lease("a") },
          badOptions("fieldManager", "Too long: may not be more than 128 bytes", "FieldValueTooLong"),
        ],
      ]);
    },
  },
  {
    name: "fields belong to whoever changed them last",
    async run({ ask, make }) {
      const { revision } = await make(
        "leases?fieldManager=one",
        lease("a", { holderIdentity: "x", leaseDurationSeconds: 10 }),
      );
      const json = lease(
        "a",
        { holderIdentity: "y", leaseDurationSeconds: 10 },
        { resourceVersion: revision },
      );
      const managers = [
        updated("one", { "f:spec": { "f:leaseDurationSeconds": {} } }),
        updated("two", { "f:spec": { "f:holderIdentity": {} } }),
      ];
      const answer = await ask("PUT leases/a?fieldManager=two", { json });
      answer.is(
        ok(storedLease("a", { holderIdentity: "y", leaseDurationSeconds: 10 }, { managedFields: managers })),
      );
    },
  },
];

function wrongUid(name: string, wanted: string | undefined, found: string) {
  const error = `StorageError: invalid object, Code: 4, Key: /registry/leases/{ns}/${name}, ResourceVersion: 0, AdditionalErrorMsg: `;
  return conflict(
    name,
    `${error}Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`,
  );
}

function badVersion(text: string): Expected {
  const message = `strconv.ParseUint: parsing "${text}": invalid syntax`;
  return unexplained(message);
}

function badOptions(field: string, message: string, reason: string) {
  return invalid({ name: "", kind: "UpdateOptions", group: "meta.k8s.io" }, [reason, field, message]);
}
