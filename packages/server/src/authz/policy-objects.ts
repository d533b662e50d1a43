/**
 * The parts of Roles and bindings that decide who may do what, as rbac.authorization.k8s.io/v1 has them. The stored objects have
 * these shapes and more; a list that is empty may be absent.
 */

/** Says what may be done. Everything that a rule names is allowed in every combination. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[] | undefined;
  /** Plurals, `plural/subresource`, every resource's subresource as `*` + `/subresource`, or `*`. */
  readonly resources?: readonly string[] | undefined;
  /** Empty: every name. */
  readonly resourceNames?: readonly string[] | undefined;
  /** Paths; a `*` at the end stands for anything. */
  readonly nonResourceURLs?: readonly string[] | undefined;
}

export interface Subject {
  /** `User`, `Group` or `ServiceAccount`. */
  readonly kind: string;
  readonly apiGroup?: string | undefined;
  readonly name: string;
  /** Of a service account; empty in a RoleBinding means the binding's own. */
  readonly namespace?: string | undefined;
}

export interface RoleRef {
  readonly apiGroup: string;
  /** `Role` or `ClusterRole`. */
  readonly kind: string;
  readonly name: string;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?: readonly LabelRequirement[] | undefined;
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

/** The rules of a Role or ClusterRole. */
export interface RoleRules {
  readonly rules?: readonly PolicyRule[] | undefined;
}

export interface ClusterRoleRules extends RoleRules {
  readonly aggregationRule?: AggregationRule | undefined;
}

export interface AggregationRule {
  readonly clusterRoleSelectors?: readonly LabelSelector[] | undefined;
}

/** What a RoleBinding or ClusterRoleBinding says. */
export interface BindingGrant {
  readonly subjects?: readonly Subject[] | undefined;
  readonly roleRef: RoleRef;
}
