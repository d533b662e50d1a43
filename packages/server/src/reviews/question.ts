import type { ApiObject } from "@leasehold/api";
import type { Authorizer } from "../authz/authorizer.ts";
import type { RuleResolver } from "../authz/rbac.ts";
import type { User } from "../authn/user.ts";
import type { Clock } from "../clock.ts";

/** What reviews are answered from. */
export interface Witnesses {
  readonly authorizer: Authorizer;
  readonly rules: RuleResolver;
  readonly clock: Clock;
}

/** A review as it was asked: in canonical form, valid, in the namespace of its request. */
export interface Question {
  readonly object: ApiObject;
  /** Who asks. */
  readonly user: User;
}

/** Finds the status of a review. Refuses, by throwing, what no answer can be given to. */
export type Answer<Status = unknown> = (question: Question, witnesses: Witnesses) => Status;
