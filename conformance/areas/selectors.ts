import { type ConformanceCase, type Row, table } from "../case.ts";
import { lease, leaseList, ok, storedLease } from "../vocabulary/leases.ts";
import { badRequest } from "../vocabulary/statuses.ts";

/** Five leases with a label of their own, and one that divides them. */
const labelled = ["a", "b", "c", "d", "e"].map((n, index) => ({ n, odd: String(index % 2) }));
const given = labelled.map((labels) => lease(labels.n, undefined, { labels }));

export const selectorCases: readonly ConformanceCase[] = [
  table("labels are selected by equality, by sets and by being there", {
    given,
    rows: (
      [
        ["n=a", "a"],
        ["n==b", "b"],
        ["n!=a", "bcde"],
        ["nope!=a", "abcde"],
        ["n in (a,c)", "ac"],
        ["n in (a, nope ,)", "a"],
        ["n notin (a,c)", "bde"],
        ["nope notin (a)", "abcde"],
        ["odd=1,n notin (b)", "d"],
        ["n", "abcde"],
        ["!n", ""],
        ["nope", ""],
        ["!nope,odd=0", "ace"],
        ["n>1", ""],
        ["odd>0", "bd"],
        ["odd<1", "ace"],
        ["odd=", ""],
        [" n = a ", "a"],
        ["", "abcde"],
      ] as const
    ).map(([selector, names]) => selects("labelSelector", selector, names)),
  }),
  table("a selector of labels that cannot be read is told where it stops being one", {
    rows: (
      [
        ["a===b", "unable to parse requirement: found '=', expected: identifier"],
        ["!", "unable to parse requirement: found '', expected: identifier"],
        ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
        ["bad key=v", "unable to parse requirement: found 'key', expected: in, notin, =, ==, !=, gt, lt"],
        ["x in ", "unable to parse requirement: found '' expected: '('"],
        ["x in a", "unable to parse requirement: found 'a' expected: '('"],
        ["x in (", "unable to parse requirement: found '', expected: ',', ')' or identifier"],
        [
          "a>b",
          "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
        ],
        [",", "found ',', expected: !, identifier, or 'end of string'"],
        ["=", "found '=', expected: !, identifier, or 'end of string'"],
        ["k=bad value$", "found 'value$', expected: ',' or 'end of string'"],
        ["!a=b", "found '=', expected: ',' or 'end of string'"],
        ["n in (a) b", "found 'b', expected: ',' or 'end of string'"],
      ] as const
    ).map(([selector, message]): Row => [
      `GET leases?labelSelector=${encodeURIComponent(selector)}`,
      badRequest(message),
    ]),
  }),
  table("fields are selected by name and namespace", {
    given,
    rows: (
      [
        ["metadata.name=a", "a"],
        ["metadata.name==a", "a"],
        ["metadata.name!=a", "bcde"],
        ["metadata.namespace={ns}", "abcde"],
        ["metadata.namespace!={ns}", ""],
        ["metadata.name=a,metadata.name=b", ""],
        ["metadata.name!=a,metadata.name!=b", "cde"],
        ["metadata.name=a,metadata.namespace=other", ""],
        ["metadata.name=", ""],
        ["", "abcde"],
      ] as const
    ).map(([selector, names]) => selects("fieldSelector", selector, names)),
  }),
  table("other fields, and what is no selector of fields, are refused", {
    rows: (
      [
        [
          "spec.holderIdentity=a",
          '"spec.holderIdentity" is not a known field selector: only "metadata.name", "metadata.namespace"',
        ],
        [
          "metadata.labels.x=a",
          '"metadata.labels.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
        ],
        ["metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
        [
          "metadata.name in (a)",
          "invalid selector: 'metadata.name in (a)'; can't understand 'metadata.name in (a)'",
        ],
      ] as const
    ).map(([selector, message]): Row => [
      `GET leases?fieldSelector=${encodeURIComponent(selector)}`,
      badRequest(message),
    ]),
  }),
  table("both selectors hold together", {
    given,
    rows: [
      [
        "GET leases?labelSelector=odd%3D0&fieldSelector=metadata.name!%3Da",
        ok(leaseList(["c", "e"].map(stored))),
      ],
      ["GET leases?labelSelector=odd%3D1&fieldSelector=metadata.name%3Da", ok(leaseList([]))],
    ],
  }),
];

function selects(parameter: string, selector: string, names: string): Row {
  const query = encodeURIComponent(selector).replaceAll("%7Bns%7D", "{ns}");
  return [`GET leases?${parameter}=${query}`, ok(leaseList(names.split("").map(stored)))];
}

function stored(name: string): object {
  return storedLease(name, {}, { labels: labelled.find(({ n }) => n === name) });
}
