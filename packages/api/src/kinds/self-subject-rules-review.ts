import type { ReviewKind } from "../kind.ts";
import { emptyMetadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { authorizationPackage } from "./access-attributes.ts";

const selfSubjectRulesReviewSpec = message({
  name: "SelfSubjectRulesReviewSpec",
  package: authorizationPackage,
  description: "Where the rules apply.",
  fields: [
    {
      name: "namespace",
      number: 1,
      type: "string",
      presence: "value",
      description: "The namespace; it must be given.",
    },
  ],
});

const resourceRule = message({
  name: "ResourceRule",
  package: authorizationPackage,
  description: "Verbs that are allowed on resources.",
  fields: [
    {
      name: "verbs",
      number: 1,
      type: "string",
      container: "list",
      presence: "always",
      required: true,
      listType: "atomic",
      description: "The verbs; `*` is all of them.",
    },
    {
      name: "apiGroups",
      number: 2,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The groups; `*` is all of them.",
    },
    {
      name: "resources",
      number: 3,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The resources; `*` is all of them.",
    },
    {
      name: "resourceNames",
      number: 4,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "Names of the objects; none means every object.",
    },
  ],
});

const nonResourceRule = message({
  name: "NonResourceRule",
  package: authorizationPackage,
  description: "Verbs that are allowed on paths that are no resources.",
  fields: [
    {
      name: "verbs",
      number: 1,
      type: "string",
      container: "list",
      presence: "always",
      required: true,
      listType: "atomic",
      description: "The verbs; `*` is all of them.",
    },
    {
      name: "nonResourceURLs",
      number: 2,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The paths; one may end in `*`.",
    },
  ],
});

const subjectRulesReviewStatus = message({
  name: "SubjectRulesReviewStatus",
  package: authorizationPackage,
  description: "What is allowed, as far as it can be listed.",
  fields: [
    {
      name: "resourceRules",
      number: 1,
      type: resourceRule,
      container: "list",
      presence: "always",
      required: true,
      listType: "atomic",
      description: "What is allowed on resources, in no order; rules may overlap.",
    },
    {
      name: "nonResourceRules",
      number: 2,
      type: nonResourceRule,
      container: "list",
      presence: "always",
      required: true,
      listType: "atomic",
      description: "What is allowed on other paths, in no order; rules may overlap.",
    },
    {
      name: "incomplete",
      number: 3,
      type: "bool",
      presence: "always",
      required: true,
      default: false,
      description: "Whether more may be allowed than is listed.",
    },
    {
      name: "evaluationError",
      number: 4,
      type: "string",
      presence: "value",
      description: "What went wrong on the way to the list.",
    },
  ],
});

export type SubjectRulesReviewStatus = ValueOf<typeof subjectRulesReviewStatus>;

const selfSubjectRulesReviewTable = message({
  name: "SelfSubjectRulesReview",
  package: authorizationPackage,
  description: "Asks what the asker may do in a namespace.",
  fields: [
    emptyMetadataField,
    {
      name: "spec",
      number: 2,
      type: selfSubjectRulesReviewSpec,
      presence: "always",
      required: true,
      default: {},
      description: "The namespace.",
    },
    {
      name: "status",
      number: 3,
      type: subjectRulesReviewStatus,
      presence: "always",
      default: {},
      description: "The rules. Filled in by the server.",
    },
  ],
});

export type SelfSubjectRulesReview = ValueOf<typeof selfSubjectRulesReviewTable> & {
  readonly apiVersion: "authorization.k8s.io/v1";
  readonly kind: "SelfSubjectRulesReview";
};

export const selfSubjectRulesReviewKind: ReviewKind<SelfSubjectRulesReview> = {
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SelfSubjectRulesReview",
  plural: "selfsubjectrulesreviews",
  singular: "selfsubjectrulesreview",
  shortNames: [],
  categories: [],
  scope: "cluster",
  verbs: ["create"],
  table: selfSubjectRulesReviewTable,
  answer: "bare",
  validate: () => [],
};
