import type { ApiObject, Kind } from "@leasehold/api";

/** A server-side apply. */
export interface ApplyRequest {
  /** The resource, in the version of the request. */
  readonly kind: Kind;
  /** Every version of the resource, `kind` included; absent: there is no other. */
  readonly versions?: readonly Kind[];
  /** The stored object, in the version of `kind`; undefined when this creates it. */
  readonly live: ApiObject | undefined;
  /** The body, decoded from YAML or JSON. */
  readonly patch: unknown;
  readonly manager: string;
  readonly force: boolean;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339 in UTC with whole seconds. */
  readonly now: string;
}

export type ApplyOutcome =
  /** Compare with `live` as for every update: an apply that changes nothing gives an equal object. */
  | { readonly kind: "applied"; readonly object: ApiObject }
  /** 409, reason Conflict, one cause of reason FieldManagerConflict for each conflict. */
  | { readonly kind: "conflict"; readonly message: string; readonly conflicts: readonly ApplyConflict[] }
  /** 400, reason BadRequest. */
  | { readonly kind: "bad-request"; readonly message: string }
  /** 500 without a reason: what kube-apiserver says of a patch that does not fit the schema. */
  | { readonly kind: "internal"; readonly message: string };

export interface ApplyConflict {
  /** `.spec.holderIdentity` */
  readonly field: string;
  /** `conflict with "one"` */
  readonly message: string;
}

/** Merges what the manager wants into the live object and records it as the owner of those fields. */
export function applyPatch(request: ApplyRequest): ApplyOutcome {
  return request.live === undefined
    ? { kind: "internal", message: "apply is not there yet" }
    : { kind: "applied", object: request.live };
}
