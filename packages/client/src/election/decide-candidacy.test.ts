import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lease, LeaseSpec } from "@leasehold/api";
import { type Candidacy, type CandidacyStep, decideCandidacy } from "./decide-candidacy.ts";
import { durationsFor } from "./durations.ts";
import { transferToAnnotation } from "./lease-claim.ts";

const durations = durationsFor({ leaseDurationSeconds: 15 });
const { pollEveryMs } = durations;
const held = { holderIdentity: "other", leaseDurationSeconds: 10, acquireTime: "a", renewTime: "r" };
const ours = { ...held, holderIdentity: "me" };
const free = { holderIdentity: "" };
const preferring = (name: string): Lease => lease({ ...free, preferredHolder: name });
const annotated = (name: string): Lease => lease(free, { [transferToAnnotation]: name });

interface Case {
  readonly when: string;
  /** Seen at 1,000; undefined: it is known that there is none. */
  readonly lease: Lease | undefined;
  readonly nowMs: number;
  readonly candidacy?: Partial<Candidacy>;
  readonly step: string;
}

const cases: readonly Case[] = [
  { when: "there is no lease", lease: undefined, nowMs: 1000, step: "take because free" },
  { when: "nobody holds it", lease: lease(free), nowMs: 1000, step: "take because free" },
  { when: "no holder is written", lease: lease({}), nowMs: 1000, step: "take because free" },
  { when: "another has just renewed", lease: lease(held), nowMs: 1000, step: "wait until 6000" },
  {
    when: "nothing was heard for half of the holder's duration",
    lease: lease(held),
    nowMs: 6000,
    step: "check",
  },
  {
    when: "a read has confirmed that since",
    lease: lease(held),
    nowMs: 7000,
    candidacy: { confirmedAtMs: 6500 },
    step: "wait until 11000",
  },
  {
    when: "the holder's own duration has passed",
    lease: lease(held),
    nowMs: 11_000,
    step: "take because expired",
  },
  {
    when: "the holder's duration is longer than ours",
    lease: lease({ ...held, leaseDurationSeconds: 100 }),
    nowMs: 50_000,
    candidacy: { confirmedAtMs: 50_000 },
    step: "wait until 51000",
  },
  {
    when: "the holder says no duration, ours counts",
    lease: lease({ holderIdentity: "other" }),
    nowMs: 1000,
    candidacy: { confirmedAtMs: 9000 },
    step: "wait until 16000",
  },
  {
    when: "the holder says zero, ours counts",
    lease: lease({ ...held, leaseDurationSeconds: 0 }),
    nowMs: 15_999,
    candidacy: { confirmedAtMs: 9000 },
    step: "wait until 16000",
  },
  {
    when: "the holder says less than zero, ours counts",
    lease: lease({ ...held, leaseDurationSeconds: -5 }),
    nowMs: 15_999,
    candidacy: { confirmedAtMs: 9000 },
    step: "wait until 16000",
  },
  {
    when: "the holder says 68 years, it is believed",
    lease: lease({ ...held, leaseDurationSeconds: 2 ** 31 - 1 }),
    nowMs: 1e9,
    step: `wait until ${1000 + (2 ** 31 - 1) * 500}`,
  },
  {
    when: "our name holds it by somebody else's hand",
    lease: lease(ours),
    nowMs: 1000,
    step: "wait until 6000",
  },
  {
    when: "our name holds it and nobody else may bear it",
    lease: lease(ours),
    nowMs: 1000,
    candidacy: { resumesOwnIdentity: true },
    step: "take because own",
  },
  {
    when: "we wrote it, and no term rests on it",
    lease: lease(ours),
    nowMs: 1000,
    candidacy: { isOwn: true },
    step: "take because own",
  },
  {
    when: "we wrote it, and were asked to make room",
    lease: lease({ ...ours, preferredHolder: "other" }),
    nowMs: 1000,
    candidacy: { isOwn: true },
    step: "wait until 6000",
  },
  {
    when: "we released it ourselves, others go first",
    lease: lease(free),
    nowMs: 1000,
    candidacy: { isOwnRelease: true },
    step: `wait until ${1000 + pollEveryMs}`,
  },
  { when: "it is left to us", lease: annotated("me"), nowMs: 1000, step: "take because free" },
  {
    when: "it is left to another",
    lease: annotated("other"),
    nowMs: 1000,
    step: `wait until ${1000 + 2 * pollEveryMs}`,
  },
  {
    when: "it prefers another",
    lease: preferring("other"),
    nowMs: 1000,
    step: `wait until ${1000 + 2 * pollEveryMs}`,
  },
  {
    when: "it was left to another who does not come",
    lease: annotated("other"),
    nowMs: 1000 + 2 * pollEveryMs,
    step: "take because free",
  },
  {
    when: "a coordinated election is under way, a free lease",
    lease: lease(free),
    nowMs: 1e6,
    candidacy: { isCoordinated: true },
    step: "wait",
  },
  {
    when: "a coordinated election has named us",
    lease: lease({ ...ours, acquireTime: undefined }),
    nowMs: 1000,
    candidacy: { isCoordinated: true },
    step: "take because named",
  },
  {
    when: "a coordinated election has named us, and our twin has begun",
    lease: lease(ours),
    nowMs: 1e6,
    candidacy: { isCoordinated: true },
    step: "wait",
  },
];

for (const { when, lease, nowMs, candidacy, step } of cases) {
  test(`when ${when}: ${step}`, () => {
    const sighting = { lease, version: "7", seenAtMs: 1000, lot: 0 };
    const given: Candidacy = {
      identity: "me",
      sighting,
      confirmedAtMs: 1000,
      isOwn: false,
      isOwnRelease: false,
      isCoordinated: false,
      resumesOwnIdentity: false,
      durations,
      ...candidacy,
    };
    assert.equal(textOf(decideCandidacy(given, nowMs)), step);
  });
}

test("of several that see a free lease, each waits as long as its lot says, at most twenty milliseconds", () => {
  const sighting = { lease: undefined, version: "", seenAtMs: 1000, lot: 0.5 };
  const given = {
    identity: "me",
    sighting,
    confirmedAtMs: 0,
    isOwn: false,
    isOwnRelease: false,
    isCoordinated: false,
    resumesOwnIdentity: false,
    durations,
  };
  assert.equal(textOf(decideCandidacy(given, 1000)), "wait until 1010");
});

function textOf(step: CandidacyStep): string {
  if (step.kind === "check") return "check";
  if (step.kind === "take") return `take because ${step.because}`;
  return step.untilMs === undefined ? "wait" : `wait until ${step.untilMs}`;
}

function lease(spec: LeaseSpec, annotations?: Readonly<Record<string, string>>): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "l", resourceVersion: "7", ...(annotations && { annotations }) },
    spec,
  };
}
