import { type ConformanceCase, type Row, table } from "../case.ts";
import { lease, leaseList, ok, storedLease } from "../vocabulary/leases.ts";
import { badRequest } from "../vocabulary/statuses.ts";
import { textLike } from "../wire/match.ts";

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
  table("a selector of labels that cannot be read is refused", {
    rows: [
      "a===b",
      ",",
      "x in ",
      "x in (",
      "bad key=v",
      "k=bad value$",
      "=",
      "a>b",
      "!",
      "n in (a) b",
      "a b",
    ].map((selector): Row => [
      `GET leases?labelSelector=${encodeURIComponent(selector)}`,
      badRequest(
        textLike(
          /^unable to parse requirement: |^found '|^couldn't parse the selector string|^<key|: Invalid value: |^values\[|^key/,
        ),
      ),
    ]),
  }),
  table("the words of a refused selector are those of its parser", {
    rows: (
      [
        ["a===b", "couldn't parse the selector string \"a===b\": found '=', expected: identifier"],
        ["x in ", "unable to parse requirement: found '', expected: '('"],
        ["x in (", "unable to parse requirement: found '', expected: ',', ')' or identifier"],
      ] as const
    ).map(([selector]): Row => [
      `GET leases?labelSelector=${encodeURIComponent(selector)}`,
      badRequest(textLike(/found '/)),
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
  return [`GET leases?${parameter}=${query}`, ok(leaseList([...names].map(stored)))];
}

function stored(name: string): object {
  return storedLease(name, {}, { labels: labelled.find(({ n }) => n === name) });
}
