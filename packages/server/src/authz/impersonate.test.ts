import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "@leasehold/api";
import type { Headers } from "../authn/impersonation.ts";
import type { User } from "../authn/user.ts";
import { anyOf } from "./authorizer.ts";
import { createImpersonator, type Impersonator } from "./impersonate.ts";
import { Policy } from "./policy.ts";
import type { PolicyRule } from "./policy-objects.ts";
import { createRbac } from "./rbac.ts";
import { superuser } from "./superuser.ts";

/** What kube-apiserver 1.36.3 answers to these requests, one after the other, under this policy. */
const policy = policyOf({
  legacy: [
    may("impersonate", { apiGroups: [""], resources: ["users"], resourceNames: ["jane"] }),
    may("impersonate", { apiGroups: [""], resources: ["groups"], resourceNames: ["devs"] }),
    may("impersonate", { apiGroups: [""], resources: ["serviceaccounts"], resourceNames: ["robot"] }),
  ],
  constrained: [
    may("impersonate:user-info", authentication("users", "groups", "userextras/acme.io/x", "uids")),
    may("impersonate-on:user-info:create", authentication("selfsubjectreviews")),
    may("impersonate-on:arbitrary-node:create", authentication("selfsubjectreviews")),
    may("impersonate-on:serviceaccount:create", authentication("selfsubjectreviews")),
    may("impersonate:arbitrary-node", { ...authentication("nodes"), resourceNames: ["n1"] }),
  ],
});

const inAuthentication = (resource: string): string =>
  `resource "${resource}" in API group "authentication.k8s.io" at the cluster scope`;

const cases: readonly { user: string; headers: Headers; expected: string }[] = [
  { user: "constrained", headers: { "impersonate-user": "jane" }, expected: "jane [system:authenticated]" },
  {
    user: "constrained",
    headers: { "impersonate-user": "jane", "impersonate-group": ["a", "b"], "impersonate-uid": "u" },
    expected: "jane(u) [a,b,system:authenticated]",
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "jane", "impersonate-group": ["a", "b", "c", "d"] },
    expected: "jane [a,b,c,d,system:authenticated]",
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "jane", "impersonate-group": "system:masters" },
    expected: `403 groups.authentication.k8s.io "system:masters" is forbidden: User "constrained" cannot impersonate:user-info ${inAuthentication("groups")}: impersonating the system:masters group is not allowed`,
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "jane", "impersonate-group": "" },
    expected: `403 groups.authentication.k8s.io is forbidden: User "constrained" cannot impersonate:user-info ${inAuthentication("groups")}: impersonating the empty string group is not allowed`,
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "jane", "impersonate-extra-scopes": "a" },
    expected: `403 userextras.authentication.k8s.io is forbidden: User "constrained" cannot impersonate:user-info ${inAuthentication("userextras")}: impersonating an invalid key in extra is not allowed: extra.key: Invalid value: "scopes": must be a domain-prefixed path (such as "acme.io/foo")`,
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "jane", "impersonate-extra-acme.io%2fx": ["a", "b"] },
    expected: "jane [system:authenticated] acme.io/x=a,b",
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "jane", "impersonate-extra-acme.io%2fy": "a" },
    expected: `403 userextras.authentication.k8s.io "a" is forbidden: User "constrained" cannot impersonate:user-info ${inAuthentication("userextras/acme.io/y")}`,
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "jane", "impersonate-extra-ac_me.io%2f%3cy": "a" },
    expected: `403 userextras.authentication.k8s.io is forbidden: User "constrained" cannot impersonate:user-info ${inAuthentication("userextras")}: impersonating an invalid key in extra is not allowed: [extra.key: Invalid value: "ac_me.io": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'), extra.key: Invalid value: "<y": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')]`,
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "system:node:n1" },
    expected: "system:node:n1 [system:nodes,system:authenticated]",
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "system:node:n2" },
    expected: `403 nodes.authentication.k8s.io "n2" is forbidden: User "constrained" cannot impersonate:arbitrary-node ${inAuthentication("nodes")}`,
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "system:node:n1", "impersonate-group": "g" },
    expected:
      '403 users "system:node:n1" is forbidden: User "constrained" cannot impersonate resource "users" in API group "" at the cluster scope',
  },
  {
    user: "constrained",
    headers: { "impersonate-user": "system:serviceaccount:team-a:robot" },
    expected:
      '403 serviceaccounts.authentication.k8s.io "robot" is forbidden: User "constrained" cannot impersonate:serviceaccount resource "serviceaccounts" in API group "authentication.k8s.io" in the namespace "team-a"',
  },
  {
    user: "legacy",
    headers: { "impersonate-user": "bob" },
    expected: `403 selfsubjectreviews.authentication.k8s.io is forbidden: User "legacy" cannot impersonate-on:user-info:create ${inAuthentication("selfsubjectreviews")}`,
  },
  { user: "legacy", headers: { "impersonate-user": "jane" }, expected: "jane [system:authenticated]" },
  {
    user: "legacy",
    headers: { "impersonate-user": "bob" },
    expected:
      '403 users "bob" is forbidden: User "legacy" cannot impersonate resource "users" in API group "" at the cluster scope',
  },
  {
    user: "legacy",
    headers: { "impersonate-user": "jane", "impersonate-group": "devs" },
    expected: "jane [devs,system:authenticated]",
  },
  {
    user: "legacy",
    headers: { "impersonate-user": "jane", "impersonate-group": ["devs", "ops"] },
    expected:
      '403 groups "ops" is forbidden: User "legacy" cannot impersonate resource "groups" in API group "" at the cluster scope',
  },
  {
    user: "legacy",
    headers: { "impersonate-user": "system:serviceaccount:team-a:robot" },
    expected:
      "system:serviceaccount:team-a:robot [system:serviceaccounts,system:serviceaccounts:team-a,system:authenticated]",
  },
  {
    user: "legacy",
    headers: { "impersonate-user": "system:serviceaccount:team-a:other" },
    expected:
      '403 serviceaccounts "other" is forbidden: User "legacy" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "team-a"',
  },
  {
    user: "admin",
    headers: { "impersonate-user": "jane", "impersonate-group": "system:masters" },
    expected: "jane [system:masters,system:authenticated]",
  },
  {
    user: "admin",
    headers: { "impersonate-user": "jane", "impersonate-group": "system:unauthenticated" },
    expected: "jane [system:unauthenticated]",
  },
  {
    user: "admin",
    headers: { "impersonate-user": "system:anonymous", "impersonate-group": "system:authenticated" },
    expected: "system:anonymous [system:authenticated,system:unauthenticated]",
  },
  {
    user: "admin",
    headers: {
      "impersonate-user": "jan\u00c3\u00a9",
      "impersonate-extra-%zz": "a",
      "impersonate-extra-a%e4": "b",
    },
    expected: "jan\u00e9 [system:authenticated] %zz=a a\ufffd=b",
  },
  {
    user: "admin",
    headers: { "impersonate-user": "system:serviceaccount:team-a:robot", "impersonate-group": "x" },
    expected: "system:serviceaccount:team-a:robot [x,system:authenticated]",
  },
  { user: "admin", headers: { "impersonate-user": "" }, expected: "admin [system:masters]" },
  { user: "admin", headers: {}, expected: "admin [system:masters]" },
  {
    user: "legacy",
    headers: {
      "impersonate-group": "g",
      "impersonate-extra-scopes": ["a", "b"],
      "impersonate-extra-abc": "b",
    },
    expected:
      '400 requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"g"}, Extra:map[string][]string{"abc":[]string{"b"}, "scopes":[]string{"a", "b"}}} without impersonating a user name',
  },
  {
    user: "legacy",
    headers: { "impersonate-uid": "u" },
    expected:
      '400 requested &user.DefaultInfo{Name:"", UID:"u", Groups:[]string(nil), Extra:map[string][]string(nil)} without impersonating a user name',
  },
];

