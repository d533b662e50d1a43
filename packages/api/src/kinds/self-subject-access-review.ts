import type { ReviewKind } from "../kind.ts";
import { objectMeta } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { validateAttributes, validateNoMetadata } from "./access-rules.ts";
import {
  authorizationPackage,
  nonResourceAttributes,
  resourceAttributes,
  subjectAccessReviewStatus,
} from "./access-attributes.ts";

const selfSubjectAccessReviewSpec = message({
  name: "SelfSubjectAccessReviewSpec",
  package: authorizationPackage,
  description: "The request. Exactly one of the two kinds of attributes must be given.",
  fields: [
    {
      name: "resourceAttributes",
      number: 1,
      type: resourceAttributes,
      presence: "pointer",
      description: "The request, when it is for a resource.",
    },
    {
      name: "nonResourceAttributes",
      number: 2,
      type: nonResourceAttributes,
      presence: "pointer",
      description: "The request, when it is for another path.",
    },
  ],
});

const selfSubjectAccessReviewTable = message({
  name: "SelfSubjectAccessReview",
  package: authorizationPackage,
  description: "Asks whether the asker may make a request.",
  fields: [
    {
      name: "metadata",
      number: 1,
      type: objectMeta,
      presence: "always",
      default: {},
      description: "Standard metadata of the object; must be left empty.",
    },
    {
      name: "spec",
      number: 2,
      type: selfSubjectAccessReviewSpec,
      presence: "always",
      required: true,
      default: {},
      description: "The request that the asker would make.",
    },
    {
      name: "status",
      number: 3,
      type: subjectAccessReviewStatus,
      presence: "always",
      default: {},
      description: "Whether it would be allowed. Filled in by the server.",
    },
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
