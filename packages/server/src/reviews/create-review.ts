import { statusErrors, type ApiObject, type ReviewKind } from "@leasehold/api";
import type { User } from "../authn/user.ts";
import { wipeSystemFields } from "../registry/before-create.ts";
import { recordUpdate } from "../registry/managed-fields/record-update.ts";
import { withoutRepeatedOwners } from "../registry/owner-references.ts";
import { inRequestNamespace } from "../registry/request-namespace.ts";
import { timestamp } from "../registry/timestamp.ts";
import { selfSubjectAccessReview, subjectAccessReview } from "./access-review.ts";
import type { Answer, Witnesses } from "./question.ts";
import { selfSubjectRulesReview } from "./rules-review.ts";
import { selfSubjectReview } from "./self-subject-review.ts";

export interface CreateReviewCommand {
  readonly kind: ReviewKind;
  /** Of the path; empty at cluster scope. */
  readonly namespace: string;
  readonly object: ApiObject;
  /** The field manager. */
  readonly manager: string;
  /** Who asks. */
  readonly user: User;
  /** Told what the client should mend. */
  warn(text: string): void;
}

/**
 * The life of a question: it is prepared like any object that is created, answered, and kept nowhere. A namespace that is going, or
 * not there, may be asked about.
 */
export function createReview(witnesses: Witnesses, command: CreateReviewCommand): ApiObject {
  const { kind, namespace, manager, user } = command;
  const sent = inRequestNamespace(wipeSystemFields(command.object), { kind, namespace });
  const deduplicated = withoutRepeatedOwners(sent, { when: "as-sent", warn: command.warn });
  const now = timestamp(witnesses.clock);
  const object = recordUpdate({ kind, old: undefined, object: deduplicated, manager, subresource: "", now });
  refuseInvalid(kind, object);
  const status = answerTo(kind)({ object, user }, witnesses);
  return { ...frames[kind.answer](object, now), status };
}

/** What of the question stands in the answer. */
const frames: Readonly<Record<ReviewKind["answer"], (question: ApiObject, now: string) => ApiObject>> = {
  whole: (question) => question,
  bare: ({ apiVersion, kind }) => ({ apiVersion, kind, metadata: {}, spec: {} }),
  dated: ({ apiVersion, kind }, creationTimestamp) => ({ apiVersion, kind, metadata: { creationTimestamp } }),
};

/** By plural: kinds that share one ask the same thing. */
const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ["selfsubjectaccessreviews", selfSubjectAccessReview],
  ["subjectaccessreviews", subjectAccessReview],
  ["localsubjectaccessreviews", subjectAccessReview],
  ["selfsubjectrulesreviews", selfSubjectRulesReview],
  ["selfsubjectreviews", selfSubjectReview],
]);

function answerTo({ plural }: ReviewKind): Answer {
  const answer = answers.get(plural);
  if (answer === undefined) throw new Error(`nobody can answer ${plural}`);
  return answer;
}

/** kube-apiserver names neither the kind nor the object here. */
function refuseInvalid(kind: ReviewKind, object: ApiObject): void {
  const errors = kind.validate(object);
  if (errors.length > 0) throw statusErrors.invalid({ group: kind.group, kind: "" }, { name: "", errors });
}