const impersonator = createImpersonator(anyOf([superuser, createRbac(policy)]));

for (const { user, headers, expected } of cases) {
  test(`${user} with ${JSON.stringify(headers)} is answered ${expected}`, () => {
    assert.equal(outcome(impersonator, { user, headers }), expected);
  });
}

test("a service account on a node may become that node, by a right that names no node", () => {
  const onNode = { "authentication.kubernetes.io/node-name": ["n1"] };
  const name = "system:serviceaccount:kube-system:agent";
  const agent: User = { name, uid: "", groups: [], extra: onNode };
  const rights = policyOf({
    [name]: [
      may("impersonate-on:associated-node:create", authentication("selfsubjectreviews")),
      may("impersonate:associated-node", { ...authentication("nodes"), resourceNames: ["*"] }),
    ],
  });
  const become = createImpersonator(createRbac(rights));
  const attributes = attributesOf(agent);
  const node: User = {
    name: "system:node:n1",
    uid: "",
    groups: ["system:nodes", "system:authenticated"],
    extra: {},
  };
  assert.deepEqual(become({ "impersonate-user": "system:node:n1" }, attributes), node);
  assert.throws(() => become({ "impersonate-user": "system:node:n2" }, attributes), StatusError);
});

function outcome(become: Impersonator, { user, headers }: { user: string; headers: Headers }): string {
  const groups = user === "admin" ? ["system:masters"] : [];
  try {
    const {
      name,
      uid,
      groups: now,
      extra,
    } = become(headers, attributesOf({ name: user, uid: "", groups, extra: {} }));
    const extras = Object.entries(extra).map(([key, values]) => ` ${key}=${values.join(",")}`);
    return `${name}${uid === "" ? "" : `(${uid})`} [${now.join(",")}]${extras.join("")}`;
  } catch (error) {
    if (error instanceof StatusError) return `${error.status.code} ${error.status.message}`;
    throw error;
  }
}

function attributesOf(user: User) {
  return {
    kind: "resource",
    user,
    verb: "create",
    group: "authentication.k8s.io",
    version: "v1",
    resource: "selfsubjectreviews",
    subresource: "",
    namespace: "",
    name: "",
  } as const;
}

function authentication(...resources: readonly string[]) {
  return { apiGroups: ["authentication.k8s.io"], resources };
}

function may(verb: string, what: Omit<PolicyRule, "verbs">): PolicyRule {
  return { verbs: [verb], ...what };
}

function policyOf(rulesByUser: Readonly<Record<string, readonly PolicyRule[]>>): Policy {
  const made = new Policy();
  for (const [name, rules] of Object.entries(rulesByUser)) {
    made.set("clusterroles", { namespace: "", name }, { labels: {}, rules });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
    made.set("clusterrolebindings", { namespace: "", name }, { subjects: [{ kind: "User", name }], roleRef });
  }
  return made;
}
