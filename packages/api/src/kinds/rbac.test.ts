import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldError } from "../field-error.ts";
import { clusterRoleBindingKind } from "./cluster-role-binding.ts";
import { clusterRoleKind, type ClusterRole } from "./cluster-role.ts";
import { rbacGroup, type RoleRef, type Subject } from "./rbac-binding.ts";
import { roleBindingKind, type RoleBinding } from "./role-binding.ts";
import { roleKind } from "./role.ts";

const apiVersion = "rbac.authorization.k8s.io/v1";
const resourceRules = {
  noVerbs: "rules[0].verbs: Required value: verbs must contain at least one value",
  noGroups: "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
  noResources: "rules[0].resources: Required value: resource rules must supply at least one resource",
};

test("a rule names verbs, groups and resources", () => {
  const role = { apiVersion, kind: "Role", metadata: { name: "a:b", namespace: "n" } } as const;
  assert.deepEqual(
    sentencesOf(roleKind.rules.validate({ ...role, rules: [{}] })),
    Object.values(resourceRules),
  );
  const rule = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
  assert.deepEqual(sentencesOf(roleKind.rules.validate({ ...role, rules: [rule] })), []);
});

test("a rule on paths stands in a cluster role, and names no resources", () => {
  const rules = [{ verbs: ["get"], nonResourceURLs: ["/<x>"], resources: ["pods"] }];
  const mixed =
    'rules[0].nonResourceURLs: Invalid value: ["/\\u003cx\\u003e"]: rules cannot apply to both regular resources and non-resource URLs';
  const role = { apiVersion, kind: "Role", metadata: { name: "a", namespace: "n" }, rules } as const;
  assert.deepEqual(sentencesOf(roleKind.rules.validate(role)), [
    'rules[0].nonResourceURLs: Invalid value: ["/\\u003cx\\u003e"]: namespaced rules cannot apply to non-resource URLs',
    mixed,
  ]);
  assert.deepEqual(sentencesOf(clusterRoleKind.rules.validate(clusterRole({ rules }))), [mixed]);
});

test("an aggregated role selects by labels that can be", () => {
  const field = "aggregationRule.clusterRoleSelectors";
  assert.deepEqual(sentencesOf(clusterRoleKind.rules.validate(clusterRole({ aggregationRule: {} }))), [
    `${field}: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil`,
  ]);
  const clusterRoleSelectors = [
    { matchLabels: { a: "b" } },
    { matchExpressions: [{ key: "a", operator: "Maybe", values: [] }] },
  ];
  const odd = clusterRole({ aggregationRule: { clusterRoleSelectors } });
  assert.deepEqual(sentencesOf(clusterRoleKind.rules.validate(odd)), [
    `${field}[1].matchExpressions[0].operator: Invalid value: "Maybe": not a valid selector operator`,
    `${field}[1]: Invalid value: null: invalid label selector.`,
  ]);
});

const groupOf = (subject: Subject): Subject => ({ ...subject, apiGroup: rbacGroup });

/** Whom a role binding gives a role, and the sentences that refuse it. */
const subjects: readonly (readonly [subject: Subject, ...sentences: string[]])[] = [
  [groupOf({ kind: "User", name: "anybody at all" })],
  [groupOf({ kind: "Group", name: "system:masters" })],
  [{ kind: "ServiceAccount", name: "a", namespace: "n" }],
  [
    { kind: "User", name: "" },
    "subjects[0].name: Required value",
    `subjects[0].apiGroup: Unsupported value: "": supported values: "${rbacGroup}"`,
  ],
  [
    groupOf({ kind: "ServiceAccount", name: "a" }),
    `subjects[0].apiGroup: Unsupported value: "${rbacGroup}": supported values: ""`,
  ],
  [
    { kind: "Robot", name: "r" },
    'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
  ],
];

for (const [subject, ...sentences] of subjects) {
  test(`${JSON.stringify(subject)} ${sentences.length === 0 ? "gets" : "cannot get"} a role`, () => {
    assert.deepEqual(
      sentencesOf(roleBindingKind.rules.validate(binding({ subjects: [subject] }))),
      sentences,
    );
  });
}

test("a cluster role binding gives a cluster role, and names a service account's namespace", () => {
  const errors = clusterRoleBindingKind.rules.validate({
    apiVersion,
    kind: "ClusterRoleBinding",
    metadata: { name: "a" },
    roleRef: { apiGroup: "x", kind: "Role", name: "a/b" },
    subjects: [{ kind: "ServiceAccount", name: "a" }],
  });
  assert.deepEqual(sentencesOf(errors), [
    `roleRef.apiGroup: Unsupported value: "x": supported values: "${rbacGroup}"`,
    'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
    "roleRef.name: Invalid value: \"a/b\": may not contain '/'",
    "subjects[0].namespace: Required value",
  ]);
});

test("the group that is meant is written down", () => {
  const given = binding({
    roleRef: { apiGroup: "", kind: "Role", name: "r" },
    subjects: [
      { kind: "User", name: "u" },
      { kind: "ServiceAccount", name: "s", namespace: "n" },
    ],
  });
  const { roleRef, subjects } = roleBindingKind.rules.withDefaults(given);
  assert.equal(roleRef.apiGroup, rbacGroup);
  assert.deepEqual(
    subjects?.map(({ apiGroup }) => apiGroup),
    [rbacGroup, undefined],
  );
});

test("a binding gives one role for good", () => {
  const other = binding({ roleRef: { ...roleRef, name: "other" } });
  assert.deepEqual(sentencesOf(roleBindingKind.rules.validateUpdate(other, binding({}))), [
    `roleRef: Invalid value: {"APIGroup":"${rbacGroup}","Kind":"Role","Name":"other"}: cannot change roleRef`,
  ]);
});

test("a wide row tells who gets the role", () => {
  const given = binding({
    subjects: [
      groupOf({ kind: "User", name: "u" }),
      groupOf({ kind: "User", name: "v" }),
      { kind: "ServiceAccount", name: "s", namespace: "n" },
    ],
  });
  const cells = roleBindingKind.columns.map((column) => column.cell(given, () => "5m"));
  assert.deepEqual(cells, ["a", "Role/r", "5m", "u, v", "", "n/s"]);
});

const roleRef: RoleRef = { apiGroup: rbacGroup, kind: "Role", name: "r" };

function binding(parts: Partial<RoleBinding>): RoleBinding {
  const metadata = { name: "a", namespace: "n", resourceVersion: "1" };
  return { apiVersion, kind: "RoleBinding", metadata, roleRef, ...parts };
}

function clusterRole(parts: Partial<ClusterRole>): ClusterRole {
  return { apiVersion, kind: "ClusterRole", metadata: { name: "a" }, ...parts };
}

function sentencesOf(errors: readonly FieldError[]): string[] {
  return errors.map(({ field, message }) => `${field}: ${message}`);
}
