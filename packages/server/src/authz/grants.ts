import { quote } from "@leasehold/api";
import type { User } from "../authn/user.ts";
import type { Named, Policy } from "./policy.ts";
import type { BindingGrant, PolicyRule, RoleRef, Subject } from "./policy-objects.ts";
import { resolveRole } from "./resolve-role.ts";
import { subjectApplies } from "./subject-applies.ts";

/** What one binding gives to a user, and where it comes from, e.g. `RoleBinding "edit/team-a" of Role "edit" to Group "devs"`. */
export interface Grant {
  readonly source: string;
  readonly rules: readonly PolicyRule[];
}

/** Everything that a user may do in a namespace, as far as it could be found out. */
export interface Grants {
  readonly grants: readonly Grant[];
  /** Roles that bindings name and that are not there. */
  readonly missing: readonly RoleRef[];
}

/** The grants to a user that count in a namespace: those of the whole cluster first. Empty: only those. */
export function grantsFor(policy: Policy, user: User, namespace: string): Grants {
  const grants: Grant[] = [];
  const missing: RoleRef[] = [];
  const take = (binding: Named<BindingGrant>, at: string): void => {
    const { subjects = [], roleRef } = binding.object;
    const subject = subjects.find((one) => subjectApplies(one, user, at));
    if (subject === undefined) return;
    const rules = resolveRole(policy, roleRef, at);
    if (rules === undefined) missing.push(roleRef);
    else grants.push({ source: sourceOf(binding, subject, at), rules });
  };
  for (const binding of policy.list("clusterrolebindings", "")) take(binding, "");
  if (namespace !== "")
    for (const binding of policy.list("rolebindings", namespace)) take(binding, namespace);
  return { grants, missing };
}

function sourceOf(
  { name, object: { roleRef } }: Named<BindingGrant>,
  subject: Subject,
  namespace: string,
): string {
  const binding =
    namespace === "" ? `ClusterRoleBinding ${quote(name)}` : `RoleBinding ${quote(`${name}/${namespace}`)}`;
  return `${binding} of ${roleRef.kind} ${quote(roleRef.name)} to ${described(subject, namespace)}`;
}

function described({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  const full = kind === "ServiceAccount" ? `${name}/${namespace || bindingNamespace}` : name;
  return `${kind} ${quote(full)}`;
}
