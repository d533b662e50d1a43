import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, StatusError, type ApiObject, type Kind } from "@leasehold/api";
import { listOptions, type ListOptions } from "./list-options.ts";
import { parseQuery } from "./query.ts";

const kind: Kind = leaseKind;

const stated: readonly (readonly [query: string, options: Partial<ListOptions>])[] = [
  [
    "",
    { watch: false, limit: 0, timeoutSeconds: undefined, resourceVersion: "", sendInitialEvents: undefined },
  ],
  ["limit=5&continue=x&resourceVersion=0", { limit: 5, continueToken: "x", resourceVersion: "0" }],
  ["limit=-1&limit=2", { limit: -1 }],
  ["resourceVersion=5&resourceVersionMatch=Exact", { resourceVersionMatch: "Exact" }],
  ["watch", { watch: true, sendInitialEvents: true }],
  ["watch=1&resourceVersion=0&allowWatchBookmarks=1", { sendInitialEvents: true, allowBookmarks: true }],
  ["watch=1&resourceVersion=00", { sendInitialEvents: undefined }],
  ["watch=1&resourceVersion=5", { sendInitialEvents: undefined }],
  ["watch=1&sendInitialEvents=0&resourceVersionMatch=NotOlderThan", { sendInitialEvents: false }],
  ["timeoutSeconds=60", { timeoutSeconds: 60 }],
  ["timeoutSeconds=-1", { timeoutSeconds: -1 }],
  ["timeoutSeconds=9223372036854775807", { timeoutSeconds: -1 }],
];

for (const [query, expected] of stated) {
  test(`${query || "no query"} says ${JSON.stringify(expected)}`, () => {
    assert.partialDeepStrictEqual(listOptions(kind, parseQuery(query), undefined), expected);
  });
}

/** Several complaints are made in kube-apiserver's order: numbers, selectors, the options together, the kind's fields, the name. */
const refused: readonly (readonly [query: string, code: number, message: RegExp])[] = [
  ["limit=x&timeoutSeconds=y&labelSelector=,,", 400, /parsing "y"/],
  ["limit=x&labelSelector=,,", 400, /parsing "x"/],
  ["labelSelector=a in (&fieldSelector=bogus", 400, /unable to parse requirement/],
  ["fieldSelector=bogus&resourceVersionMatch=Exact", 400, /invalid selector: 'bogus'/],
  ["fieldSelector=spec.x=1&resourceVersionMatch=Exact", 422, /resourceVersionMatch: Forbidden/],
  ["fieldSelector=spec.x=1", 400, /"spec\.x" is not a known field selector/],
  ["fieldSelector=metadata.name=b", 400, /fieldSelector metadata\.name doesn't match requested name/],
];

for (const [query, code, message] of refused) {
  test(`${query} is refused with ${code}`, () => {
    assert.throws(
      () => listOptions(kind, parseQuery(query), "a"),
      (error) =>
        error instanceof StatusError &&
        error.status.code === code &&
        message.test(error.status.message ?? ""),
    );
  });
}

/** Of a with the label x=1, b with x=2, and c without any. */
const selections: readonly (readonly [query: string, name: string | undefined, matching: string])[] = [
  ["", undefined, "abc"],
  ["", "a", "a"],
  ["labelSelector=x", undefined, "ab"],
  ["labelSelector=x", "c", ""],
  ["labelSelector=x=2&fieldSelector=metadata.name!=a", undefined, "b"],
  ["fieldSelector=metadata.name=a", "a", "a"],
  ["fieldSelector=metadata.namespace=n", undefined, "abc"],
  ["fieldSelector=metadata.namespace!=n", undefined, ""],
];

for (const [query, name, matching] of selections) {
  test(`${query || "no query"} ${name === undefined ? "" : `for ${name} `}selects ${matching || "nothing"}`, () => {
    const { selection } = listOptions(kind, parseQuery(query), name);
    const objects = [lease("a", { x: "1" }), lease("b", { x: "2" }), lease("c")];
    const found = objects.filter((object) => selection.matches(object));
    assert.equal(found.map(({ metadata }) => metadata.name).join(""), matching);
    if (selection.everything) assert.equal(matching, "abc");
  });
}

function lease(name: string, labels: Readonly<Record<string, string>> = {}): ApiObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "n", labels },
    spec: {},
  };
}
