import type { FieldError } from "../field-error.ts";
import type { ManagedFieldsEntry } from "../meta/object-meta.ts";
import { codePointName, isPrintable } from "../quote.ts";
import { utf8Length } from "../utf8-length.ts";
import { asJson, invalidValue, tooLong } from "./field-errors.ts";
import { validationLimits } from "./limits.ts";

export function validateManagedFields(
  entries: readonly ManagedFieldsEntry[],
  field: string,
): readonly FieldError[] {
  return entries.flatMap((entry, index) => validateEntry(entry, `${field}[${index}]`));
}

/** The name of a manager of fields: not too long, and nothing in it that cannot be shown. */
export function validateFieldManager(manager: string, field: string): readonly FieldError[] {
  const { fieldManagerBytesMax } = validationLimits;
  if (manager.length <= fieldManagerBytesMax && plain.test(manager)) return [];
  const errors: FieldError[] = [];
  if (utf8Length(manager) > fieldManagerBytesMax) errors.push(tooLong(field, fieldManagerBytesMax));
  let position = 0;
  for (const character of manager) {
    if (!isPrintable(character)) {
      const because = `invalid character ${codePointName(character)} (at position ${position})`;
      errors.push(invalidValue(field, { found: manager, because }));
    }
    position += utf8Length(character);
  }
  return errors;
}

/** Nearly every manager there is; spares the look at each character, on every renewal. */
const plain = /^[ -~]*$/;

function validateEntry(entry: ManagedFieldsEntry, field: string): readonly FieldError[] {
  const { operation = "", fieldsType = "", manager = "", subresource = "" } = entry;
  const errors: FieldError[] = [];
  if (operation !== "Apply" && operation !== "Update") {
    const because = "must be `Apply` or `Update`";
    errors.push(invalidValue(`${field}.operation`, { found: asJson(operation), because }));
  }
  if (fieldsType !== "" && fieldsType !== "FieldsV1") {
    errors.push(invalidValue(`${field}.fieldsType`, { found: fieldsType, because: "must be `FieldsV1`" }));
  }
  errors.push(...validateFieldManager(manager, `${field}.manager`));
  const { subresourceBytesMax } = validationLimits;
  if (utf8Length(subresource) > subresourceBytesMax) {
    errors.push(tooLong(`${field}.subresource`, subresourceBytesMax));
  }
  return errors;
}
