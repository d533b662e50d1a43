import type { FieldError } from "../field-error.ts";
import type { ObjectMeta } from "../meta/object-meta.ts";
import { validateAnnotations } from "./annotations.ts";
import { asJson, forbidden, invalidValue, invalidValues, required, type Shown } from "./field-errors.ts";
import { validateFinalizers, validateNoNewFinalizers, validateStandardFinalizer } from "./finalizers.ts";
import { validateLabels } from "./labels.ts";
import { validateManagedFields } from "./managed-fields.ts";
import { labelMessages, nameMessages, namePrefixMessages, type NameRule } from "./names.ts";
import { validateOwnerReferences } from "./owner-references.ts";

/** What a kind asks of the metadata of its objects. */
export interface MetadataRules {
  readonly scope: "namespaced" | "cluster";
  readonly name: NameRule;
  /** `standard`: a finalizer without a domain must be one that Kubernetes knows. Absent: any qualified name. */
  readonly finalizers?: "standard";
}

/** What is wrong with an object's metadata, in kube-apiserver's order. */
export function validateObjectMeta(metadata: ObjectMeta, rules: MetadataRules): readonly FieldError[] {
  const { generateName = "", generation, finalizers = [] } = metadata;
  const errors: FieldError[] = [];
  if (generateName !== "") {
    const messages = namePrefixMessages(rules.name, generateName);
    errors.push(...invalidValues("metadata.generateName", { found: generateName, messages }));
  }
  errors.push(...validateName(metadata, rules), ...validateNamespace(metadata, rules));
  if (generation !== undefined && generation < 0) {
    const because = "must be greater than or equal to 0";
    errors.push(invalidValue("metadata.generation", { found: generation, because }));
  }
  errors.push(...validateCommon(metadata));
  errors.push(...validateFinalizers(finalizers, "metadata.finalizers"));
  errors.push(...validateManagedFields(metadata.managedFields ?? [], "metadata.managedFields"));
  if (rules.finalizers === "standard") errors.push(...validateStandardFinalizers(finalizers));
  return errors;
}

/** What an update may not change. Both forms are complete: the server's fields are filled in. */
export function validateObjectMetaUpdate(
  metadata: ObjectMeta,
  old: ObjectMeta,
  rules: Pick<MetadataRules, "finalizers"> = {},
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) {
    const change = { finalizers: metadata.finalizers ?? [], old: old.finalizers ?? [] };
    errors.push(...validateNoNewFinalizers(change, "metadata.finalizers"));
  }
  if ((metadata.resourceVersion ?? "") === "") {
    const because = "must be specified for an update";
    errors.push(invalidValue("metadata.resourceVersion", { found: "", because }));
  }
  const { generation = 0 } = metadata;
  if (generation < (old.generation ?? 0)) {
    const because = "must not be decremented";
    errors.push(invalidValue("metadata.generation", { found: generation, because }));
  }
  for (const { name, shown } of immutableFields) {
    if (metadata[name] === old[name]) continue;
    errors.push(invalidValue(`metadata.${name}`, { found: shown(metadata[name]), because: immutable }));
  }
  errors.push(...validateCommon(metadata));
  errors.push(...validateManagedFields(metadata.managedFields ?? [], "metadata.managedFields"));
  if (rules.finalizers === "standard") errors.push(...validateStandardFinalizers(metadata.finalizers ?? []));
  return errors;
}

/** The detail of an error about a field that cannot be changed. */
export const immutable = "field is immutable";

const immutableFields: readonly ImmutableField[] = [
  { name: "name", shown: asText },
  { name: "namespace", shown: asText },
  { name: "uid", shown: (value) => asJson(value ?? "") },
  { name: "creationTimestamp", shown: asJson },
  { name: "deletionTimestamp", shown: asJson },
  { name: "deletionGracePeriodSeconds", shown: asJson },
];

interface ImmutableField {
  readonly name: keyof ObjectMeta;
  readonly shown: (value: unknown) => Shown;
}

function validateName({ name = "" }: ObjectMeta, rules: MetadataRules): readonly FieldError[] {
  if (name === "") return [required("metadata.name", "name or generateName is required")];
  return invalidValues("metadata.name", { found: name, messages: nameMessages(rules.name, name) });
}

function validateNamespace({ namespace = "" }: ObjectMeta, { scope }: MetadataRules): readonly FieldError[] {
  if (scope === "cluster") {
    return namespace === "" ? [] : [forbidden("metadata.namespace", "not allowed on this type")];
  }
  if (namespace === "") return [required("metadata.namespace")];
  return invalidValues("metadata.namespace", { found: namespace, messages: labelMessages(namespace) });
}

function validateCommon({ labels, annotations, ownerReferences = [] }: ObjectMeta): readonly FieldError[] {
  return [
    ...validateLabels(labels, "metadata.labels"),
    ...validateAnnotations(annotations, "metadata.annotations"),
    ...validateOwnerReferences(ownerReferences, "metadata.ownerReferences"),
  ];
}

function validateStandardFinalizers(finalizers: readonly string[]): readonly FieldError[] {
  return finalizers.flatMap((finalizer, index) =>
    validateStandardFinalizer(finalizer, `metadata.finalizers[${index}]`),
  );
}

function asText(value: unknown): Shown {
  return typeof value === "string" ? value : "";
}
