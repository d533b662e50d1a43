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

const fieldSelectorAttributes = message({
  name: "FieldSelectorAttributes",
  package: authorizationPackage,
  description: "The field selector of the request that is asked about.",
  fields: [
    {
      name: "rawSelector",
      number: 1,
      type: "string",
      presence: "value",
      description: "The selector as it stands in the URL. Not together with requirements.",
    },
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
    {
      name: "rawSelector",
      number: 1,
      type: "string",
      presence: "value",
      description: "The selector as it stands in the URL. Not together with requirements.",
    },
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
export const resourceAttributes = message({
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
export const nonResourceAttributes = message({
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

/** Yes or no. */
export const subjectAccessReviewStatus = message({
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

export type ResourceAttributes = ValueOf<typeof resourceAttributes>;
export type NonResourceAttributes = ValueOf<typeof nonResourceAttributes>;
export type SubjectAccessReviewStatus = ValueOf<typeof subjectAccessReviewStatus>;
