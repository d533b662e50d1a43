import { matchesLabels } from "./label-selector.ts";
import type { ClusterRole, Policy } from "./policy.ts";
import type { PolicyRule, RoleRef } from "./policy-objects.ts";

/** The rules that a binding in `namespace` grants; undefined when there is no such role. A ClusterRoleBinding's namespace is empty. */
export function resolveRole(
  policy: Policy,
  { kind, name }: RoleRef,
  namespace: string,
): readonly PolicyRule[] | undefined {
  switch (kind) {
    case "Role": {
      const role = policy.get("roles", { namespace, name });
      return role === undefined ? undefined : (role.rules ?? []);
    }
    case "ClusterRole": {
      const role = policy.get("clusterroles", { namespace: "", name });
      return role && rulesOf(policy, { name, role });
    }
    default:
      return undefined;
  }
}

/**
 * A ClusterRole with an aggregationRule has the rules of the ClusterRoles that it selects, and none of its own: in a cluster, a
 * controller writes them into it and overwrites what stands there. Here they are gathered when they are asked for, so that
 * nothing has to be written and a role that joins counts at once.
 *
 * Roles that select one another have their rules in common; the walk remembers where it has been.
 */
function rulesOf(
  policy: Policy,
  start: { readonly name: string; readonly role: ClusterRole },
): readonly PolicyRule[] {
  if (start.role.aggregationRule === undefined) return start.role.rules ?? [];
  const rules: PolicyRule[] = [];
  const seen = new Set([start.name]);
  const waiting = [start.role];
  for (let role = waiting.pop(); role !== undefined; role = waiting.pop()) {
    const { aggregationRule } = role;
    if (aggregationRule === undefined) rules.push(...(role.rules ?? []));
    for (const selector of aggregationRule?.clusterRoleSelectors ?? []) {
      for (const { name, object } of policy.list("clusterroles", "")) {
        if (seen.has(name) || !matchesLabels(selector, object.labels)) continue;
        seen.add(name);
        waiting.push(object);
      }
    }
  }
  return rules;
}
