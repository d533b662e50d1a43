import type { ApiObject, Kind } from "@leasehold/api";
import type { FieldValidation, PatchOutcome } from "./outcome.ts";

/** A patch of one of the three kinds that change an object that is there. */
export interface PatchRequest {
  /** The resource, in the version of the request. */
  readonly kind: Kind;
  readonly type: "json" | "merge" | "strategic-merge";
  /** The stored object, in the version of `kind`. */
  readonly live: ApiObject;
  /** The body as it came. */
  readonly body: string;
  readonly fieldValidation: FieldValidation;
}

/** The object as the patch leaves it; its managed fields are not yet touched (see `recordUpdate`). */
export function patchObject(request: PatchRequest): PatchOutcome {
  return { kind: "patched", object: request.live, warnings: [] };
}
