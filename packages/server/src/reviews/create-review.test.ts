import assert from "node:assert/strict";
import { test } from "node:test";
import { allReviewKinds, StatusError, type ApiObject, type ReviewKind } from "@leasehold/api";
import type { User } from "../authn/user.ts";
import { anyOf } from "../authz/authorizer.ts";
import { Policy } from "../authz/policy.ts";
import { createRbac } from "../authz/rbac.ts";
import { superuser } from "../authz/superuser.ts";
import { createReview } from "./create-review.ts";

const readRule = { verbs: ["get", "list"], apiGroups: ["coordination.k8s.io"], resources: ["leases"] };
const policy = new Policy();
policy.set(
  "clusterroles",
  { namespace: "", name: "reader" },
  {
    labels: {},
    rules: [readRule, { verbs: ["get"], nonResourceURLs: ["/version"] }],
  },
);
policy.set(
  "clusterrolebindings",
  { namespace: "", name: "readers" },
  {
    subjects: [{ kind: "User", name: "reader" }],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "reader" },
  },
);
policy.set(
  "rolebindings",
  { namespace: "broken", name: "b" },
  {
    subjects: [{ kind: "User", name: "reader" }],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "gone" },
  },
);

const rbac = createRbac(policy);
const clock = { nowMs: () => 0, monotonicMs: () => 0, schedule: () => ({ cancel: () => {} }) };
const witnesses = { authorizer: anyOf([superuser, rbac]), rules: rbac, clock };
const reader: User = { name: "reader", uid: "u-1", groups: ["readers"], extra: { scopes: ["a"] } };
const admin: User = { name: "admin", uid: "", groups: ["system:masters"], extra: {} };
const allowed = {
  allowed: true,
  reason: 'RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to User "reader"',
};
const refused = { allowed: false };
const leases = { group: "coordination.k8s.io", resource: "leases" };

const accessCases: readonly { name: string; user: User; plural: string; spec: unknown; status: unknown }[] = [
  {
    name: "somebody with the right",
    user: reader,
    plural: "selfsubjectaccessreviews",
    spec: { resourceAttributes: { verb: "list", ...leases } },
    status: allowed,
  },
  {
    name: "somebody without it",
    user: reader,
    plural: "selfsubjectaccessreviews",
    spec: { resourceAttributes: { verb: "create", ...leases } },
    status: refused,
  },
  {
    name: "somebody with a right to a path",
    user: reader,
    plural: "selfsubjectaccessreviews",
    spec: { nonResourceAttributes: { verb: "get", path: "/version" } },
    status: allowed,
  },
  {
    name: "an administrator, for no particular reason",
    user: admin,
    plural: "selfsubjectaccessreviews",
    spec: { resourceAttributes: { verb: "list", ...leases } },
    status: { allowed: true },
  },
  {
    name: "somebody else",
    user: admin,
    plural: "subjectaccessreviews",
    spec: { user: "reader", resourceAttributes: { verb: "list", ...leases } },
    status: allowed,
  },
  {
    name: "a group alone",
    user: admin,
    plural: "subjectaccessreviews",
    spec: { groups: ["system:masters"], resourceAttributes: { verb: "list", ...leases } },
    status: { allowed: true },
  },
  {
    name: "somebody whose role is gone",
    user: reader,
    plural: "selfsubjectaccessreviews",
    spec: { resourceAttributes: { verb: "create", namespace: "broken", ...leases } },
    status: { allowed: false, reason: 'RBAC: role.rbac.authorization.k8s.io "gone" not found' },
  },
  {
    name: "selectors that cannot be read",
    user: reader,
    plural: "selfsubjectaccessreviews",
    spec: {
      resourceAttributes: {
        verb: "list",
        ...leases,
        labelSelector: { rawSelector: "a in (" },
        fieldSelector: {
          requirements: [
            { key: "a", operator: "In", values: ["b"] },
            { key: "a", operator: "Exists" },
          ],
        },
      },
    },
    status: {
      ...allowed,
      evaluationError:
        "spec.resourceAttributes.fieldSelector partially ignored due to parse error; spec.resourceAttributes.labelSelector ignored due to parse error",
    },
  },
];

for (const { name, user, plural, spec, status } of accessCases) {
  test(`${plural} about ${name} is answered beside the question`, () => {
    const answer = ask(plural, user, { spec });
    assert.deepEqual(defined(answer.status), status);
    assert.deepEqual(answer.spec, spec);
    assert.equal(answer.metadata.managedFields?.[0]?.manager, "tester");
  });
}

test("a review that is not valid is refused without a name", () => {
  assert.throws(
    () =>
      ask("subjectaccessreviews", admin, { spec: { nonResourceAttributes: { verb: "get", path: "/x" } } }),
    (error) =>
      error instanceof StatusError &&
      error.status.message ===
        '.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
  );
});

test("a local review is about the namespace of its path, which need not exist", () => {
  const resourceAttributes = { verb: "list", namespace: "nowhere", ...leases };
  const answer = ask("localsubjectaccessreviews", admin, {
    spec: { user: "reader", resourceAttributes },
    namespace: "nowhere",
  });
  assert.deepEqual(defined(answer.status), allowed);
  assert.equal(answer.metadata.namespace, "nowhere");
});

test("a rules review lists what may be done, and nothing of the question", () => {
  const answer = ask("selfsubjectrulesreviews", reader, { spec: { namespace: "broken" } });
  assert.deepEqual(plain(answer), {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectRulesReview",
    metadata: {},
    spec: {},
    status: {
      resourceRules: [readRule],
      nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/version"] }],
      incomplete: false,
      evaluationError: 'role.rbac.authorization.k8s.io "gone" not found',
    },
  });
});

test("a rules review without a namespace is refused", () => {
  assert.throws(() => ask("selfsubjectrulesreviews", reader, { spec: {} }), /no namespace on request/);
});

test("a self review names the user, and when it was asked", () => {
  assert.deepEqual(plain(ask("selfsubjectreviews", reader, {})), {
    apiVersion: "authentication.k8s.io/v1",
    kind: "SelfSubjectReview",
    metadata: { creationTimestamp: "1970-01-01T00:00:00Z" },
    status: { userInfo: { username: "reader", uid: "u-1", groups: ["readers"], extra: { scopes: ["a"] } } },
  });
});

interface Asked {
  readonly spec?: unknown;
  readonly namespace?: string;
}

function ask(plural: string, user: User, { spec, namespace = "" }: Asked): ApiObject {
  const kind = allReviewKinds.find((one) => one.plural === plural) as ReviewKind;
  const object = { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata: {}, spec };
  const warn = (): void => {};
  return createReview(witnesses, { kind, namespace, object, manager: "tester", user, warn });
}

/** Without what is undefined, as it goes over the wire. */
function plain(object: ApiObject): unknown {
  return JSON.parse(JSON.stringify(object));
}

function defined(status: unknown): unknown {
  return JSON.parse(JSON.stringify(status));
}
