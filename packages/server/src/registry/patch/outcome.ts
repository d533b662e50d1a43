import type { ApiObject } from "@leasehold/api";

/** Why a patch cannot be applied. The verb turns each kind into its Status. */
export type PatchRefusal =
  /** 400, reason BadRequest. */
  | { readonly kind: "bad-request"; readonly message: string }
  /** 413, reason RequestEntityTooLarge. */
  | { readonly kind: "too-large"; readonly message: string }
  /**
   * 422, reason Invalid, `details: {}`, message "the server rejected our request due to an error in our request":
   * `reason` stays inside the server.
   */
  | { readonly kind: "unprocessable"; readonly reason: string }
  /** 422, reason Invalid of kind "" and name "", one cause: field `patch`, FieldValueInvalid, `Invalid value: …`. */
  | { readonly kind: "invalid"; readonly value: string; readonly detail: string }
  /** 500 without a reason: kube-apiserver passes the plain error on. */
  | { readonly kind: "internal"; readonly message: string };

export type PatchOutcome =
  | { readonly kind: "patched"; readonly object: ApiObject; readonly warnings: readonly string[] }
  | PatchRefusal;

/** What happens to fields that a body has twice or that the kind does not have. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";
