import { type ConformanceCase, table } from "../case.ts";
import { lease, ok, storedLease } from "../vocabulary/leases.ts";
import { notFound } from "../vocabulary/statuses.ts";

export const getCases: readonly ConformanceCase[] = [
  table("a lease is read as it was written, with what the server added", {
    given: [lease("a", { holderIdentity: "me", leaseDurationSeconds: 15 }, { labels: { app: "x" } })],
    rows: [
      [
        "GET leases/a",
        ok(storedLease("a", { holderIdentity: "me", leaseDurationSeconds: 15 }, { labels: { app: "x" } })),
      ],
    ],
  }),
  table("a lease that is not there is named in the refusal", {
    rows: [["GET leases/absent", notFound("absent")]],
  }),
];
