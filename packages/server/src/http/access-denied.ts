import { statusErrors, type StatusError } from "@leasehold/api";
import type { Attributes } from "../authz/attributes.ts";

/** The 403 for what was wanted and is not allowed. */
export function accessDenied(wanted: Attributes, reason: string): StatusError {
  return statusErrors.accessDenied({ ...wanted, user: wanted.user.name }, reason);
}
