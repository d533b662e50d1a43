import type { FieldError } from "../field-error.ts";
import { quote } from "../quote.ts";
import { asJson, forbidden, invalidValue, invalidValues } from "./field-errors.ts";
import { qualifiedNameMessages } from "./names.ts";

export function validateFinalizers(finalizers: readonly string[], field: string): readonly FieldError[] {
  const errors = finalizers.flatMap((finalizer) => validateFinalizerName(finalizer, field));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    const because = "finalizer orphan and foregroundDeletion cannot be both set";
    errors.push(invalidValue(field, { found: asJson(finalizers), because }));
  }
  return errors;
}

export function validateFinalizerName(finalizer: string, field: string): readonly FieldError[] {
  return invalidValues(field, { found: finalizer, messages: qualifiedNameMessages(finalizer) });
}

/** The older rule of some kinds: a name without a domain must be one that Kubernetes knows. */
export function validateStandardFinalizer(finalizer: string, field: string): readonly FieldError[] {
  if (finalizer.includes("/") || standardFinalizers.has(finalizer)) return [];
  const because = "name is neither a standard finalizer name nor is it fully qualified";
  return [invalidValue(field, { found: finalizer, because })];
}

/** Nobody may hold up an object that is already going. */
export function validateNoNewFinalizers(
  { finalizers, old }: { readonly finalizers: readonly string[]; readonly old: readonly string[] },
  field: string,
): readonly FieldError[] {
  const added = [...new Set(finalizers)].filter((finalizer) => !old.includes(finalizer)).toSorted();
  if (added.length === 0) return [];
  const found = `[]string{${added.map(quote).join(", ")}}`;
  return [
    forbidden(
      field,
      `no new finalizers can be added if the object is being deleted, found new finalizers ${found}`,
    ),
  ];
}

const standardFinalizers: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);
