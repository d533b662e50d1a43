import type { FieldError } from "../field-error.ts";
import type { Kind } from "../kind.ts";
import { labelSelector } from "../meta/label-selector.ts";
import { metadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { asJson, invalidValue, required } from "../validation/field-errors.ts";
import { isUsableLabelSelector, validateLabelSelector } from "../validation/labels.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../validation/object-meta.ts";
import { asItIs } from "./as-it-is.ts";
import { plainColumns } from "./columns.ts";
import { rbacPackage, rulesField, validatePolicyRules, withoutEmptyRules } from "./policy-rule.ts";
import { rbacGroup } from "./rbac-binding.ts";
import { clusterFields } from "./selectable-fields.ts";

const aggregationRule = message({
  name: "AggregationRule",
  package: rbacPackage,
  description: "Makes a cluster role of others.",
  fields: [
    {
      name: "clusterRoleSelectors",
      number: 1,
      type: labelSelector,
      container: "list",
      presence: "value",
      listType: "atomic",
      mapType: "atomic",
      description: "A cluster role that any of them selects gives its rules.",
    },
  ],
});

/** What is allowed everywhere, or in the namespaces of the role bindings that name it. */
export const clusterRoleTable = message({
  name: "ClusterRole",
  package: rbacPackage,
  description: "What is allowed everywhere, or wherever a role binding gives it.",
  fields: [
    metadataField,
    rulesField,
    {
      name: "aggregationRule",
      number: 3,
      type: aggregationRule,
      presence: "pointer",
      description: "Where the rules are taken from; with it, rules that are written here are overwritten.",
    },
  ],
});

export type ClusterRole = ValueOf<typeof clusterRoleTable> & {
  readonly apiVersion: "rbac.authorization.k8s.io/v1";
  readonly kind: "ClusterRole";
};

const metadataRules = { scope: "cluster", name: "segment", finalizers: "standard" } as const;

export const clusterRoleKind: Kind<ClusterRole> = {
  group: rbacGroup,
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  singular: "clusterrole",
  shortNames: [],
  categories: [],
  scope: "cluster",
  verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
  table: clusterRoleTable,
  storage: {
    prefix: "clusterroles",
    apiVersion: "rbac.authorization.k8s.io/v1",
    versionHash: "bYE5ZWDrJ44=",
  },
  rules: {
    name: "segment",
    createOnUpdate: true,
    unconditionalUpdate: true,
    withDefaults: asItIs,
    prepareForCreate: asItIs,
    prepareForUpdate: asItIs,
    canonicalize: withoutEmptyRules,
    validate: (role) => validate(role, { allowInvalidValues: false }),
    validateUpdate: (role, old) => [
      // Selectors from before their values were checked may stay as they are.
      ...validate(role, {
        allowInvalidValues: !(old.aggregationRule?.clusterRoleSelectors ?? []).every(isUsableLabelSelector),
      }),
      ...validateObjectMetaUpdate(role.metadata, old.metadata, metadataRules),
    ],
  },
  selectableFields: clusterFields,
  columns: plainColumns,
  subresources: [],
  resetFields: [],
  returnsDeleted: false,
};

interface SelectorLeniency {
  readonly allowInvalidValues: boolean;
}

function validate(role: ClusterRole, leniency: SelectorLeniency): readonly FieldError[] {
  const { metadata, rules = [] } = role;
  return [
    ...validateObjectMeta(metadata, metadataRules),
    ...validatePolicyRules(rules, { isNamespaced: false }),
    ...validateAggregation(role, leniency),
  ];
}

function validateAggregation(
  { aggregationRule }: ClusterRole,
  leniency: SelectorLeniency,
): readonly FieldError[] {
  if (aggregationRule === undefined) return [];
  const field = "aggregationRule.clusterRoleSelectors";
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0) {
    return [required(field, "at least one clusterRoleSelector required if aggregationRule is non-nil")];
  }
  return selectors.flatMap((selector, index) => {
    const at = `${field}[${index}]`;
    const errors = validateLabelSelector(selector, { field: at, ...leniency });
    if (isUsableLabelSelector(selector)) return errors;
    return [...errors, invalidValue(at, { found: asJson(null), because: "invalid label selector." })];
  });
}
