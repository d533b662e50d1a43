import type {
  ApiObject,
  SelfSubjectAccessReview,
  SubjectAccessReview,
  SubjectAccessReviewStatus,
} from "@leasehold/api";
import type { Attributes } from "../authz/attributes.ts";
import type { Decision } from "../authz/authorizer.ts";
import type { User } from "../authn/user.ts";
import type { Answer } from "./question.ts";
import { selectorProblems } from "./selector-problems.ts";

/** SelfSubjectAccessReview: may I? Source: kubernetes/pkg/registry/authorization. */
export const selfSubjectAccessReview: Answer<SubjectAccessReviewStatus> = (
  { object, user },
  { authorizer },
) => {
  const { spec } = object as ApiObject & SelfSubjectAccessReview;
  return statusOf(spec, authorizer.authorize(attributesOf(spec, user)));
};

/** SubjectAccessReview and LocalSubjectAccessReview: may they? */
export const subjectAccessReview: Answer<SubjectAccessReviewStatus> = ({ object }, { authorizer }) => {
  const { spec } = object as ApiObject & SubjectAccessReview;
  const { user = "", groups = [], uid = "", extra = {} } = spec;
  const subject: User = { name: user, groups, uid, extra };
  return statusOf(spec, authorizer.authorize(attributesOf(spec, subject)));
};

type Wanted = Pick<SelfSubjectAccessReview["spec"], "resourceAttributes" | "nonResourceAttributes">;

function attributesOf({ resourceAttributes, nonResourceAttributes }: Wanted, user: User): Attributes {
  if (resourceAttributes === undefined) {
    const { verb = "", path = "" } = nonResourceAttributes ?? {};
    return { kind: "path", user, verb, path };
  }
  const { verb = "", group = "", version = "*", resource = "", subresource = "" } = resourceAttributes;
  const { namespace = "", name = "" } = resourceAttributes;
  return { kind: "resource", user, verb, group, version, resource, subresource, namespace, name };
}

function statusOf({ resourceAttributes }: Wanted, { kind, reason }: Decision): SubjectAccessReviewStatus {
  const problems = resourceAttributes === undefined ? [] : selectorProblems(resourceAttributes);
  return {
    allowed: kind === "allowed",
    reason: reason === "" ? undefined : reason,
    evaluationError: problems.length === 0 ? undefined : problems.join("; "),
  };
}
