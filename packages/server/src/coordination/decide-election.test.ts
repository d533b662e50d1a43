import assert from "node:assert/strict";
import { test } from "node:test";
import { decideElection, type Decision, type SeenCandidate, type SeenLease } from "./decide-election.ts";

const second = 1000;
const minute = 60 * second;

function candidate(name: string, more: Partial<SeenCandidate> = {}): SeenCandidate {
  return {
    name,
    binaryVersion: "1.36.0",
    emulationVersion: "1.36.0",
    strategy: "OldestEmulationVersion",
    createdAt: "2026-01-01T00:00:00Z",
    renewedAgoMs: second,
    pingedAgoMs: undefined,
    isAsked: false,
    isExpired: false,
    ...more,
  };
}

function held(holder: string, more: Partial<SeenLease> = {}): SeenLease {
  return { holder, preferredHolder: "", strategy: "OldestEmulationVersion", validForMs: 3 * second, ...more };
}

const idle = { renewedAgoMs: minute };
const asked = { ...idle, isAsked: true, pingedAgoMs: 2 * second };
const silent = { ...idle, isAsked: true, pingedAgoMs: 5 * second };
const elect = (holder: string): Decision => ({ kind: "elect", strategy: "OldestEmulationVersion", holder });
const wait = (lookAgainMs: number | undefined): Decision => ({ kind: "wait", lookAgainMs });
const impossible = (reason: string): Decision => ({ kind: "impossible", reason });

