import type { FieldError } from "../field-error.ts";
import type { Kind, Subresource } from "../kind.ts";
import { metadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { asJson, invalidValue } from "../validation/field-errors.ts";
import { validateFinalizerName, validateStandardFinalizer } from "../validation/finalizers.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../validation/object-meta.ts";
import { ageColumn, nameColumn, textColumn } from "./columns.ts";
import { ownFields } from "./selectable-fields.ts";

const corePackage = "io.k8s.api.core.v1";

const namespaceSpec = message({
  name: "NamespaceSpec",
  package: corePackage,
  description: "What keeps the namespace from being removed.",
  fields: [
    {
      name: "finalizers",
      number: 1,
      type: "string",
      errorType: "v1.FinalizerName",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "Must be empty before the namespace is removed; `kubernetes` stands for its content.",
    },
  ],
});

const namespaceCondition = message({
  name: "NamespaceCondition",
  package: corePackage,
  description: "One aspect of how far the deletion of a namespace has come.",
  fields: [
    {
      name: "type",
      number: 1,
      type: "string",
      errorType: "v1.NamespaceConditionType",
      presence: "always",
      required: true,
      default: "",
      description: "Which aspect.",
    },
    {
      name: "status",
      number: 2,
      type: "string",
      errorType: "v1.ConditionStatus",
      presence: "always",
      required: true,
      default: "",
      description: "True, False or Unknown.",
    },
    {
      name: "lastTransitionTime",
      number: 4,
      type: "time",
      presence: "always",
      description: "When the status last changed.",
    },
    {
      name: "reason",
      number: 5,
      type: "string",
      presence: "value",
      description: "A word for why the status is what it is.",
    },
    { name: "message", number: 6, type: "string", presence: "value", description: "A sentence for people." },
  ],
});

const namespaceStatus = message({
  name: "NamespaceStatus",
  package: corePackage,
  description: "Where the namespace stands in its life.",
  fields: [
    {
      name: "phase",
      number: 1,
      type: "string",
      errorType: "v1.NamespacePhase",
      presence: "value",
      enum: ["Active", "Terminating"],
      description: "Active, or Terminating once deletion was asked for: then nothing new is created in it.",
    },
    {
      name: "conditions",
      number: 2,
      type: namespaceCondition,
      container: "list",
      presence: "value",
      listType: "map",
      listMapKeys: ["type"],
      patchStrategy: "merge",
      patchMergeKey: "type",
      description: "What is known of a deletion under way.",
    },
  ],
});

/** A scope for names. Objects live in one, and go with it. */
export const namespaceTable = message({
  name: "Namespace",
  package: corePackage,
  description: "A scope for names: objects in it go when it goes.",
  fields: [
    metadataField,
    {
      name: "spec",
      number: 2,
      type: namespaceSpec,
      presence: "always",
      default: {},
      description: "What keeps the namespace from being removed.",
    },
    {
      name: "status",
      number: 3,
      type: namespaceStatus,
      presence: "always",
      default: {},
      description: "Where the namespace stands in its life. Kept by the server.",
    },
  ],
});

export type Namespace = ValueOf<typeof namespaceTable> & {
  readonly apiVersion: "v1";
  readonly kind: "Namespace";
};

const metadataRules = { scope: "cluster", name: "label", finalizers: "standard" } as const;

/** How far a deletion has come is told here; only whoever drains the namespace has business with it. */
const status: Subresource<Namespace> = {
  name: "status",
  verbs: ["get", "patch", "update"],
  resetFields: ["spec"],
  hasTables: true,
  merge: (namespace, old) => ({ ...namespace, spec: old.spec }),
  validateUpdate: (namespace, old) => [
    ...validateObjectMetaUpdate(namespace.metadata, old.metadata, metadataRules),
    ...validatePhase(namespace),
  ],
};

/** The only path by which `spec.finalizers` can change: whoever drained the namespace takes `kubernetes` off. */
const finalize: Subresource<Namespace> = {
  name: "finalize",
  verbs: ["update"],
  resetFields: ["status"],
  hasTables: false,
  merge: (namespace, old) => ({ ...namespace, status: old.status }),
  validateUpdate: (namespace, old) => [
    ...validateObjectMetaUpdate(namespace.metadata, old.metadata, metadataRules),
    ...validateSpecFinalizers(namespace, (index) => `spec.finalizers[${index}]`),
  ],
};

export const namespaceKind: Kind<Namespace> = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  singular: "namespace",
  shortNames: ["ns"],
  categories: [],
  scope: "cluster",
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  table: namespaceTable,
  storage: { prefix: "namespaces", apiVersion: "v1", versionHash: "Q3oi5N2YM8M=" },
  rules: {
    name: "label",
    createOnUpdate: false,
    unconditionalUpdate: true,
    withDefaults: (namespace) => {
      const status = { ...namespace.status, phase: namespace.status.phase ?? "Active" };
      // A name that is still to be made cannot be in the label yet.
      return { ...((namespace.metadata.name ?? "") === "" ? namespace : labelled(namespace)), status };
    },
    prepareForCreate: (namespace) => ({
      ...namespace,
      spec: { ...namespace.spec, finalizers: withKubernetes(namespace.spec.finalizers ?? []) },
      status: { phase: "Active" },
    }),
    prepareForUpdate: (namespace, old) => ({
      ...namespace,
      spec: { ...namespace.spec, finalizers: old.spec.finalizers },
      status: old.status,
    }),
    validate,
    validateUpdate: (namespace, old) => [
      ...validate(namespace),
      ...validateObjectMetaUpdate(namespace.metadata, old.metadata, metadataRules),
    ],
    canonicalize: labelled,
  },
  selectableFields: ownFields({
    "metadata.name": ({ metadata }) => metadata.name ?? "",
    "status.phase": ({ status }) => status.phase ?? "",
  }),
  columns: [
    nameColumn,
    textColumn(
      { name: "Status", description: "The status of the namespace" },
      ({ status }) => status.phase ?? "",
    ),
    ageColumn,
  ],
  subresources: [finalize, status],
  resetFields: ["status"],
  returnsDeleted: true,
  phasedDeletion: {
    protectedNames: ["default", "kube-system", "kube-public"],
    begin: (namespace) => ({ ...namespace, status: { ...namespace.status, phase: "Terminating" } }),
    isEmptied: ({ spec }) => (spec.finalizers ?? []).length === 0,
  },
};

