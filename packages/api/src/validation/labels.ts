import type { FieldError } from "../field-error.ts";
import type { LabelSelectorValue } from "../meta/label-selector.ts";
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

type RequirementValue = NonNullable<LabelSelectorValue["matchExpressions"]>[number];

/** What is wrong with a selector that stands inside an object, such as an aggregation rule's. */
export function validateLabelSelector(
  selector: LabelSelectorValue,
  { field, allowInvalidValues }: { readonly field: string; readonly allowInvalidValues: boolean },
): readonly FieldError[] {
  const leniency = { allowInvalidValues, allowOtherOperators: false };
  return [
    ...validateLabels(selector.matchLabels, `${field}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((requirement, index) =>
      validateLabelRequirement(requirement, { field: `${field}.matchExpressions[${index}]`, ...leniency }),
    ),
  ];
}

/** Whether the selector can be carried out at all. */
export function isUsableLabelSelector(selector: LabelSelectorValue): boolean {
  const errors = validateLabelSelector(selector, { field: "", allowInvalidValues: false });
  return errors.length === 0;
}

export interface RequirementLeniency {
  readonly field: string;
  readonly allowInvalidValues: boolean;
  readonly allowOtherOperators: boolean;
}

/** One requirement on a label. */
export function validateLabelRequirement(
  requirement: RequirementValue,
  { field, allowInvalidValues, allowOtherOperators }: RequirementLeniency,
): readonly FieldError[] {
  const { key } = requirement;
  return [
    ...validateOperator(requirement, { field, allowOtherOperators }),
    ...invalidValues(`${field}.key`, { found: key, messages: qualifiedNameMessages(key) }),
    ...(allowInvalidValues ? [] : validateValues(requirement, `${field}.values`)),
  ];
}

/** One requirement on a field. Any operator will do: clients newer than the server may know others. */
export function validateFieldRequirement(
  requirement: RequirementValue,
  field: string,
): readonly FieldError[] {
  return [
    ...(requirement.key === "" ? [required(`${field}.key`, "must be specified")] : []),
    ...validateOperator(requirement, { field, allowOtherOperators: true }),
  ];
}

function validateOperator(
  { operator, values = [] }: RequirementValue,
  { field, allowOtherOperators }: { readonly field: string; readonly allowOtherOperators: boolean },
): readonly FieldError[] {
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
      if (allowOtherOperators) return [];
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
