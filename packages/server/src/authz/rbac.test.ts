import assert from "node:assert/strict";
import { test } from "node:test";
import type { User } from "../authn/user.ts";
import type { Attributes } from "./attributes.ts";
import { Policy } from "./policy.ts";
import type { PolicyRule, Subject } from "./policy-objects.ts";
import { createRbac } from "./rbac.ts";
import { ruleAllows } from "./rule-allows.ts";
import { subjectApplies } from "./subject-applies.ts";

const jane: User = { name: "jane", uid: "", groups: ["devs", "system:authenticated"], extra: {} };
const robot: User = { name: "system:serviceaccount:team-a:robot", uid: "", groups: [], extra: {} };

function wanting(wanted: Partial<Extract<Attributes, { kind: "resource" }>>): Attributes {
  return {
    kind: "resource",
    user: jane,
    verb: "get",
    group: "coordination.k8s.io",
    version: "v1",
    resource: "leases",
    subresource: "",
    namespace: "",
    name: "",
    ...wanted,
  };
}

const leases = { verbs: ["get"], apiGroups: ["coordination.k8s.io"], resources: ["leases"] };

const ruleCases: readonly [string, PolicyRule, Attributes, boolean][] = [
  ["names everything", leases, wanting({}), true],
  ["names another verb", { ...leases, verbs: ["list"] }, wanting({}), false],
  ["names every verb", { ...leases, verbs: ["*"] }, wanting({ verb: "anything" }), true],
  ["names another group", { ...leases, apiGroups: [""] }, wanting({}), false],
  ["names every group", { ...leases, apiGroups: ["*"] }, wanting({}), true],
  ["names no group", { verbs: ["get"], resources: ["leases"] }, wanting({}), false],
  ["names another resource", { ...leases, resources: ["leasecandidates"] }, wanting({}), false],
  ["names every resource", { ...leases, resources: ["*"] }, wanting({ subresource: "status" }), true],
  ["names the resource but not its subresource", leases, wanting({ subresource: "status" }), false],
  [
    "names the subresource",
    { ...leases, resources: ["leases/status"] },
    wanting({ subresource: "status" }),
    true,
  ],
  ["names the subresource alone", { ...leases, resources: ["leases/status"] }, wanting({}), false],
  [
    "names it of every resource",
    { ...leases, resources: ["*/status"] },
    wanting({ subresource: "status" }),
    true,
  ],
  [
    "names another of every resource",
    { ...leases, resources: ["*/scale"] },
    wanting({ subresource: "status" }),
    false,
  ],
  ["names the object", { ...leases, resourceNames: ["a"] }, wanting({ name: "a" }), true],
  ["names another object", { ...leases, resourceNames: ["b"] }, wanting({ name: "a" }), false],
  [
    "names an object where none is named",
    { ...leases, resourceNames: ["a"] },
    wanting({ verb: "get" }),
    false,
  ],
  ["has no star for names", { ...leases, resourceNames: ["*"] }, wanting({ name: "a" }), false],
  ["names the path", urls("/version"), path("/version"), true],
  ["names another path", urls("/version"), path("/versions"), false],
  ["names every path", urls("*"), path("/anything"), true],
  ["names the beginning of the path", urls("/apis/*"), path("/apis/coordination.k8s.io"), true],
  ["names the beginning, but of another path", urls("/apis/*"), path("/apis"), false],
  [
    "names resources where a path is wanted",
    { ...leases, apiGroups: ["*"], resources: ["*"] },
    path("/apis"),
    false,
  ],
  ["names paths where a resource is wanted", urls("*"), wanting({}), false],
];

for (const [name, rule, attributes, allowed] of ruleCases) {
  test(`a rule that ${name} ${allowed ? "allows" : "does not allow"}`, () => {
    assert.equal(ruleAllows(rule, attributes), allowed);
  });
}

