import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseCandidateKind, type LeaseCandidate, type LeaseCandidateSpec } from "./lease-candidate.ts";

const strategy = "OldestEmulationVersion";
const good: LeaseCandidateSpec = {
  leaseName: "l",
  binaryVersion: "1.36.0",
  emulationVersion: "1.35.0",
  strategy,
};

const cases: readonly (readonly [change: Partial<LeaseCandidateSpec>, ...sentences: string[]])[] = [
  [{}],
  [{ emulationVersion: "1.36.0" }],
  [{ strategy: "example.com/Mine", emulationVersion: undefined }],
  [
    { leaseName: "", binaryVersion: "", strategy: undefined },
    "spec.leaseName: Required value",
    "spec.binaryVersion: Required value",
    "spec.strategy: Required value",
  ],
  [
    { emulationVersion: undefined },
    "spec.emulationVersion: Required value: must be specified when `strategy` is 'OldestEmulationVersion'",
  ],
  [
    { emulationVersion: "v1.35.0" },
    'spec.emulationVersion: Invalid value: "v1.35.0": must be a valid semantic version',
    "spec.emulationVersion: Required value: must be specified when `strategy` is 'OldestEmulationVersion'",
  ],
  [
    { binaryVersion: "1.36" },
    'spec.binaryVersion: Invalid value: "1.36": must be a valid semantic version',
    'spec.binaryVersion: Invalid value: "1.36": must be greater than or equal to `emulationVersion`',
  ],
  [
    { binaryVersion: "1.36.0-beta", emulationVersion: "1.36.0" },
    'spec.binaryVersion: Invalid value: "1.36.0-beta": must be greater than or equal to `emulationVersion`',
  ],
  [
    { strategy: "Bogus" },
    'spec.strategy.strategy: Unsupported value: "Bogus": supported values: "OldestEmulationVersion"',
  ],
];

for (const [change, ...sentences] of cases) {
  test(`a candidate with ${JSON.stringify(change)} is ${sentences.length === 0 ? "good" : "refused"}`, () => {
    const errors = leaseCandidateKind.rules.validate(candidateWith({ ...good, ...change }));
    assert.deepEqual(
      errors.map(({ field, message }) => `${field}: ${message}`),
      sentences,
    );
  });
}

test("a candidate stands for one lease for good", () => {
  const errors = leaseCandidateKind.rules.validateUpdate(
    candidateWith({ ...good, leaseName: "other" }),
    candidateWith(good),
  );
  assert.deepEqual(errors, [
    {
      type: "FieldValueInvalid",
      field: "spec.leaseName",
      message: 'Invalid value: "other": field is immutable',
    },
  ]);
});

function candidateWith(spec: LeaseCandidateSpec): LeaseCandidate {
  const metadata = { name: "A_b", namespace: "n", resourceVersion: "1" };
  return { apiVersion: "coordination.k8s.io/v1beta1", kind: "LeaseCandidate", metadata, spec };
}
