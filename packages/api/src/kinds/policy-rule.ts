import type { FieldError } from "../field-error.ts";
import { message, type ValueOf } from "../schema.ts";
import { asJson, invalidValue, required } from "../validation/field-errors.ts";

export const rbacPackage = "io.k8s.api.rbac.v1";

/** One thing that a role allows. */
const policyRule = message({
  name: "PolicyRule",
  package: rbacPackage,
  description: "Allows verbs on resources, or on paths that are no resources.",
  fields: [
    {
      name: "verbs",
      number: 1,
      type: "string",
      container: "list",
      presence: "always",
      required: true,
      listType: "atomic",
      description: "The verbs that are allowed; `*` is all of them.",
    },
    {
      name: "apiGroups",
      number: 2,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "Groups of the resources: the empty one is the core group, `*` is all of them.",
    },
    {
      name: "resources",
      number: 3,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The resources, subresources written `resource/sub`; `*` is all of them.",
    },
    {
      name: "resourceNames",
      number: 4,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "Names of the objects; none means every object.",
    },
    {
      name: "nonResourceURLs",
      number: 5,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description:
        "Paths that are no resources, such as /healthz; one may end in `*`. Only in cluster roles.",
    },
  ],
});

/** The rules of a role of either scope. */
export const rulesField = {
  name: "rules",
  number: 2,
  type: policyRule,
  container: "list",
  presence: "always",
  listType: "atomic",
  description: "What the role allows.",
} as const;

export type PolicyRule = ValueOf<typeof policyRule>;

/** What is wrong with the rules of a role, or of a cluster role. */
export function validatePolicyRules(
  rules: readonly PolicyRule[],
  { isNamespaced }: { readonly isNamespaced: boolean },
): readonly FieldError[] {
  return rules.flatMap((rule, index) => [
    ...validateVerbs(rule, `rules[${index}]`),
    ...((rule.nonResourceURLs ?? []).length > 0
      ? validatePaths(rule, { field: `rules[${index}].nonResourceURLs`, isNamespaced })
      : validateResources(rule, `rules[${index}]`)),
  ]);
}

function validateVerbs({ verbs = [] }: PolicyRule, field: string): readonly FieldError[] {
  return verbs.length > 0 ? [] : [required(`${field}.verbs`, "verbs must contain at least one value")];
}

function validatePaths(
  rule: PolicyRule,
  { field, isNamespaced }: { readonly field: string; readonly isNamespaced: boolean },
): readonly FieldError[] {
  const found = asJson(rule.nonResourceURLs);
  const errors: FieldError[] = [];
  if (isNamespaced) {
    const because = "namespaced rules cannot apply to non-resource URLs";
    errors.push(invalidValue(field, { found, because }));
  }
  const resources = [rule.apiGroups, rule.resources, rule.resourceNames];
  if (resources.some((list = []) => list.length > 0)) {
    const because = "rules cannot apply to both regular resources and non-resource URLs";
    errors.push(invalidValue(field, { found, because }));
  }
  return errors;
}

function validateResources(
  { apiGroups = [], resources = [] }: PolicyRule,
  field: string,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (apiGroups.length === 0) {
    errors.push(required(`${field}.apiGroups`, "resource rules must supply at least one api group"));
  }
  if (resources.length === 0) {
    errors.push(required(`${field}.resources`, "resource rules must supply at least one resource"));
  }
  return errors;
}

/** No rules are told as `null`, however they were written: what is stored does not tell an empty list from none. */
export function withoutEmptyRules<O extends { readonly rules?: readonly PolicyRule[] | undefined }>(
  object: O,
): O {
  return object.rules?.length === 0 ? { ...object, rules: undefined } : object;
}