const cases: readonly [string, readonly SeenCandidate[], SeenLease | undefined, Decision][] = [
  ["no candidates", [], undefined, wait(undefined)],
  ["none that is alive", [candidate("a", { isExpired: true })], undefined, wait(undefined)],
  ["one candidate, which was just heard of, and no lease", [candidate("a")], undefined, elect("a")],
  ["one that idles, and no lease", [candidate("a", idle)], undefined, { kind: "ping", names: ["a"] }],
  [
    "one of unknown age, and no lease",
    [candidate("a", { renewedAgoMs: undefined })],
    undefined,
    { kind: "ping", names: ["a"] },
  ],
  ["one that was asked, and no lease", [candidate("a", asked)], undefined, wait(3 * second)],
  [
    "one that is silent, and no lease",
    [candidate("a", silent)],
    undefined,
    impossible("no candidate answers"),
  ],
  [
    "several, some of whom idle",
    [candidate("a"), candidate("b", idle), candidate("c", idle)],
    undefined,
    { kind: "ping", names: ["b", "c"] },
  ],
  [
    "several, one of whom has not answered yet",
    [candidate("a"), candidate("b", asked)],
    undefined,
    wait(3 * second),
  ],
  ["several, one of whom is silent", [candidate("a"), candidate("b", silent)], undefined, elect("a")],
  [
    "a lease that is held by the best",
    [candidate("a"), candidate("b", { emulationVersion: "1.37.0" })],
    held("a"),
    wait(3 * second),
  ],
  ["a lease that is valid for long", [candidate("a")], held("a", { validForMs: minute }), wait(5 * second)],
  [
    "a lease that is held by another than the best",
    [candidate("a", { emulationVersion: "1.35.0" }), candidate("b")],
    held("b"),
    elect("a"),
  ],
  [
    "that, while the best idles",
    [candidate("a", { emulationVersion: "1.35.0", ...idle }), candidate("b")],
    held("b"),
    { kind: "ping", names: ["a"] },
  ],
  [
    "a lease that is held by another than the best, who is silent",
    [candidate("a", { emulationVersion: "1.35.0", ...silent }), candidate("b")],
    held("b"),
    wait(3 * second),
  ],
  ["a lease that nobody holds", [candidate("a")], held(""), elect("a")],
  [
    "a lease that has expired",
    [candidate("a"), candidate("b", { emulationVersion: "1.37.0" })],
    held("b", { validForMs: 0 }),
    elect("a"),
  ],
  ["a lease that its best candidate let expire", [candidate("a")], held("a", { validForMs: 0 }), elect("a")],
  [
    "a holder who should make room",
    [candidate("a", { emulationVersion: "1.35.0" }), candidate("b")],
    held("b", { preferredHolder: "a" }),
    wait(3 * second),
  ],
  [
    "a holder who should make room for one that is gone",
    [candidate("b")],
    held("b", { preferredHolder: "a" }),
    { kind: "keep-holder" },
  ],
  [
    "a holder who should make room for one that is silent",
    [candidate("b"), candidate("a", { emulationVersion: "1.35.0", ...silent })],
    held("b", { preferredHolder: "a" }),
    { kind: "keep-holder" },
  ],
  [
    "a holder who should make room for one that is gone, while another is better",
    [candidate("b"), candidate("c", { emulationVersion: "1.35.0" })],
    held("b", { preferredHolder: "a" }),
    elect("c"),
  ],
  [
    "a candidate that was not heard of for a long time",
    [candidate("a"), candidate("b", { renewedAgoMs: 16 * minute })],
    held("a"),
    { kind: "ping", names: ["b"] },
  ],
  [
    "an older emulation version against an older binary",
    [
      candidate("a", { emulationVersion: "1.35.0", binaryVersion: "1.37.0" }),
      candidate("b", {
        emulationVersion: "1.36.0",
        binaryVersion: "1.36.0",
        strategy: "OldestEmulationVersion",
      }),
    ],
    undefined,
    elect("a"),
  ],
  [
    "equal emulation versions",
    [candidate("a", { binaryVersion: "1.37.0" }), candidate("b")],
    undefined,
    elect("b"),
  ],
  [
    "equal versions",
    [candidate("a", { createdAt: "2026-01-02T00:00:00Z" }), candidate("b")],
    undefined,
    elect("b"),
  ],
  ["equal in everything", [candidate("a"), candidate("b")], undefined, elect("a")],
  [
    "versions that are not compared as text",
    [candidate("a", { emulationVersion: "1.10.0" }), candidate("b", { emulationVersion: "1.9.0" })],
    undefined,
    elect("b"),
  ],
  [
    "one without an emulation version",
    [candidate("a", { emulationVersion: "" }), candidate("b")],
    undefined,
    elect("b"),
  ],
  [
    "none with an emulation version",
    [candidate("a", { emulationVersion: "" })],
    undefined,
    impossible("no candidate has versions that can be compared"),
  ],
  [
    "a third party's strategy",
    [candidate("a", { strategy: "acme.io/x" })],
    undefined,
    { kind: "elect", strategy: "acme.io/x", holder: undefined },
  ],
  [
    "a third party's strategy in a lease that has it",
    [candidate("a", { strategy: "acme.io/x", ...idle })],
    held("", { strategy: "acme.io/x", validForMs: 0 }),
    wait(undefined),
  ],
  [
    "a third party's strategy in a lease that is held under another",
    [candidate("a", { strategy: "acme.io/x" })],
    held("a"),
    wait(3 * second),
  ],
  [
    "a third party's strategy in a lease that has expired under another",
    [candidate("a", { strategy: "acme.io/x" })],
    held("a", { validForMs: 0 }),
    { kind: "elect", strategy: "acme.io/x", holder: undefined },
  ],
  [
    "strategies of which the newest binary decides",
    [candidate("a", { strategy: "acme.io/x" }), candidate("b", { binaryVersion: "1.37.0" })],
    undefined,
    elect("a"),
  ],
  [
    "strategies that differ at the same binary version",
    [candidate("a", { strategy: "acme.io/x" }), candidate("b")],
    undefined,
    impossible("a and b have the same binary version and want different strategies"),
  ],
];

for (const [name, candidates, lease, decision] of cases) {
  test(`${name}: ${decision.kind}`, () => assert.deepEqual(decideElection(candidates, lease), decision));
}
