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
import { clusterFields } from "./selectable-fields.ts";

/** Gives a cluster role to somebody, everywhere. */
export const clusterRoleBindingTable = message({
  name: "ClusterRoleBinding",
  package: rbacPackage,
  description: "Gives a cluster role to somebody, everywhere.",
  fields: [metadataField, ...bindingFields],
});

export type ClusterRoleBinding = ValueOf<typeof clusterRoleBindingTable> & {
  readonly apiVersion: "rbac.authorization.k8s.io/v1";
  readonly kind: "ClusterRoleBinding";
};

const metadataRules = { scope: "cluster", name: "segment", finalizers: "standard" } as const;

export const clusterRoleBindingKind: Kind<ClusterRoleBinding> = {
  group: rbacGroup,
  version: "v1",
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  singular: "clusterrolebinding",
  shortNames: [],
  categories: [],
  scope: "cluster",
  verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
  table: clusterRoleBindingTable,
  storage: {
    prefix: "clusterrolebindings",
    apiVersion: "rbac.authorization.k8s.io/v1",
    versionHash: "48tpQ8gZHFc=",
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
  selectableFields: clusterFields,
  columns: bindingColumns({
    noun: "clusterRoleBinding",
    role: "RoleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.",
  }),
  subresources: [],
  resetFields: [],
  returnsDeleted: false,
};

function validate(binding: ClusterRoleBinding): readonly FieldError[] {
  return [
    ...validateObjectMeta(binding.metadata, metadataRules),
    ...validateBinding(binding, { roles: ["ClusterRole"], isNamespaced: false }),
  ];
}