/** The label by which namespaces can be selected by name; the server always has the last word on it. */
const nameLabel = "kubernetes.io/metadata.name";

function labelled(namespace: Namespace): Namespace {
  const { metadata } = namespace;
  const name = metadata.name ?? "";
  if (metadata.labels?.[nameLabel] === name) return namespace;
  return { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, [nameLabel]: name } } };
}

function withKubernetes(finalizers: readonly string[]): readonly string[] {
  return finalizers.includes("kubernetes") ? finalizers : [...finalizers, "kubernetes"];
}

function validate(namespace: Namespace): readonly FieldError[] {
  return [
    ...validateObjectMeta(namespace.metadata, metadataRules),
    ...validateSpecFinalizers(namespace, () => "spec.finalizers"),
  ];
}

function validateSpecFinalizers(
  { spec }: Namespace,
  fieldOf: (index: number) => string,
): readonly FieldError[] {
  return (spec.finalizers ?? []).flatMap((finalizer, index) => [
    ...validateFinalizerName(finalizer, fieldOf(index)),
    ...validateStandardFinalizer(finalizer, fieldOf(index)),
  ]);
}

function validatePhase({ metadata, status }: Namespace): readonly FieldError[] {
  const isGoing = metadata.deletionTimestamp !== undefined;
  const wanted = isGoing ? "Terminating" : "Active";
  if (status.phase === wanted) return [];
  const because = `may only be '${wanted}' if \`deletionTimestamp\` is ${isGoing ? "not empty" : "empty"}`;
  // Written with a capital by kube-apiserver.
  return [invalidValue("status.Phase", { found: asJson(status.phase ?? ""), because })];
}
