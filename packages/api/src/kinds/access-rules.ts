import type { FieldError } from "../field-error.ts";
import { objectMeta, type ObjectMeta } from "../meta/object-meta.ts";
import { asJson, invalidValue, required, type GoJson } from "../validation/field-errors.ts";
import { inTableOrder } from "../validation/table-order.ts";
import { validateFieldRequirement, validateLabelRequirement } from "../validation/labels.ts";
import type { NonResourceAttributes, ResourceAttributes } from "./access-attributes.ts";

interface Attributes {
  readonly resourceAttributes?: ResourceAttributes | undefined;
  readonly nonResourceAttributes?: NonResourceAttributes | undefined;
}

/** What is wrong with the request that an access review asks about. `between` stands where kube-apiserver tells of the user. */
export function validateAttributes(
  { resourceAttributes, nonResourceAttributes }: Attributes,
  between: readonly FieldError[] = [],
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined) {
    const because = "cannot be specified in combination with resourceAttributes";
    const found = shownPath(nonResourceAttributes);
    errors.push(invalidValue("spec.nonResourceAttributes", { found, because }));
  }
  if (resourceAttributes === undefined && nonResourceAttributes === undefined) {
    const because = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    errors.push(invalidValue("spec.resourceAttributes", { found: asJson(null), because }));
  }
  return [...errors, ...between, ...validateSelectors(resourceAttributes)];
}

/** A question has no metadata, but for what the server writes there itself. */
export function validateNoMetadata(
  metadata: ObjectMeta,
  { except }: { readonly except?: "namespace" } = {},
): readonly FieldError[] {
  const allowed = new Set<string>(["managedFields", ...(except === undefined ? [] : [except])]);
  const isEmpty = Object.entries(metadata).every(
    ([field, value]) => value === undefined || allowed.has(field),
  );
  if (isEmpty) return [];
  const because = except === undefined ? "must be empty" : `must be empty except for ${except}`;
  return [invalidValue("metadata", { found: asJson(inTableOrder(metadata, objectMeta)), because })];
}

/** As kube-apiserver shows it, whose own type has no JSON names. */
export function shownPath({ path = "", verb = "" }: NonResourceAttributes): GoJson {
  return asJson({ Path: path, Verb: verb });
}

function validateSelectors(attributes: ResourceAttributes | undefined): readonly FieldError[] {
  const { fieldSelector, labelSelector } = attributes ?? {};
  const errors: FieldError[] = [];
  if (fieldSelector !== undefined) {
    const field = "spec.resourceAttributes.fieldSelector";
    errors.push(...validateForm(fieldSelector, field));
    for (const [index, requirement] of (fieldSelector.requirements ?? []).entries()) {
      errors.push(...validateFieldRequirement(requirement, `${field}.requirements[${index}]`));
    }
  }
  if (labelSelector !== undefined) {
    const field = "spec.resourceAttributes.labelSelector";
    errors.push(...validateForm(labelSelector, field));
    for (const [index, requirement] of (labelSelector.requirements ?? []).entries()) {
      // Clients newer than the server may know other operators.
      const leniency = { allowInvalidValues: false, allowOtherOperators: true };
      const at = `${field}.requirements[${index}]`;
      errors.push(...validateLabelRequirement(requirement, { field: at, ...leniency }));
    }
  }
  return errors;
}

/** The text or the parts, one of the two. */
function validateForm(
  {
    rawSelector = "",
    requirements = [],
  }: { rawSelector?: string | undefined; requirements?: readonly object[] | undefined },
  field: string,
): readonly FieldError[] {
  if (rawSelector !== "" && requirements.length > 0) {
    const because = "may not specified at the same time as requirements";
    return [invalidValue(`${field}.rawSelector`, { found: rawSelector, because })];
  }
  if (rawSelector !== "" || requirements.length > 0) return [];
  const because = `when ${field} is specified, requirements or rawSelector is required`;
  return [required(`${field}.requirements`, because)];
}
