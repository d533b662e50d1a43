import assert from "node:assert/strict";
import { test } from "node:test";
import { apiVersionOf, leaseCandidateKind, leaseCandidateV1alpha2Kind, type ApiObject } from "@leasehold/api";
import { emptySet } from "./field-set.ts";
import type { Manager } from "./managers.ts";
import { resourceOf } from "./record-update.ts";
import { repeatedItems } from "./repeated-items.ts";

const kind = leaseCandidateKind;
const versions = [kind, leaseCandidateV1alpha2Kind];
const own = apiVersionOf(kind);
const other = apiVersionOf(leaseCandidateV1alpha2Kind);
const repeated = ["example.com/a", "example.com/a"];

interface RepeatedCase {
  readonly what: string;
  readonly versions: readonly string[];
  readonly finalizers: readonly string[];
  readonly problem: string | undefined;
}

const problem = '.metadata.finalizers: duplicate entries for key [="example.com/a"]';

const cases: readonly RepeatedCase[] = [
  { what: "without managers", versions: [], finalizers: repeated, problem: undefined },
  { what: "for managers of the same version", versions: [own], finalizers: repeated, problem: undefined },
  { what: "for managers of another version", versions: [own, other], finalizers: repeated, problem },
  {
    what: "for a version that is none",
    versions: ["example.com/v1"],
    finalizers: repeated,
    problem: undefined,
  },
  { what: "unless it stands twice", versions: [other], finalizers: ["example.com/a"], problem: undefined },
];

for (const { what, versions: given, finalizers, problem: expected } of cases) {
  test(`an item that stands twice is ${expected === undefined ? "no" : "a"} problem ${what}`, () => {
    const object = {
      apiVersion: own,
      kind: "LeaseCandidate",
      metadata: { finalizers },
      spec: {},
    } as ApiObject;
    const managers = new Map(given.map((apiVersion) => [apiVersion, managerOf(apiVersion)]));
    assert.equal(repeatedItems(resourceOf({ kind, versions }), object, managers), expected);
  });
}

function managerOf(apiVersion: string): Manager {
  return { manager: "one", operation: "Update", apiVersion, subresource: "", set: emptySet, time: undefined };
}