const subjectCases: readonly [Subject, User, string, boolean][] = [
  [{ kind: "User", name: "jane" }, jane, "", true],
  [{ kind: "User", name: "devs" }, jane, "", false],
  [{ kind: "User", name: "*" }, jane, "", false],
  [{ kind: "Group", name: "devs" }, jane, "", true],
  [{ kind: "Group", name: "jane" }, jane, "", false],
  [{ kind: "ServiceAccount", name: "robot", namespace: "team-a" }, robot, "", true],
  [{ kind: "ServiceAccount", name: "robot", namespace: "team-b" }, robot, "team-a", false],
  [{ kind: "ServiceAccount", name: "robot" }, robot, "team-a", true],
  [{ kind: "ServiceAccount", name: "robot" }, robot, "", false],
  [{ kind: "User", name: robot.name }, robot, "", true],
  [{ kind: "Robot", name: "jane" }, jane, "", false],
];

for (const [subject, user, namespace, applies] of subjectCases) {
  const where = namespace === "" ? "" : ` in ${namespace}`;
  test(`${JSON.stringify(subject)}${where} ${applies ? "is" : "is not"} ${user.name}`, () => {
    assert.equal(subjectApplies(subject, user, namespace), applies);
  });
}

test("a ClusterRoleBinding counts everywhere, a RoleBinding in its namespace", () => {
  const policy = new Policy();
  policy.set("clusterroles", cluster("reader"), { labels: {}, rules: [leases] });
  policy.set(
    "clusterrolebindings",
    cluster("readers"),
    binding("ClusterRole", "reader", { kind: "User", name: "ann" }),
  );
  policy.set(
    "rolebindings",
    { namespace: "team-a", name: "r" },
    binding("ClusterRole", "reader", { kind: "Group", name: "devs" }),
  );
  const rbac = createRbac(policy);
  const ann = { ...jane, name: "ann", groups: [] };
  assert.deepEqual(rbac.authorize(wanting({ user: ann })), {
    kind: "allowed",
    reason: 'RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to User "ann"',
  });
  assert.deepEqual(rbac.authorize(wanting({ namespace: "team-a" })), {
    kind: "allowed",
    reason: 'RBAC: allowed by RoleBinding "r/team-a" of ClusterRole "reader" to Group "devs"',
  });
  assert.equal(rbac.authorize(wanting({ namespace: "team-b" })).kind, "no-opinion");
  assert.equal(rbac.authorize(wanting({})).kind, "no-opinion");
});

test("the reason names a service account with its namespace behind it", () => {
  const policy = new Policy();
  policy.set("roles", { namespace: "team-a", name: "reader" }, { rules: [leases] });
  policy.set(
    "rolebindings",
    { namespace: "team-a", name: "r" },
    binding("Role", "reader", { kind: "ServiceAccount", name: "robot" }),
  );
  assert.deepEqual(createRbac(policy).authorize(wanting({ user: robot, namespace: "team-a" })), {
    kind: "allowed",
    reason: 'RBAC: allowed by RoleBinding "r/team-a" of Role "reader" to ServiceAccount "robot/team-a"',
  });
});

test("a change of the policy is in force at once", () => {
  const policy = new Policy();
  const rbac = createRbac(policy);
  assert.equal(rbac.authorize(wanting({})).kind, "no-opinion");
  policy.set("clusterroles", cluster("reader"), { labels: {}, rules: [leases] });
  policy.set(
    "clusterrolebindings",
    cluster("readers"),
    binding("ClusterRole", "reader", { kind: "User", name: "jane" }),
  );
  assert.equal(rbac.authorize(wanting({})).kind, "allowed");
  policy.set("clusterroles", cluster("reader"), { labels: {}, rules: [] });
  assert.equal(rbac.authorize(wanting({})).kind, "no-opinion");
});

