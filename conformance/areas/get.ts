import { type ConformanceCase, type Row, table } from "../case.ts";
import { lease, ok, storedLease } from "../vocabulary/leases.ts";
import {
  methodNotAllowed,
  notFound,
  noSuchPath,
  noSuchResource,
  unexplained,
} from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";

const spec = { holderIdentity: "me", leaseDurationSeconds: 15 };

export const getCases: readonly ConformanceCase[] = [
  table("a lease that is not there is named in the refusal", {
    rows: [
      ["GET leases/absent", notFound("absent")],
      ["GET leases/Not_A_Name", notFound("Not_A_Name")],
      ["GET leases/%C3%A4", notFound("ä")],
    ],
  }),
  table("what is served by no group, version or resource is not found", {
    rows: [
      ["GET /apis/coordination.k8s.io/v1/namespaces/{ns}/nothings/a", noSuchResource],
      ["GET /apis/coordination.k8s.io/v2/namespaces/{ns}/leases/a", noSuchResource],
      ["GET leases/a/status", noSuchResource],
      ["GET /apis/other.example.com/v1/things", noSuchPath],
      ["GET /nope", noSuchPath],
    ],
  }),
  {
    name: "a read may ask for a state that is not older than a version, but not for one in the future",
    async run({ ask, make, answers }) {
      const { revision } = await make("leases", lease("a", spec));
      const stored = ok(storedLease("a", spec, { resourceVersion: revision }));
      await answers([
        [`GET leases/a?resourceVersion=${revision}`, stored],
        ["GET leases/a?resourceVersion=", stored],
        ["GET leases/a?resourceVersion=abc", invalidRevision("abc")],
        ["GET leases/a?resourceVersion=-1", invalidRevision("-1")],
      ]);
      const cached = await ask("GET leases/a?resourceVersion=0");
      if (cached.status !== 404) cached.is(stored);
    },
  },
  table("queries that mean nothing to a read are passed over", {
    given: [lease("a", spec)],
    rows: [
      "unknown=1",
      "labelSelector=x%3Dy",
      "fieldManager=zz",
      "dryRun=All",
      "limit=x",
      "watch=0",
      "%zz",
    ].map((query): Row => [`GET leases/a?${query}`, ok(storedLease("a", spec))]),
  }),
  table("a collection is not created as an object, nor an object as a collection", {
    given: [lease("a")],
    rows: [
      ["POST leases/a", { json: lease("a") }, methodNotAllowed],
      ["PUT leases", { json: lease("a") }, methodNotAllowed],
      ["PATCH leases", { merge: {} }, methodNotAllowed],
      ["POST /apis/coordination.k8s.io/v1/leases", { json: lease("a") }, methodNotAllowed],
      ["DELETE /apis/coordination.k8s.io/v1/leases", methodNotAllowed],
    ],
  }),
];

function invalidRevision(text: string): Expected {
  const message = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  return unexplained(message);
}
