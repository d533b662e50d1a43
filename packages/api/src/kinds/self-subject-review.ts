import type { ReviewKind } from "../kind.ts";
import { emptyMetadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { extraValueIn } from "../meta/extra-value.ts";

const authenticationPackage = "io.k8s.api.authentication.v1";

const userInfo = message({
  name: "UserInfo",
  package: authenticationPackage,
  description: "What is known of a user.",
  fields: [
    { name: "username", number: 1, type: "string", presence: "value", description: "The user's name." },
    { name: "uid", number: 2, type: "string", presence: "value", description: "The user's uid." },
    {
      name: "groups",
      number: 3,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The groups that the user is in.",
    },
    {
      name: "extra",
      number: 4,
      type: extraValueIn(authenticationPackage),
      container: "map",
      presence: "value",
      description: "What the authenticator says of the user beside that.",
    },
  ],
});

const selfSubjectReviewStatus = message({
  name: "SelfSubjectReviewStatus",
  package: authenticationPackage,
  description: "Who the asker is.",
  fields: [
    {
      name: "userInfo",
      number: 1,
      type: userInfo,
      presence: "always",
      default: {},
      description: "The user that the request was authenticated as, impersonation included.",
    },
  ],
});

export type UserInfo = ValueOf<typeof userInfo>;

const selfSubjectReviewTable = message({
  name: "SelfSubjectReview",
  package: authenticationPackage,
  description: "Asks who the asker is.",
  fields: [
    emptyMetadataField,
    {
      name: "status",
      number: 2,
      type: selfSubjectReviewStatus,
      presence: "always",
      default: {},
      description: "Who the asker is. Filled in by the server.",
    },
  ],
});

export type SelfSubjectReview = ValueOf<typeof selfSubjectReviewTable> & {
  readonly apiVersion: "authentication.k8s.io/v1";
  readonly kind: "SelfSubjectReview";
};

export const selfSubjectReviewKind: ReviewKind<SelfSubjectReview> = {
  group: "authentication.k8s.io",
  version: "v1",
  kind: "SelfSubjectReview",
  plural: "selfsubjectreviews",
  singular: "selfsubjectreview",
  shortNames: [],
  categories: [],
  scope: "cluster",
  verbs: ["create"],
  table: selfSubjectReviewTable,
  answer: "dated",
  validate: () => [],
};
