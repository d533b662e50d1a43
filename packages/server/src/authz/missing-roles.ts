import { quote } from "@leasehold/api";
import { aggregateText } from "./aggregate-text.ts";
import type { RoleRef } from "./policy-objects.ts";

/**
 * The sentence about roles that bindings name and that are not there; empty when none is missing. kube-apiserver calls them by their
 * singular where it decides, and by the plural of whatever is being written where it guards against escalation.
 */
export function missingRolesText(missing: readonly RoleRef[], plural?: string): string {
  return missing.length === 0 ? "" : aggregateText(missing.map((role) => missingRoleText(role, plural)));
}

function missingRoleText({ kind, name }: RoleRef, plural: string | undefined): string {
  const singular = singulars.get(kind);
  if (singular === undefined) return `unsupported role reference kind: ${quote(kind)}`;
  return `${plural ?? singular}.rbac.authorization.k8s.io ${quote(name)} not found`;
}

const singulars: ReadonlyMap<string, string> = new Map([
  ["Role", "role"],
  ["ClusterRole", "clusterrole"],
]);
