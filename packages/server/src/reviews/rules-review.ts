import {
  statusErrors,
  type ApiObject,
  type SelfSubjectRulesReview,
  type SubjectRulesReviewStatus,
} from "@leasehold/api";
import { missingRolesText } from "../authz/missing-roles.ts";
import type { Answer } from "./question.ts";

/** SelfSubjectRulesReview: what may I do in this namespace? */
export const selfSubjectRulesReview: Answer<SubjectRulesReviewStatus> = ({ object, user }, { rules }) => {
  const { spec } = object as ApiObject & SelfSubjectRulesReview;
  const { namespace = "" } = spec;
  if (namespace === "") throw statusErrors.badRequest("no namespace on request");
  const { grants, missing } = rules.rulesFor(user, namespace);
  const all = grants.flatMap((grant) => grant.rules);
  return {
    resourceRules: all
      .filter(({ resources = [] }) => resources.length > 0)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        resourceNames,
      })),
    nonResourceRules: all
      .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
    evaluationError: missing.length === 0 ? undefined : missingRolesText(missing),
  };
};
