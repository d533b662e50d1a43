import { statusErrors, type StatusError } from "@leasehold/api";
import type { Attributes } from "../authz/attributes.ts";

/** The 403 for what was wanted and is not allowed. */
export function accessDenied(wanted: Attributes, reason: string): StatusError {
  const user = wanted.user.name;
  const { verb } = wanted;
  if (wanted.kind === "path") return statusErrors.accessDenied({ user, verb, path: wanted.path }, reason);
  const { group, resource, subresource, namespace, name } = wanted;
  return statusErrors.accessDenied({ user, verb, group, resource, subresource, namespace, name }, reason);
}
