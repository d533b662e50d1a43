import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clusterRoleBindingKind,
  clusterRoleKind,
  leaseKind,
  roleBindingKind,
  roleKind,
  StatusError,
  type ApiObject,
  type Kind,
} from "@leasehold/api";
import type { User } from "../authn/user.ts";
import { createEscalationGuard } from "./escalation.ts";
import { Policy } from "./policy.ts";
import type { PolicyRule } from "./policy-objects.ts";
import { createRbac } from "./rbac.ts";

const leaseRule = (...verbs: string[]): PolicyRule => ({
  verbs,
  apiGroups: ["coordination.k8s.io"],
  resources: ["leases"],
});
const rbacRule = (verb: string, resource: string, ...resourceNames: string[]): PolicyRule => ({
  verbs: [verb],
  apiGroups: ["rbac.authorization.k8s.io"],
  resources: [resource],
  resourceNames,
});

const policy = new Policy();
const grant = (user: string, rules: readonly PolicyRule[]): void => {
  policy.set("clusterroles", { namespace: "", name: user }, { labels: {}, rules });
  policy.set("clusterrolebindings", { namespace: "", name: user }, bindingOf("ClusterRole", user, user));
};
grant("team", [
  { ...leaseRule("get"), resources: ["leases", "*/status"] },
  rbacRule("bind", "clusterroles", "view"),
  { verbs: ["get"], nonResourceURLs: ["/apis*"] },
]);
grant("escalator", [rbacRule("escalate", "roles"), rbacRule("escalate", "clusterroles", "mine")]);
grant("view", [leaseRule("get", "list")]);
grant("owner", [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
]);
policy.set("rolebindings", { namespace: "broken", name: "b" }, bindingOf("Role", "gone", "team"));

const rbac = createRbac(policy);
const guard = createEscalationGuard({ authorizer: rbac, rules: rbac, policy });

const denied = (what: string, rights: readonly string[]): string =>
  `403 ${what} is forbidden: user "team" (groups=["a" "b"]) is attempting to grant RBAC permissions not currently held:\n${rights.join("\n")}`;

interface Case {
  readonly name: string;
  readonly user?: string;
  readonly kind?: Kind;
  readonly namespace?: string;
  readonly path?: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly old?: Readonly<Record<string, unknown>>;
  readonly expected: string;
}

const aggregating = { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] } };
const cluster = { kind: clusterRoleKind, namespace: "" };
const mustBeAdmin =
  '403 clusterroles.rbac.authorization.k8s.io "x" is forbidden: must have cluster-admin privileges to use the aggregationRule';

