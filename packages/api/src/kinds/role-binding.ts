import type { FieldError } from "../field-error.ts";
import type { Kind } from "../kind.ts";
import { metadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../validation/object-meta.ts";
import { asItIs } from "./as-it-is.ts";
import { rbacPackage } from "./policy-rule.ts";
import {
  bindingColumns,
  bindingFields,
  rbacGroup,
  validateBinding,
  validateSameRole,
  withBindingDefaults,
} from "./rbac-binding.ts";
import { namespacedFields } from "./selectable-fields.ts";

/** Gives a role to somebody, in one namespace. */
export const roleBindingTable = message({
  name: "RoleBinding",
  package: rbacPackage,
  description: "Gives a role to somebody, in one namespace.",
  fields: [metadataField, ...bindingFields],
});

export type RoleBinding = ValueOf<typeof roleBindingTable> & {
  readonly apiVersion: "rbac.authorization.k8s.io/v1";
  readonly kind: "RoleBinding";
};

const metadataRules = { scope: "namespaced", name: "segment", finalizers: "standard" } as const;

export const roleBindingKind: Kind<RoleBinding> = {
  group: rbacGroup,
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
  singular: "rolebinding",
  shortNames: [],
  categories: [],
  scope: "namespaced",
  verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
  table: roleBindingTable,
  storage: {
    prefix: "rolebindings",
    apiVersion: "rbac.authorization.k8s.io/v1",
    versionHash: "eGsCzGH6b1g=",
  },
  rules: {
    name: "segment",
    createOnUpdate: true,
    unconditionalUpdate: true,
    withDefaults: withBindingDefaults,
    prepareForCreate: asItIs,
    prepareForUpdate: asItIs,
    canonicalize: asItIs,
    validate,
    validateUpdate: (binding, old) => [
      ...validate(binding),
      ...validateObjectMetaUpdate(binding.metadata, old.metadata, metadataRules),
      ...validateSameRole(binding, old),
    ],
  },
  selectableFields: namespacedFields,
  columns: bindingColumns({
    noun: "roleBinding",
    role: "RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.",
  }),
  subresources: [],
  resetFields: [],
  returnsDeleted: false,
};

function validate(binding: RoleBinding): readonly FieldError[] {
  return [
    ...validateObjectMeta(binding.metadata, metadataRules),
    ...validateBinding(binding, { roles: ["Role", "ClusterRole"], isNamespaced: true }),
  ];
}
