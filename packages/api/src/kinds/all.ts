import type { Kind, ReviewKind } from "../kind.ts";
import { clusterRoleBindingKind } from "./cluster-role-binding.ts";
import { clusterRoleKind } from "./cluster-role.ts";
import { leaseCandidateKind, leaseCandidateV1alpha2Kind } from "./lease-candidate.ts";
import { leaseKind } from "./lease.ts";
import { localSubjectAccessReviewKind } from "./local-subject-access-review.ts";
import { namespaceKind } from "./namespace.ts";
import { roleBindingKind } from "./role-binding.ts";
import { roleKind } from "./role.ts";
import { selfSubjectAccessReviewKind } from "./self-subject-access-review.ts";
import { selfSubjectReviewKind } from "./self-subject-review.ts";
import { selfSubjectRulesReviewKind } from "./self-subject-rules-review.ts";
import { subjectAccessReviewKind } from "./subject-access-review.ts";

/** Every kind that is stored. Of a resource in several versions, the preferred one stands first. */
export const allKinds: readonly Kind[] = [
  namespaceKind,
  leaseKind,
  leaseCandidateKind,
  leaseCandidateV1alpha2Kind,
  roleKind,
  roleBindingKind,
  clusterRoleKind,
  clusterRoleBindingKind,
];

/** Every kind that is only asked. */
export const allReviewKinds: readonly ReviewKind[] = [
  selfSubjectReviewKind,
  localSubjectAccessReviewKind,
  selfSubjectAccessReviewKind,
  selfSubjectRulesReviewKind,
  subjectAccessReviewKind,
];
