import assert from "node:assert/strict";
import { test } from "node:test";
import type { StatusBody } from "./meta/status.ts";
import type { StatusError } from "./status-error.ts";
import * as statusErrors from "./status-errors.ts";

const leases = { group: "coordination.k8s.io", resource: "leases" };
const namespaces = { group: "", resource: "namespaces" };
const lease = { group: "coordination.k8s.io", kind: "Lease" };
const aLease = { name: "a", group: "coordination.k8s.io", kind: "leases" };

/** What the client reads, beside `metadata: {}` and `status: Failure`. */
type Refusal = Omit<StatusBody, "metadata" | "status">;

const cases: readonly (readonly [of: string, StatusError, Refusal])[] = [
  [
    "an object that is absent",
    statusErrors.notFound(leases, "a"),
    { code: 404, reason: "NotFound", message: 'leases.coordination.k8s.io "a" not found', details: aLease },
  ],
  [
    "an object of the core group that is absent",
    statusErrors.notFound(namespaces, "b\n"),
    {
      code: 404,
      reason: "NotFound",
      message: 'namespaces "b\\n" not found',
      details: { name: "b\n", kind: "namespaces" },
    },
  ],
  [
    "a path that leads nowhere",
    statusErrors.pathNotFound(),
    {
      code: 404,
      reason: "NotFound",
      message: "the server could not find the requested resource",
      details: {},
    },
  ],
  [
    "a name that is taken by an object about to go",
    statusErrors.whileBeingDeleted(statusErrors.alreadyExists(leases, "a")),
    {
      code: 409,
      reason: "AlreadyExists",
      message: 'object is being deleted: leases.coordination.k8s.io "a" already exists',
      details: aLease,
    },
  ],
  [
    "generated names that are all taken",
    statusErrors.generateNameConflict(leases, "a"),
    {
      code: 409,
      reason: "AlreadyExists",
      message:
        'leases.coordination.k8s.io "a" already exists, the server was not able to generate a unique name for the object',
      details: { ...aLease, retryAfterSeconds: 1 },
    },
  ],
  [
    "a write that came too late",
    statusErrors.modified(leases, "a"),
    {
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on leases.coordination.k8s.io "a": the object has been modified; please apply your changes to the latest version and try again',
      details: aLease,
    },
  ],
  [
    "a delete of another object of the name",
    statusErrors.deletePreconditionFailed(lease, { name: "a", field: "UID", wanted: "u1", found: "u2" }),
    {
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on Lease.coordination.k8s.io "a": the UID in the precondition (u1) does not match the UID in record (u2). The object might have been deleted and then recreated',
      details: { name: "a", group: "coordination.k8s.io", kind: "Lease" },
    },
  ],
  [
    "a request that no rule allows",
    statusErrors.accessDenied({
      ...leases,
      user: "<me>",
      verb: "get",
      subresource: "status",
      namespace: "",
      name: "a",
    }),
    {
      code: 403,
      reason: "Forbidden",
      message:
        'leases.coordination.k8s.io "a" is forbidden: User "&lt;me&gt;" cannot get resource "leases/status" in API group "coordination.k8s.io" at the cluster scope',
      details: aLease,
    },
  ],
  [
    "a path that no rule allows, with the authorizer's reason",
    statusErrors.accessDenied({ user: "reader", verb: "get", path: "/" }, "why"),
    {
      code: 403,
      reason: "Forbidden",
      message: 'forbidden: User "reader" cannot get path "/": why',
      details: {},
    },
  ],
  [
    "a create in a namespace that is going",
    statusErrors.namespaceTerminating(leases, { name: "late", namespace: "n" }),
    {
      code: 403,
      reason: "Forbidden",
      message:
        'leases.coordination.k8s.io "late" is forbidden: unable to create new content in namespace n because it is being terminated',
      details: {
        name: "late",
        group: "coordination.k8s.io",
        kind: "leases",
        causes: [
          {
            reason: "NamespaceTerminating",
            message: "namespace n is being terminated",
            field: "metadata.namespace",
          },
        ],
      },
    },
  ],
  [
    "a version that is not reached yet",
    statusErrors.tooLargeResourceVersion({ wanted: 5, current: "3" }),
    {
      code: 504,
      reason: "Timeout",
      message: "Timeout: Too large resource version: 5, current: 3",
      details: {
        causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        retryAfterSeconds: 1,
      },
    },
  ],
  [
    "a watch from before the horizon",
    statusErrors.tooOldResourceVersion({ since: 1, oldest: 5 }),
    { code: 410, reason: "Expired", message: "too old resource version: 1 (5)" },
  ],
  [
    "one wrong field",
    statusErrors.invalid(lease, {
      name: "a",
      errors: [{ type: "FieldValueRequired", field: "spec.leaseName", message: "Required value" }],
    }),
    {
      code: 422,
      reason: "Invalid",
      message: 'Lease.coordination.k8s.io "a" is invalid: spec.leaseName: Required value',
      details: {
        name: "a",
        group: "coordination.k8s.io",
        kind: "Lease",
        causes: [{ reason: "FieldValueRequired", message: "Required value", field: "spec.leaseName" }],
      },
    },
  ],
  [
    "a patch whose target has no kind to name",
    statusErrors.invalid({ group: "", kind: "" }, { name: "", errors: [] }),
    { code: 422, reason: "Invalid", message: ' "" is invalid', details: {} },
  ],
  [
    "a patch of no known kind",
    statusErrors.unsupportedPatchType(),
    { code: 415, reason: "UnsupportedMediaType", message: "415: Unsupported Media Type", details: {} },
  ],
  [
    "an error of our own",
    statusErrors.internalError("disk full"),
    {
      code: 500,
      reason: "InternalError",
      message: "Internal error occurred: disk full",
      details: { causes: [{ message: "disk full" }] },
    },
  ],
];

for (const [of, error, refusal] of cases) {
  test(`${of} is refused in kube-apiserver's words`, () => {
    assert.deepEqual(error.status, { metadata: {}, status: "Failure", ...refusal });
    assert.equal(error.message, refusal.message);
  });
}

test("equal sentences about fields stand once in the message and once for each cause", () => {
  const wrong = { type: "FieldValueInvalid", field: "x", message: "Invalid value: 0" } as const;
  const twice = statusErrors.invalid(lease, { name: "a", errors: [wrong, wrong] });
  assert.equal(twice.message, 'Lease.coordination.k8s.io "a" is invalid: x: Invalid value: 0');
  assert.equal(twice.status.details?.causes?.length, 2);
  const other = { type: "FieldValueRequired", field: "y", message: "Required value" } as const;
  assert.equal(
    statusErrors.invalid(lease, { name: "a", errors: [wrong, other, wrong] }).message,
    'Lease.coordination.k8s.io "a" is invalid: [x: Invalid value: 0, y: Required value]',
  );
});

test("a list that cannot be continued hands out a token for the inconsistent rest", () => {
  assert.deepEqual(statusErrors.continueExpired("token").status.metadata, { continue: "token" });
  assert.deepEqual(statusErrors.continueExpired(undefined).status.metadata, {});
});
