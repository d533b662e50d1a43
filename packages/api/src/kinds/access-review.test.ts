import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldError } from "../field-error.ts";
import type { ObjectMeta } from "../meta/object-meta.ts";
import { localSubjectAccessReviewKind } from "./local-subject-access-review.ts";
import { selfSubjectAccessReviewKind } from "./self-subject-access-review.ts";
import type { SubjectAccessReviewSpec } from "./subject-access-review-spec.ts";
import { subjectAccessReviewKind } from "./subject-access-review.ts";

const apiVersion = "authorization.k8s.io/v1";
const status = { allowed: false };
const attributes = "spec.resourceAttributes";

const cases: readonly (readonly [spec: SubjectAccessReviewSpec, ...sentences: string[]])[] = [
  [{ user: "u", resourceAttributes: {} }],
  [{ groups: ["g"], nonResourceAttributes: {} }],
  [
    {},
    `${attributes}: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified`,
    'spec.user: Invalid value: "": at least one of user or group must be specified',
  ],
  [
    { user: "u", resourceAttributes: {}, nonResourceAttributes: { path: "/<x>" } },
    'spec.nonResourceAttributes: Invalid value: {"Path":"/\\u003cx\\u003e","Verb":""}: cannot be specified in combination with resourceAttributes',
  ],
  [
    {
      user: "u",
      resourceAttributes: {
        fieldSelector: {},
        labelSelector: { rawSelector: "a=b", requirements: [{ key: "a", operator: "Newer" }] },
      },
    },
    `${attributes}.fieldSelector.requirements: Required value: when ${attributes}.fieldSelector is specified, requirements or rawSelector is required`,
    `${attributes}.labelSelector.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements`,
  ],
  [
    {
      user: "u",
      resourceAttributes: { fieldSelector: { requirements: [{ key: "", operator: "In" }] } },
    },
    `${attributes}.fieldSelector.requirements[0].key: Required value: must be specified`,
    `${attributes}.fieldSelector.requirements[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
  ],
];

for (const [spec, ...sentences] of cases) {
  test(`the question ${JSON.stringify(spec).slice(0, 80)} is ${sentences.length === 0 ? "answered" : "refused"}`, () => {
    const review = { apiVersion, kind: "SubjectAccessReview", metadata: {}, spec, status } as const;
    assert.deepEqual(sentencesOf(subjectAccessReviewKind.validate(review)), sentences);
  });
}

test("a question has no metadata but what the server writes there", () => {
  const ask = (metadata: ObjectMeta): readonly FieldError[] =>
    selfSubjectAccessReviewKind.validate({
      apiVersion,
      kind: "SelfSubjectAccessReview",
      metadata,
      spec: { resourceAttributes: {} },
      status,
    });
  assert.deepEqual(ask({ managedFields: [{ manager: "m" }] }), []);
  assert.deepEqual(sentencesOf(ask({ labels: { a: "<" }, name: "x" })), [
    'metadata: Invalid value: {"name":"x","labels":{"a":"\\u003c"}}: must be empty',
  ]);
});

test("a question in a namespace is about that namespace", () => {
  const ask = (spec: SubjectAccessReviewSpec): readonly FieldError[] =>
    localSubjectAccessReviewKind.validate({
      apiVersion,
      kind: "LocalSubjectAccessReview",
      metadata: { namespace: "n" },
      spec: { user: "u", ...spec },
      status,
    });
  assert.deepEqual(ask({ resourceAttributes: { namespace: "n" } }), []);
  assert.deepEqual(sentencesOf(ask({ resourceAttributes: {} })), [
    `${attributes}.namespace: Invalid value: "": must match metadata.namespace`,
  ]);
  assert.deepEqual(sentencesOf(ask({ nonResourceAttributes: {} })), [
    'spec.nonResourceAttributes: Invalid value: {"Path":"","Verb":""}: disallowed on this kind of request',
  ]);
});

function sentencesOf(errors: readonly FieldError[]): string[] {
  return errors.map(({ field, message }) => `${field}: ${message}`);
}
