import type { ApiObject, Kind } from "@leasehold/api";

/** A create, a PUT or a patch that is not an apply, about to be stored. */
export interface UpdateRecord {
  /** The resource, in the version of the request; `old` and `object` are in it too. */
  readonly kind: Kind;
  /** Every version of the resource, `kind` included; absent: there is no other. */
  readonly versions?: readonly Kind[];
  /** The stored object; undefined when this creates it. */
  readonly old: ApiObject | undefined;
  /** The object as the client wants it, before the registry sets or resets anything in its metadata. */
  readonly object: ApiObject;
  /** The field manager: the request's `fieldManager`, or the part of its User-Agent before the first `/`. */
  readonly manager: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339 in UTC with whole seconds. */
  readonly now: string;
}

/** The object with `metadata.managedFields` as this write leaves it. */
export function recordUpdate(update: UpdateRecord): ApiObject {
  return update.object;
}
