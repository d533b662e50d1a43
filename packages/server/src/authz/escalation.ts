import { quote, statusErrors, type ApiObject, type Kind, type StatusError } from "@leasehold/api";
import type { User } from "../authn/user.ts";
import type { Authorizer } from "./authorizer.ts";
import { uncovered } from "./covers.ts";
import type { Grants } from "./grants.ts";
import { missingRolesText } from "./missing-roles.ts";
import type { Policy } from "./policy.ts";
import type { BindingGrant, ClusterRoleRules, PolicyRule, RoleRef } from "./policy-objects.ts";
import type { RuleResolver } from "./rbac.ts";
import { resolveRole } from "./resolve-role.ts";
import { describeRules } from "./rule-text.ts";
import { isSameValue } from "./same-value.ts";
import { superuserGroup } from "./superuser.ts";

/** A write of an object that may be part of the policy. */
export interface PolicyWrite {
  readonly user: User;
  readonly kind: Kind;
  /** Of the path; empty at cluster scope. */
  readonly namespace: string;
  /** The name in the path; empty for a POST. */
  readonly name: string;
  readonly object: ApiObject;
  /** What is replaced; undefined for a create. */
  readonly old: ApiObject | undefined;
}

/**
 * Refuses, by throwing a 403, a write by which somebody would give rights that they do not have: by changing what a role allows
 * (unless they may `escalate` it), or whom a binding gives it to (unless they may `bind` it). Other kinds pass.
 * Source: kubernetes/pkg/registry/rbac, policybased and escalation_check.go.
 */
export type EscalationGuard = (write: PolicyWrite) => void;

export interface EscalationParts {
  readonly authorizer: Authorizer;
  readonly rules: RuleResolver;
  readonly policy: Policy;
}

export function createEscalationGuard(parts: EscalationParts): EscalationGuard {
  return (write) => {
    const { group, plural } = write.kind;
    const check = group === rbacGroup ? checks.get(plural) : undefined;
    if (check === undefined || write.user.groups.includes(superuserGroup)) return;
    if (write.old !== undefined && isHousekeeping(write.object, write.old)) return;
    check(parts, write);
  };
}

const rbacGroup = "rbac.authorization.k8s.io";

type Check = (parts: EscalationParts, write: PolicyWrite) => void;

const checks: ReadonlyMap<string, Check> = new Map([
  ["roles", checkRole],
  ["clusterroles", checkClusterRole],
  ["rolebindings", checkBinding],
  ["clusterrolebindings", checkBinding],
]);

function checkRole(parts: EscalationParts, write: PolicyWrite): void {
  if (mayEscalate(parts, write)) return;
  const { rules = [] } = rulesOf(write.object);
  refuseMissing(parts, write, rules);
}

/** What is aggregated can be anything, so that only those who may do everything may say what is. */
function checkClusterRole(parts: EscalationParts, write: PolicyWrite): void {
  if (mayEscalate(parts, write)) return;
  const { rules = [], aggregationRule } = rulesOf(write.object);
  refuseMissing(parts, write, rules);
  const before = write.old === undefined ? undefined : rulesOf(write.old).aggregationRule;
  const selectors = [
    ...(aggregationRule?.clusterRoleSelectors ?? []),
    ...(before?.clusterRoleSelectors ?? []),
  ];
  if (selectors.length === 0) return;
  const held = parts.rules.rulesFor(write.user, write.namespace);
  if (uncovered(allRules(held), everything).length === 0) return;
  throw refused(write, "must have cluster-admin privileges to use the aggregationRule");
}

function checkBinding(parts: EscalationParts, write: PolicyWrite): void {
  const { roleRef } = write.object as ApiObject & BindingGrant;
  if (mayBind(parts, write, roleRef)) return;
  const wanted = resolveRole(parts.policy, roleRef, write.namespace);
  if (wanted === undefined) throw missingRole(write, roleRef);
  refuseMissing(parts, write, wanted);
}

function refuseMissing({ rules }: EscalationParts, write: PolicyWrite, wanted: readonly PolicyRule[]): void {
  const { user, namespace } = write;
  const held = rules.rulesFor(user, namespace);
  const missing = uncovered(allRules(held), wanted);
  if (missing.length === 0) return;
  const groups = user.groups.map(quote).join(" ");
  const errors = missingRolesText(held.missing, write.kind.plural);
  const unresolved = errors === "" ? "" : `; resolution errors: [${errors}]`;
  const because = `user ${quote(user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${describeRules(missing).join("\n")}${unresolved}`;
  throw refused(write, because);
}

function mayEscalate({ authorizer }: EscalationParts, { user, kind, namespace, name }: PolicyWrite): boolean {
  const attributes = { kind: "resource", user, verb: "escalate", group: rbacGroup, version: "*" } as const;
  const decision = authorizer.authorize({
    ...attributes,
    resource: kind.plural,
    subresource: "",
    namespace,
    name,
  });
  return decision.kind === "allowed";
}

function mayBind(
  { authorizer }: EscalationParts,
  { user, namespace }: PolicyWrite,
  roleRef: RoleRef,
): boolean {
  const resource = rolePlurals.get(roleRef.kind);
  if (resource === undefined) return false;
  const { name, apiGroup } = roleRef;
  const attributes = { kind: "resource", user, verb: "bind", group: apiGroup, version: "*" } as const;
  return (
    authorizer.authorize({ ...attributes, resource, subresource: "", namespace, name }).kind === "allowed"
  );
}

const rolePlurals: ReadonlyMap<string, string> = new Map([
  ["ClusterRole", "clusterroles"],
  ["Role", "roles"],
]);

const everything: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

function allRules({ grants }: Grants): readonly PolicyRule[] {
  return grants.flatMap(({ rules }) => rules);
}

function rulesOf(object: ApiObject): ClusterRoleRules {
  return object as ApiObject & ClusterRoleRules;
}

function refused({ kind, object }: PolicyWrite, because: string): StatusError {
  const resource = { group: kind.group, resource: kind.plural };
  return statusErrors.forbidden(resource, { name: object.metadata.name ?? "", because });
}

function missingRole({ kind }: PolicyWrite, role: RoleRef): StatusError {
  if (!rolePlurals.has(role.kind)) return statusErrors.unclassified(missingRolesText([role]));
  return statusErrors.notFound({ group: rbacGroup, resource: kind.plural }, role.name);
}

/** Whether a write changes nothing but who owns the object and what holds it: that must remain possible for everybody. */
function isHousekeeping(object: ApiObject, old: ApiObject): boolean {
  const { ownerReferences, finalizers, managedFields, selfLink } = old.metadata;
  const metadata = { ...object.metadata, ownerReferences, finalizers, managedFields, selfLink };
  return isSameValue({ ...object, metadata }, old);
}
