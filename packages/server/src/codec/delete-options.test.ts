import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "@leasehold/api";
import { deletionOfBody } from "./delete-options.ts";
import type { DeletionRequest } from "./options.ts";
import { parseQuery } from "./query.ts";

interface Stated {
  readonly query?: string;
  /** JSON; none when absent. */
  readonly body?: string;
}

const none: DeletionRequest = {
  deletion: { preconditions: {}, propagationPolicy: undefined, orphanDependents: undefined },
  dryRun: false,
};

const options: readonly (readonly [stated: Stated, request: DeletionRequest])[] = [
  [{}, none],
  [{ query: "dryRun=All" }, { ...none, dryRun: true }],
  [{ query: "propagationPolicy=Orphan" }, withDeletion({ propagationPolicy: "Orphan" })],
  [{ query: "orphanDependents=no" }, withDeletion({ orphanDependents: true })],
  [{ query: "orphanDependents=0" }, withDeletion({ orphanDependents: false })],
  [{ query: "uid=x" }, withDeletion({ preconditions: { uid: "x", resourceVersion: undefined } })],
  [
    { query: "resourceVersion=7&resourceVersionMatch=Exact" },
    withDeletion({ preconditions: { uid: undefined, resourceVersion: "7" } }),
  ],
  [{ query: "uid=&resourceVersion=" }, none],
  [{ query: "dryRun=All&ignoreStoreReadErrorWithClusterBreakingPotential=true" }, { ...none, dryRun: true }],
  [{ query: "dryRun=All&resourceVersion=7", body: "{}" }, none],
  [{ body: '{"dryRun":["All"]}' }, { ...none, dryRun: true }],
  [{ body: '{"preconditions":{"uid":"x"}}' }, withDeletion({ preconditions: { uid: "x" } })],
];

for (const [stated, request] of options) {
  test(`${JSON.stringify(stated)} is understood`, () => assert.deepEqual(read(stated), request));
}

const refused: readonly (readonly [stated: Stated, code: number, message: RegExp])[] = [
  [{ query: "gracePeriodSeconds=x" }, 400, /strconv\.ParseInt: parsing "x": invalid syntax/],
  [{ query: "dryRun=Some" }, 422, /dryRun: Unsupported value: \["Some"\]/],
  [{ query: "propagationPolicy=Bogus" }, 422, /propagationPolicy: Unsupported value/],
  [
    { query: "propagationPolicy=Orphan&orphanDependents=1" },
    422,
    /orphanDependents and deletionPropagation cannot be both set/,
  ],
];

for (const [stated, code, message] of refused) {
  test(`${JSON.stringify(stated)} is refused with ${code}`, () => {
    assert.throws(
      () => read(stated),
      (error) =>
        error instanceof StatusError &&
        error.status.code === code &&
        message.test(error.status.message ?? ""),
    );
  });
}

function read({ query = "", body = "" }: Stated): DeletionRequest {
  return deletionOfBody(Buffer.from(body), "application/json", parseQuery(query));
}

function withDeletion(deletion: Partial<DeletionRequest["deletion"]>): DeletionRequest {
  return { ...none, deletion: { ...none.deletion, ...deletion } };
}