test("a binding of a role that is not there says so, once, when nothing else allows it", () => {
  const policy = new Policy();
  const rbac = createRbac(policy);
  for (const name of ["a", "b"])
    policy.set(
      "clusterrolebindings",
      cluster(name),
      binding("ClusterRole", "x", { kind: "User", name: "jane" }),
    );
  assert.deepEqual(rbac.authorize(wanting({})), {
    kind: "no-opinion",
    reason: 'RBAC: clusterrole.rbac.authorization.k8s.io "x" not found',
  });
  policy.set(
    "rolebindings",
    { namespace: "ns", name: "c" },
    binding("Role", "y", { kind: "User", name: "jane" }),
  );
  assert.deepEqual(rbac.authorize(wanting({ namespace: "ns" })), {
    kind: "no-opinion",
    reason:
      'RBAC: [clusterrole.rbac.authorization.k8s.io "x" not found, role.rbac.authorization.k8s.io "y" not found]',
  });
});

test("users who differ in name or groups are told apart, also when their texts run together", () => {
  const policy = new Policy();
  policy.set("clusterroles", cluster("reader"), { labels: {}, rules: [leases] });
  policy.set(
    "clusterrolebindings",
    cluster("b"),
    binding("ClusterRole", "reader", { kind: "Group", name: "b" }),
  );
  const rbac = createRbac(policy);
  assert.equal(rbac.authorize(wanting({ user: { ...jane, groups: ["a", "b"] } })).kind, "allowed");
  assert.equal(rbac.authorize(wanting({ user: { ...jane, groups: ["a,b"] } })).kind, "no-opinion");
  assert.equal(rbac.authorize(wanting({ user: { ...jane, groups: ['a","b'] } })).kind, "no-opinion");
});

test("no more users are remembered than there is room for, and forgotten ones are found again", () => {
  const policy = new Policy();
  policy.set("clusterroles", cluster("reader"), { labels: {}, rules: [leases] });
  policy.set(
    "clusterrolebindings",
    cluster("b"),
    binding("ClusterRole", "reader", { kind: "User", name: "u1" }),
  );
  const rbac = createRbac(policy, 2);
  for (const name of ["u1", "u2", "u3", "u1"]) {
    const expected = name === "u1" ? "allowed" : "no-opinion";
    assert.equal(rbac.authorize(wanting({ user: { ...jane, name } })).kind, expected);
  }
});

test("an aggregated role has the rules of the roles that it selects, also through other aggregated roles", () => {
  const policy = new Policy();
  const selecting = (label: string) => ({ clusterRoleSelectors: [{ matchLabels: { [label]: "true" } }] });
  policy.set("clusterroles", cluster("admin"), {
    labels: { toView: "true" },
    aggregationRule: selecting("toAdmin"),
  });
  policy.set("clusterroles", cluster("view"), {
    labels: { toAdmin: "true" },
    aggregationRule: selecting("toView"),
    rules: [{ ...leases, verbs: ["delete"] }],
  });
  policy.set("clusterroles", cluster("leases"), { labels: { toView: "true" }, rules: [leases] });
  policy.set(
    "clusterrolebindings",
    cluster("b"),
    binding("ClusterRole", "admin", { kind: "User", name: "jane" }),
  );
  const rbac = createRbac(policy);
  assert.equal(rbac.authorize(wanting({})).kind, "allowed");
  assert.equal(rbac.authorize(wanting({ verb: "delete" })).kind, "no-opinion", "its own rules do not count");
  policy.set("clusterroles", cluster("leases"), undefined);
  assert.equal(rbac.authorize(wanting({})).kind, "no-opinion");
});

function urls(...nonResourceURLs: readonly string[]): PolicyRule {
  return { verbs: ["get"], nonResourceURLs };
}

function path(wanted: string): Attributes {
  return { kind: "path", user: jane, verb: "get", path: wanted };
}

function cluster(name: string): { namespace: string; name: string } {
  return { namespace: "", name };
}

function binding(kind: "Role" | "ClusterRole", name: string, subject: Subject) {
  return { subjects: [subject], roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name } };
}
