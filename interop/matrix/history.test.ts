import assert from "node:assert/strict";
import { test } from "node:test";
import { breaches, type Version } from "./history.ts";

const held: Version = version("client-go-1", 3, { acquired: 10, renewed: 12 });

/** A version that follows the one above, and what is wrong with it. */
const cases: readonly (readonly [name: string, after: Version, wrongs: readonly string[]])[] = [
  ["a renewal", version("client-go-1", 3, { acquired: 10, renewed: 13 }), []],
  ["a release", version("", 3, { acquired: 13, renewed: 13, seconds: 1 }), []],
  ["a lease that ran out", version("client-go-2", 4, { acquired: 17, renewed: 17 }), []],
  ["one that does not count, where it ran out", version("python-2", 3, { acquired: 17, renewed: 17 }), []],
  [
    "a transition that was not counted",
    version("client-go-2", 3, { acquired: 17, renewed: 17 }),
    ["leaseTransitions"],
  ],
  ["a transition too many", version("client-go-1", 4, { acquired: 10, renewed: 13 }), ["leaseTransitions"]],
  [
    "a holder whose term begins anew",
    version("client-go-1", 3, { acquired: 13, renewed: 13 }),
    ["acquireTime"],
  ],
  [
    "a new holder in an old term",
    version("python-2", 3, { acquired: 10, renewed: 13 }),
    ["the holder", "a lease"],
  ],
  ["a lease that had not run out", version("client-go-2", 4, { acquired: 16.9, renewed: 16.9 }), ["a lease"]],
  ["a library that is known to take it blindly", version("kube-rs-2", 4, { acquired: 16, renewed: 16 }), []],
];

for (const [name, after, wrongs] of cases) {
  test(`the history of ${name} shows ${wrongs.length === 0 ? "nothing wrong" : `${wrongs.length} wrongs`}`, () => {
    const found = breaches([held, after]).filter(({ forgiven }) => !forgiven);
    assert.deepEqual(
      found.map(({ what }, index) => what.startsWith(wrongs[index] ?? "?")),
      wrongs.map(() => true),
      JSON.stringify(found),
    );
  });
}

interface Times {
  readonly acquired: number;
  readonly renewed: number;
  readonly seconds?: number;
}

function version(holder: string, transitions: number, { acquired, renewed, seconds = 5 }: Times): Version {
  const time = (second: number): string => new Date(second * 1000).toISOString().replace("Z", "000Z");
  return {
    resourceVersion: "1",
    holder,
    seconds,
    acquired: time(acquired),
    renewed: time(renewed),
    transitions,
  };
}
