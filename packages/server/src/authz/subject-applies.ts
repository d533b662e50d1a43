import type { User } from "../authn/user.ts";
import type { Subject } from "./policy-objects.ts";

/** Whether a subject of a binding is this user. `namespace` is the binding's own; empty for a ClusterRoleBinding. */
export function subjectApplies(subject: Subject, user: User, namespace: string): boolean {
  switch (subject.kind) {
    case "User":
      return subject.name === user.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount":
      return isServiceAccount(user, { name: subject.name, namespace: subject.namespace || namespace });
    default:
      return false;
  }
}

function isServiceAccount(user: User, { name, namespace }: { name: string; namespace: string }): boolean {
  return namespace !== "" && user.name === `system:serviceaccount:${namespace}:${name}`;
}
