import type { FieldError } from "../field-error.ts";
import { asJson, forbidden, invalidValue, invalidValues, required } from "./field-errors.ts";
import { labelValueMessages, qualifiedNameMessages } from "./names.ts";

type Labels = Readonly<Record<string, string>>;

/** In the order of the keys. kube-apiserver goes through them in any order. */
export function validateLabels(labels: Labels | undefined, field: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    errors.push(...invalidValues(field, { found: key, messages: qualifiedNameMessages(key) }));
    errors.push(...invalidValues(field, { found: value, messages: labelValueMessages(value) }));
  }
  return errors;
}

/** A selector inside an object, such as an aggregation rule's. */
export interface LabelSelectorValue {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly RequirementValue[] | undefined;
}

interface RequirementValue {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

export function validateLabelSelector(
  selector: LabelSelectorValue,
  { field, allowInvalidValues }: { readonly field: string; readonly allowInvalidValues: boolean },
): readonly FieldError[] {
  const errors = [...validateLabels(selector.matchLabels, `${field}.matchLabels`)];
  for (const [index, requirement] of (selector.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${index}]`;
    errors.push(...validateOperator(requirement, at));
    const messages = qualifiedNameMessages(requirement.key);
    errors.push(...invalidValues(`${at}.key`, { found: requirement.key, messages }));
    if (!allowInvalidValues) errors.push(...validateValues(requirement, `${at}.values`));
  }
  return errors;
}

/** Whether the selector can be carried out at all. */
export function isUsableLabelSelector(selector: LabelSelectorValue): boolean {
  const errors = validateLabelSelector(selector, { field: "", allowInvalidValues: false });
  return errors.length === 0;
}

function validateOperator({ operator, values = [] }: RequirementValue, field: string): readonly FieldError[] {
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length > 0) return [];
      return [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      if (values.length === 0) return [];
      return [
        forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      ];
    default: {
      const because = "not a valid selector operator";
      return [invalidValue(`${field}.operator`, { found: asJson(operator), because })];
    }
  }
}

function validateValues({ values = [] }: RequirementValue, field: string): readonly FieldError[] {
  return values.flatMap((found, index) =>
    invalidValues(`${field}[${index}]`, { found, messages: labelValueMessages(found) }),
  );
}
