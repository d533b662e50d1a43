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

/** All that is wrong in one sentence: `a: …`, or `[a: …, b: …]`. Equal sentences stand once. */
export function aggregateErrors(errors: readonly FieldError[]): string {
  const sentences = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  return sentences.length === 1 ? (sentences[0] ?? "") : `[${sentences.join(", ")}]`;
}
