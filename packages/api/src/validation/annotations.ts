import type { FieldError } from "../field-error.ts";
import { utf8Length } from "../utf8-length.ts";
import { invalidValues, tooLong } from "./field-errors.ts";
import { validationLimits } from "./limits.ts";
import { qualifiedNameMessages } from "./names.ts";

type Annotations = Readonly<Record<string, string>>;

/** Keys are those of labels, but for their case; values may be anything, as long as all of it together is not too much. */
export function validateAnnotations(
  annotations: Annotations | undefined,
  field: string,
): readonly FieldError[] {
  if (annotations === undefined) return [];
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    errors.push(...invalidValues(field, { found: key, messages: qualifiedNameMessages(key.toLowerCase()) }));
    bytes += utf8Length(key) + utf8Length(value);
  }
  const { annotationsBytesMax } = validationLimits;
  if (bytes > annotationsBytesMax) errors.push(tooLong(field, annotationsBytesMax));
  return errors;
}
