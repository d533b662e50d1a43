import type { FieldError } from "../field-error.ts";
import type { Kind } from "../kind.ts";
import { metadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../validation/object-meta.ts";
import { asItIs } from "./as-it-is.ts";
import { plainColumns } from "./columns.ts";
import { rbacPackage, rulesField, validatePolicyRules, withoutEmptyRules } from "./policy-rule.ts";
import { rbacGroup } from "./rbac-binding.ts";
import { namespacedFields } from "./selectable-fields.ts";

/** What is allowed in one namespace, to whom bindings say. */
export const roleTable = message({
  name: "Role",
  package: rbacPackage,
  description: "What is allowed in one namespace.",
  fields: [metadataField, rulesField],
});

export type Role = ValueOf<typeof roleTable> & {
  readonly apiVersion: "rbac.authorization.k8s.io/v1";
  readonly kind: "Role";
};

const metadataRules = { scope: "namespaced", name: "segment", finalizers: "standard" } as const;

export const roleKind: Kind<Role> = {
  group: rbacGroup,
  version: "v1",
  kind: "Role",
  plural: "roles",
  singular: "role",
  shortNames: [],
  categories: [],
  scope: "namespaced",
  verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
  table: roleTable,
  storage: { prefix: "roles", apiVersion: "rbac.authorization.k8s.io/v1", versionHash: "7FuwZcIIItM=" },
  rules: {
    name: "segment",
    createOnUpdate: true,
    unconditionalUpdate: true,
    withDefaults: asItIs,
    prepareForCreate: asItIs,
    prepareForUpdate: asItIs,
    canonicalize: withoutEmptyRules,
    validate,
    validateUpdate: (role, old) => [
      ...validate(role),
      ...validateObjectMetaUpdate(role.metadata, old.metadata, metadataRules),
    ],
  },
  selectableFields: namespacedFields,
  columns: plainColumns,
  subresources: [],
  resetFields: [],
  returnsDeleted: false,
};

function validate({ metadata, rules = [] }: Role): readonly FieldError[] {
  return [
    ...validateObjectMeta(metadata, metadataRules),
    ...validatePolicyRules(rules, { isNamespaced: true }),
  ];
}
