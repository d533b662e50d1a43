import { labelSelectorRequirement } from "../meta/label-selector.ts";
import { message, type ValueOf } from "../schema.ts";

/** What access reviews ask about, and what they answer. */

export const authorizationPackage = "io.k8s.api.authorization.v1";

const fieldSelectorRequirement = message({
  name: "FieldSelectorRequirement",
  package: "io.k8s.apimachinery.pkg.apis.meta.v1",
  description: "A condition that a field has to meet.",
  fields: [
    {
      name: "key",
      number: 1,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "Path of the field.",
    },
    {
      name: "operator",
      number: 2,
      type: "string",
      errorType: "v1.FieldSelectorOperator",
      presence: "always",
      required: true,
      default: "",
      description: "In, NotIn, Exists or DoesNotExist.",
    },
    {
      name: "values",
      number: 3,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The values for In and NotIn; none for the others.",
    },
  ],
});

const rawSelectorField = {
  name: "rawSelector",
  number: 1,
  type: "string",
  presence: "value",
  description: "The selector as it stands in the URL. Not together with requirements.",
} as const;

const fieldSelectorAttributes = message({
  name: "FieldSelectorAttributes",
  package: authorizationPackage,
  description: "The field selector of the request that is asked about.",
  fields: [
    rawSelectorField,
    {
      name: "requirements",
      number: 2,
      type: fieldSelectorRequirement,
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The selector in parts.",
    },
  ],
});

const labelSelectorAttributes = message({
  name: "LabelSelectorAttributes",
  package: authorizationPackage,
  description: "The label selector of the request that is asked about.",
  fields: [
    rawSelectorField,
    {
      name: "requirements",
      number: 2,
      type: labelSelectorRequirement,
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The selector in parts.",
    },
  ],
});

/** A request for a resource, to be asked about. */
const resourceAttributes = message({
  name: "ResourceAttributes",
  package: authorizationPackage,
  description: "A request for a resource, as an authorizer sees it.",
  fields: [
    {
      name: "namespace",
      number: 1,
      type: "string",
      presence: "value",
      description: "The namespace; empty for all of them and for resources of cluster scope.",
    },
    {
      name: "verb",
      number: 2,
      type: "string",
      presence: "value",
      description: "The verb, such as get or list; `*` asks for all of them.",
    },
    {
      name: "group",
      number: 3,
      type: "string",
      presence: "value",
      description: "Group of the resource; `*` asks for all of them.",
    },
    {
      name: "version",
      number: 4,
      type: "string",
      presence: "value",
      description: "Version of the resource; `*` asks for all of them.",
    },
    {
      name: "resource",
      number: 5,
      type: "string",
      presence: "value",
      description: "The resource; `*` asks for all of them.",
    },
    {
      name: "subresource",
      number: 6,
      type: "string",
      presence: "value",
      description: "The subresource; empty for none.",
    },
    {
      name: "name",
      number: 7,
      type: "string",
      presence: "value",
      description: "Name of the object; empty for all of them.",
    },
    {
      name: "fieldSelector",
      number: 8,
      type: fieldSelectorAttributes,
      presence: "pointer",
      description: "Narrows a list or watch by fields.",
    },
    {
      name: "labelSelector",
      number: 9,
      type: labelSelectorAttributes,
      presence: "pointer",
      description: "Narrows a list or watch by labels.",
    },
  ],
});

/** A request for a path that is no resource. */
const nonResourceAttributes = message({
  name: "NonResourceAttributes",
  package: authorizationPackage,
  description: "A request for a path that is no resource, such as /healthz.",
  fields: [
    { name: "path", number: 1, type: "string", presence: "value", description: "The URL's path." },
    {
      name: "verb",
      number: 2,
      type: "string",
      presence: "value",
      description: "The HTTP verb, in lower case.",
    },
  ],
});

/** What is asked about, in the spec of every kind that asks it: one of the two. */
export const attributesFields = [
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
] as const;

/** Yes or no. */
const subjectAccessReviewStatus = message({
  name: "SubjectAccessReviewStatus",
  package: authorizationPackage,
  description: "Whether the request would be allowed.",
  fields: [
    {
      name: "allowed",
      number: 1,
      type: "bool",
      presence: "always",
      required: true,
      default: false,
      description: "Whether the request would be allowed.",
    },
    {
      name: "denied",
      number: 4,
      type: "bool",
      presence: "value",
      description: "Whether it would be refused whatever others say; otherwise nobody has an opinion.",
    },
    { name: "reason", number: 2, type: "string", presence: "value", description: "Why, for people." },
    {
      name: "evaluationError",
      number: 3,
      type: "string",
      presence: "value",
      description: "What went wrong on the way to the answer, which may stand all the same.",
    },
  ],
});

/** The status of every kind that asks whether a request would be allowed. */
export const accessStatusField = {
  name: "status",
  number: 3,
  type: subjectAccessReviewStatus,
  presence: "always",
  default: {},
  description: "Whether it would be allowed. Filled in by the server.",
} as const;

export type ResourceAttributes = ValueOf<typeof resourceAttributes>;
export type NonResourceAttributes = ValueOf<typeof nonResourceAttributes>;
export type SubjectAccessReviewStatus = ValueOf<typeof subjectAccessReviewStatus>;
