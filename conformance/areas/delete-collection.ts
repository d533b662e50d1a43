import { type ConformanceCase, table } from "../case.ts";
import { lease, leaseList, ok, storedLease } from "../vocabulary/leases.ts";
import { badRequest, invalid } from "../vocabulary/statuses.ts";
import { aTime } from "../wire/match.ts";

const labelled = (name: string, k: string): object => lease(name, undefined, { labels: { k } });
const stored = (name: string, k: string): object => storedLease(name, {}, { labels: { k } });

export const deleteCollectionCases: readonly ConformanceCase[] = [
  table("a selector says what is deleted, and the answer lists it as it was", {
    given: [labelled("a", "1"), labelled("b", "2"), labelled("c", "1"), labelled("d", "2")],
    rows: [
      ["DELETE leases?labelSelector=k%3D1", ok(leaseList([stored("a", "1"), stored("c", "1")]))],
      ["DELETE leases?fieldSelector=metadata.name%3Dd", ok(leaseList([stored("d", "2")]))],
      ["GET leases", ok(leaseList([stored("b", "2")]))],
      ["DELETE leases", ok(leaseList([stored("b", "2")]))],
      ["DELETE leases", ok(leaseList([]))],
    ],
  }),
  table("what a finalizer keeps is listed as it was, and stays", {
    given: [lease("a", undefined, { finalizers: ["x/y"] }), lease("b")],
    rows: [
      ["DELETE leases", ok(leaseList([storedLease("a", {}, { finalizers: ["x/y"] }), storedLease("b")]))],
      [
        "GET leases",
        ok(
          leaseList([
            storedLease(
              "a",
              {},
              { finalizers: ["x/y"], deletionTimestamp: aTime, deletionGracePeriodSeconds: 0 },
            ),
          ]),
        ),
      ],
    ],
  }),
  table("a dry run lists what would go", {
    given: [lease("a")],
    rows: [
      ["DELETE leases?dryRun=All", ok(leaseList([storedLease("a")]))],
      ["GET leases", ok(leaseList([storedLease("a")]))],
    ],
  }),
  table("a selector that cannot be read deletes nothing", {
    given: [lease("a")],
    rows: [
      [
        "DELETE leases?fieldSelector=spec.x%3Da",
        badRequest('"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"'),
      ],
      [
        "DELETE leases?dryRun=Bogus",
        invalid({ name: "", kind: "DeleteOptions", group: "meta.k8s.io" }, [
          "FieldValueNotSupported",
          "dryRun",
          'Unsupported value: ["Bogus"]: supported values: "All"',
        ]),
      ],
      ["GET leases", ok(leaseList([storedLease("a")]))],
    ],
  }),
  table("in a namespace that is not there, there is nothing to delete", {
    rows: [["DELETE /apis/coordination.k8s.io/v1/namespaces/{ns}-absent/leases", ok(leaseList([]))]],
  }),
];
