import type { ReviewKind } from "../kind.ts";
import { emptyMetadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import type { FieldError } from "../field-error.ts";
import { invalidValue } from "../validation/field-errors.ts";
import { shownPath, validateNoMetadata } from "./access-rules.ts";
import { authorizationPackage, accessStatusField } from "./access-attributes.ts";
import {
  subjectAccessReviewSpec,
  type SubjectAccessReviewSpec,
  validateSubjectAccessReviewSpec,
} from "./subject-access-review-spec.ts";

const localSubjectAccessReviewTable = message({
  name: "LocalSubjectAccessReview",
  package: authorizationPackage,
  description: "Asks whether somebody may make a request in one namespace.",
  fields: [
    emptyMetadataField,
    {
      name: "spec",
      number: 2,
      type: subjectAccessReviewSpec,
      presence: "always",
      required: true,
      default: {},
      description: "Who would make which request, in the namespace of the URL.",
    },
    accessStatusField,
  ],
});

export type LocalSubjectAccessReview = ValueOf<typeof localSubjectAccessReviewTable> & {
  readonly apiVersion: "authorization.k8s.io/v1";
  readonly kind: "LocalSubjectAccessReview";
};

export const localSubjectAccessReviewKind: ReviewKind<LocalSubjectAccessReview> = {
  group: "authorization.k8s.io",
  version: "v1",
  kind: "LocalSubjectAccessReview",
  plural: "localsubjectaccessreviews",
  singular: "localsubjectaccessreview",
  shortNames: [],
  categories: [],
  scope: "namespaced",
  verbs: ["create"],
  table: localSubjectAccessReviewTable,
  answer: "whole",
  validate: ({ metadata, spec }) => [
    ...validateSubjectAccessReviewSpec(spec),
    ...validateNoMetadata(metadata, { except: "namespace" }),
    ...validateNamespace(spec, metadata.namespace),
  ],
};

function validateNamespace(
  { resourceAttributes, nonResourceAttributes }: SubjectAccessReviewSpec,
  namespace = "",
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const found = resourceAttributes?.namespace ?? "";
  if (resourceAttributes !== undefined && found !== namespace) {
    const because = "must match metadata.namespace";
    errors.push(invalidValue("spec.resourceAttributes.namespace", { found, because }));
  }
  if (nonResourceAttributes !== undefined) {
    const because = "disallowed on this kind of request";
    const found = shownPath(nonResourceAttributes);
    errors.push(invalidValue("spec.nonResourceAttributes", { found, because }));
  }
  return errors;
}
