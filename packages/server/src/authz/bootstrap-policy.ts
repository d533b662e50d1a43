import type { BindingGrant, ClusterRoleRules, PolicyRule, Subject } from "./policy-objects.ts";

/**
 * The roles and bindings that every cluster has from its first start on, as kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy
 * has them: those, and of those the rules, that are about resources and paths served here.
 */
export interface BootstrapRole extends ClusterRoleRules {
  readonly name: string;
  /** Empty for a ClusterRole. */
  readonly namespace: string;
  /** Beside the label that all of these carry. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface BootstrapBinding extends BindingGrant {
  readonly name: string;
  /** Empty for a ClusterRoleBinding. */
  readonly namespace: string;
}

const coordination = "coordination.k8s.io";
const rbac = "rbac.authorization.k8s.io";
const authorization = "authorization.k8s.io";
const authentication = "authentication.k8s.io";
const systemNamespace = "kube-system";

const read = ["get", "list", "watch"];
const readWrite = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const leaderLocking = [
  rule(["create", "get", "list", "update", "watch"], coordination, "leases"),
  rule(["create", "get", "list", "update", "watch"], coordination, "leasecandidates"),
];

export const bootstrapRoles: readonly BootstrapRole[] = [
  clusterRole("cluster-admin", [rule(["*"], "*", "*"), paths("*")]),
  clusterRole("system:discovery", [
    {
      verbs: ["get"],
      nonResourceURLs: urls(
        "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/",
      ),
    },
  ]),
  clusterRole("system:monitoring", [
    {
      verbs: ["get"],
      nonResourceURLs: urls(
        "/flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz",
      ),
    },
  ]),
  clusterRole("system:basic-user", [
    rule(["create"], authorization, "selfsubjectaccessreviews", "selfsubjectrulesreviews"),
    rule(["create"], authentication, "selfsubjectreviews"),
  ]),
  clusterRole("system:public-info-viewer", [
    { verbs: ["get"], nonResourceURLs: urls("/healthz /livez /readyz /version /version/") },
  ]),
  aggregated("admin"),
  { ...aggregated("edit"), labels: aggregatedTo("admin") },
  { ...aggregated("view"), labels: aggregatedTo("edit") },
  {
    ...clusterRole("system:aggregate-to-admin", [
      rule(["create"], authorization, "localsubjectaccessreviews"),
      rule(readWrite, rbac, "rolebindings", "roles"),
    ]),
    labels: aggregatedTo("admin"),
  },
  {
    ...clusterRole("system:aggregate-to-edit", [
      rule(["impersonate"], "", "serviceaccounts"),
      rule(readWrite, coordination, "leases"),
    ]),
    labels: aggregatedTo("edit"),
  },
  {
    ...clusterRole("system:aggregate-to-view", [
      rule(read, "", "namespaces/status"),
      // In a RoleBinding this is the right to read the binding's own namespace.
      rule(read, "", "namespaces"),
    ]),
    labels: aggregatedTo("view"),
  },
  clusterRole("system:auth-delegator", [rule(["create"], authorization, "subjectaccessreviews")]),
  clusterRole("system:kube-controller-manager", [
    rule(["create"], coordination, "leases"),
    { ...rule(["get", "update"], coordination, "leases"), resourceNames: ["kube-controller-manager"] },
    rule(["get"], "", "namespaces"),
    rule(["create"], authorization, "subjectaccessreviews"),
    rule(["list", "watch"], "*", "*"),
  ]),
  clusterRole("system:kube-scheduler", [
    rule(["create"], coordination, "leases"),
    {
      ...rule(["get", "list", "update", "watch"], coordination, "leases"),
      resourceNames: ["kube-scheduler"],
    },
    rule(readWrite, coordination, "leasecandidates"),
    rule(["create"], authorization, "subjectaccessreviews"),
    rule(read, "", "namespaces"),
  ]),
  clusterRole("system:node", [
    rule(["create"], authorization, "localsubjectaccessreviews", "subjectaccessreviews"),
    rule(["create", "delete", "get", "patch", "update"], coordination, "leases"),
  ]),
  role("system::leader-locking-kube-controller-manager", leaderLocking),
  role("system::leader-locking-kube-scheduler", leaderLocking),
];

export const bootstrapBindings: readonly BootstrapBinding[] = [
  clusterBinding("cluster-admin", group("system:masters")),
  clusterBinding("system:monitoring", group("system:monitoring")),
  clusterBinding("system:discovery", group("system:authenticated")),
  clusterBinding("system:basic-user", group("system:authenticated")),
  clusterBinding("system:public-info-viewer", group("system:authenticated"), group("system:unauthenticated")),
  clusterBinding("system:kube-controller-manager", user("system:kube-controller-manager")),
  clusterBinding("system:kube-scheduler", user("system:kube-scheduler")),
  // To nobody: nodes are bound one by one where they are trusted no further.
  clusterBinding("system:node"),
  binding(
    "system::leader-locking-kube-controller-manager",
    user("system:kube-controller-manager"),
    serviceAccount("kube-controller-manager"),
    serviceAccount("leader-election-controller"),
  ),
  binding(
    "system::leader-locking-kube-scheduler",
    user("system:kube-scheduler"),
    serviceAccount("kube-scheduler"),
  ),
];

function clusterRole(name: string, rules: readonly PolicyRule[]): BootstrapRole {
  return { name, namespace: "", labels: {}, rules };
}

function role(name: string, rules: readonly PolicyRule[]): BootstrapRole {
  return { name, namespace: systemNamespace, labels: {}, rules };
}

/** Has no rules of its own: those of the roles that are labelled for it. */
function aggregated(name: string): BootstrapRole {
  const clusterRoleSelectors = [{ matchLabels: aggregatedTo(name) }];
  return { name, namespace: "", labels: {}, aggregationRule: { clusterRoleSelectors } };
}

function aggregatedTo(name: string): Readonly<Record<string, string>> {
  return { [`rbac.authorization.k8s.io/aggregate-to-${name}`]: "true" };
}

function rule(verbs: readonly string[], apiGroup: string, ...resources: readonly string[]): PolicyRule {
  return { verbs, apiGroups: [apiGroup], resources };
}

function paths(...nonResourceURLs: readonly string[]): PolicyRule {
  return { verbs: ["*"], nonResourceURLs };
}

function urls(list: string): readonly string[] {
  return list.split(" ");
}

/** A binding has the name of its role. */
function clusterBinding(name: string, ...subjects: readonly Subject[]): BootstrapBinding {
  return { name, namespace: "", subjects, roleRef: { apiGroup: rbac, kind: "ClusterRole", name } };
}

function binding(name: string, ...subjects: readonly Subject[]): BootstrapBinding {
  return { name, namespace: systemNamespace, subjects, roleRef: { apiGroup: rbac, kind: "Role", name } };
}

function group(name: string): Subject {
  return { kind: "Group", apiGroup: rbac, name };
}

function user(name: string): Subject {
  return { kind: "User", apiGroup: rbac, name };
}

function serviceAccount(name: string): Subject {
  return { kind: "ServiceAccount", name, namespace: systemNamespace };
}
