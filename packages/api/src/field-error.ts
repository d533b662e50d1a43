/** One thing that is wrong with one field: a cause of a 422, in kube-apiserver's words. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** Path of the field, e.g. `spec.leaseDurationSeconds` or `metadata.ownerReferences[0].uid`. */
  readonly field: string;
  /** The whole sentence behind the path, e.g. `Invalid value: 0: must be greater than 0`. */
  readonly message: string;
}

/** The `reason` of a status cause. */
export type FieldErrorType =
  | "FieldValueDuplicate"
  | "FieldValueForbidden"
  | "FieldValueInvalid"
  | "FieldValueNotFound"
  | "FieldValueNotSupported"
  | "FieldValueRequired"
  | "FieldValueTooFew"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTooShort"
  | "FieldValueTypeInvalid"
  | "InternalError";
