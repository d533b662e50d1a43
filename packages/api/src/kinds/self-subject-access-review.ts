import type { ReviewKind } from "../kind.ts";
import { emptyMetadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { validateAttributes, validateNoMetadata } from "./access-rules.ts";
import { authorizationPackage, attributesFields, accessStatusField } from "./access-attributes.ts";

const selfSubjectAccessReviewSpec = message({
  name: "SelfSubjectAccessReviewSpec",
  package: authorizationPackage,
  description: "The request. Exactly one of the two kinds of attributes must be given.",
  fields: [...attributesFields],
});

const selfSubjectAccessReviewTable = message({
  name: "SelfSubjectAccessReview",
  package: authorizationPackage,
  description: "Asks whether the asker may make a request.",
  fields: [
    emptyMetadataField,
    {
      name: "spec",
      number: 2,
      type: selfSubjectAccessReviewSpec,
      presence: "always",
      required: true,
      default: {},
      description: "The request that the asker would make.",
    },
    accessStatusField,
  ],
});

export type SelfSubjectAccessReview = ValueOf<typeof selfSubjectAccessReviewTable> & {
  readonly apiVersion: "authorization.k8s.io/v1";
  readonly kind: "SelfSubjectAccessReview";
};

export const selfSubjectAccessReviewKind: ReviewKind<SelfSubjectAccessReview> = {
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SelfSubjectAccessReview",
  plural: "selfsubjectaccessreviews",
  singular: "selfsubjectaccessreview",
  shortNames: [],
  categories: [],
  scope: "cluster",
  verbs: ["create"],
  table: selfSubjectAccessReviewTable,
  answer: "whole",
  validate: ({ metadata, spec }) => [...validateAttributes(spec), ...validateNoMetadata(metadata)],
};
