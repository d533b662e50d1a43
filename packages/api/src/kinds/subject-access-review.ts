import type { ReviewKind } from "../kind.ts";
import { emptyMetadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { validateNoMetadata } from "./access-rules.ts";
import { authorizationPackage, accessStatusField } from "./access-attributes.ts";
import { subjectAccessReviewSpec, validateSubjectAccessReviewSpec } from "./subject-access-review-spec.ts";

const subjectAccessReviewTable = message({
  name: "SubjectAccessReview",
  package: authorizationPackage,
  description: "Asks whether somebody may make a request.",
  fields: [
    emptyMetadataField,
    {
      name: "spec",
      number: 2,
      type: subjectAccessReviewSpec,
      presence: "always",
      required: true,
      default: {},
      description: "Who would make which request.",
    },
    accessStatusField,
  ],
});

export type SubjectAccessReview = ValueOf<typeof subjectAccessReviewTable> & {
  readonly apiVersion: "authorization.k8s.io/v1";
  readonly kind: "SubjectAccessReview";
};

export const subjectAccessReviewKind: ReviewKind<SubjectAccessReview> = {
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SubjectAccessReview",
  plural: "subjectaccessreviews",
  singular: "subjectaccessreview",
  shortNames: [],
  categories: [],
  scope: "cluster",
  verbs: ["create"],
  table: subjectAccessReviewTable,
  answer: "whole",
  validate: ({ metadata, spec }) => [
    ...validateSubjectAccessReviewSpec(spec),
    ...validateNoMetadata(metadata),
  ],
};
