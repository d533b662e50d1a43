import { nameMessages } from "@leasehold/api";
import type { User } from "./user.ts";

export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

/** The service account that a user name stands for, e.g. `system:serviceaccount:team-a:robot`; undefined when it stands for none. */
export function serviceAccountOf(user: Pick<User, "name">): ServiceAccountName | undefined {
  if (!user.name.startsWith(serviceAccountPrefix)) return undefined;
  const [namespace = "", name = "", ...rest] = user.name.slice(serviceAccountPrefix.length).split(":");
  const isName =
    nameMessages("label", namespace).length === 0 && nameMessages("subdomain", name).length === 0;
  return isName && rest.length === 0 ? { namespace, name } : undefined;
}

/** The groups of every service account of a namespace. */
export function serviceAccountGroups({
  namespace,
}: Pick<ServiceAccountName, "namespace">): readonly string[] {
  return ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
}

/** The node whose user name it is, e.g. `system:node:worker-1`. */
export function nodeOf(user: Pick<User, "name">): string | undefined {
  if (!user.name.startsWith(nodePrefix)) return undefined;
  const node = user.name.slice(nodePrefix.length);
  return nameMessages("subdomain", node).length === 0 ? node : undefined;
}

const serviceAccountPrefix = "system:serviceaccount:";
const nodePrefix = "system:node:";