/** The texts are kube-apiserver 1.36.3's. */
const cases: readonly Case[] = [
  { name: "a role of rights that one has", object: { rules: [leaseRule("get")] }, expected: "passes" },
  { name: "a role of no rights", object: {}, expected: "passes" },
  {
    name: "a role of rights that one has in another form",
    object: { rules: [{ ...leaseRule("get"), resources: ["pods/status"], resourceNames: ["a"] }] },
    expected: "passes",
  },
  {
    name: "a role of more rights",
    object: {
      rules: [
        {
          verbs: ["get", "delete"],
          apiGroups: ["coordination.k8s.io", ""],
          resources: ["leases", "pods/status"],
        },
        { ...leaseRule("delete"), resourceNames: ["a", "b"] },
      ],
    },
    expected: denied('roles.rbac.authorization.k8s.io "x"', [
      '{APIGroups:[""], Resources:["leases"], Verbs:["get" "delete"]}',
      '{APIGroups:[""], Resources:["pods/status"], Verbs:["get" "delete"]}',
      '{APIGroups:["coordination.k8s.io"], Resources:["leases"], ResourceNames:["a"], Verbs:["delete"]}',
      '{APIGroups:["coordination.k8s.io"], Resources:["leases"], ResourceNames:["b"], Verbs:["delete"]}',
      '{APIGroups:["coordination.k8s.io"], Resources:["leases"], Verbs:["delete"]}',
      '{APIGroups:["coordination.k8s.io"], Resources:["pods/status"], Verbs:["delete"]}',
    ]),
  },
  {
    name: "a role of paths",
    ...cluster,
    object: { rules: [{ verbs: ["get", "put"], nonResourceURLs: ["/a", "/apis"] }] },
    expected: denied('clusterroles.rbac.authorization.k8s.io "x"', [
      '{NonResourceURLs:["/a"], Verbs:["get"]}',
      '{NonResourceURLs:["/a"], Verbs:["put"]}',
      '{NonResourceURLs:["/apis"], Verbs:["put"]}',
    ]),
  },
  {
    name: "a role, where a role of one's own is gone",
    namespace: "broken",
    object: { rules: [leaseRule("delete")] },
    expected: `${denied('roles.rbac.authorization.k8s.io "x"', [
      '{APIGroups:["coordination.k8s.io"], Resources:["leases"], Verbs:["delete"]}',
    ])}; resolution errors: [roles.rbac.authorization.k8s.io "gone" not found]`,
  },
  {
    name: "any role, by one who may escalate",
    user: "escalator",
    object: { rules: [leaseRule("*")] },
    expected: "passes",
  },
  {
    name: "a cluster role, by one who may escalate it by name",
    user: "escalator",
    ...cluster,
    path: "mine",
    object: { rules: [leaseRule("*")], ...aggregating },
    expected: "passes",
  },
  { name: "an aggregated cluster role", ...cluster, object: aggregating, expected: mustBeAdmin },
  {
    name: "a cluster role that was aggregated",
    ...cluster,
    object: {},
    old: aggregating,
    expected: mustBeAdmin,
  },
  {
    name: "an aggregated cluster role, by one who may do everything",
    user: "owner",
    ...cluster,
    object: aggregating,
    expected: "passes",
  },
  {
    name: "only the finalizers of a role of more rights",
    object: { rules: [leaseRule("*")], metadata: { name: "x", finalizers: ["a/b"] } },
    old: { rules: [leaseRule("*")] },
    expected: "passes",
  },
  {
    name: "only the labels of a role of more rights",
    object: { rules: [leaseRule("*")], metadata: { name: "x", labels: { a: "b" } } },
    old: { rules: [leaseRule("*")] },
    expected: denied('roles.rbac.authorization.k8s.io "x"', [
      '{APIGroups:["coordination.k8s.io"], Resources:["leases"], Verbs:["*"]}',
    ]),
  },
  {
    name: "a binding of a role that one may bind",
    kind: roleBindingKind,
    object: bindingOf("ClusterRole", "view", "x"),
    expected: "passes",
  },
  {
    name: "a binding of rights that one has",
    kind: clusterRoleBindingKind,
    namespace: "",
    object: bindingOf("ClusterRole", "team", "x"),
    expected: "passes",
  },
  {
    name: "a binding of more rights",
    kind: roleBindingKind,
    object: bindingOf("ClusterRole", "owner", "x"),
    expected: denied('rolebindings.rbac.authorization.k8s.io "x"', [
      '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
      '{NonResourceURLs:["*"], Verbs:["*"]}',
    ]),
  },
  {
    name: "a binding of a role that is not there",
    kind: roleBindingKind,
    object: bindingOf("Role", "nowhere", "x"),
    expected: '404 rolebindings.rbac.authorization.k8s.io "nowhere" not found',
  },
  {
    name: "a binding of something else",
    kind: roleBindingKind,
    object: bindingOf("Foo", "nowhere", "x"),
    expected: '500 unsupported role reference kind: "Foo"',
  },
  {
    name: "anything, by an administrator",
    user: "admin",
    object: { rules: [leaseRule("*")] },
    expected: "passes",
  },
  {
    name: "something else altogether",
    kind: leaseKind,
    object: { rules: [leaseRule("*")] },
    expected: "passes",
  },
];

for (const one of cases) {
  test(`writing ${one.name}: ${one.expected.split(":")[0]}`, () => assert.equal(outcome(one), one.expected));
}

function outcome({ user = "team", kind = roleKind, namespace = "ns", path = "", object, old }: Case): string {
  const groups = user === "admin" ? ["system:masters"] : ["a", "b"];
  const writer: User = { name: user, uid: "", groups, extra: {} };
  const make = (fields: Readonly<Record<string, unknown>>): ApiObject => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: kind.kind,
    metadata: { name: "x" },
    ...fields,
  });
  try {
    guard({ user: writer, kind, namespace, name: path, object: make(object), old: old && make(old) });
    return "passes";
  } catch (error) {
    if (error instanceof StatusError) return `${error.status.code} ${error.status.message}`;
    throw error;
  }
}

function bindingOf(kind: string, name: string, user: string) {
  return {
    subjects: [{ kind: "User", name: user }],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name },
  };
}
