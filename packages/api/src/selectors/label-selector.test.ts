import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "../status-error.ts";
import { parseLabelRequirements, parseLabelSelector } from "./label-selector.ts";

const label =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const objects: readonly Readonly<Record<string, string>>[] = [
  {},
  { app: "web" },
  { app: "db", tier: "back" },
  { n: "7", in: "notin" },
];

/** A selector, and which of the objects it selects. */
const selections: readonly (readonly [selector: string, ...selected: number[]])[] = [
  ["", 0, 1, 2, 3],
  ["app", 1, 2],
  ["!app", 0, 3],
  ["app=web", 1],
  ["app==web", 1],
  ["app!=web", 0, 2, 3],
  [" app in ( web , db ) ", 1, 2],
  ["app in (web)", 1],
  ["app notin (web)", 0, 2, 3],
  ["app in ()"],
  ["app in (,web)", 1],
  ["app=,tier"],
  ["app,tier=back", 2],
  ["n>6", 3],
  ["n<7"],
  ["n>06", 3],
  ["app>1"],
  ["in in (notin)", 3],
  ["in=notin", 3],
  ["constructor"],
  ["!toString", 0, 1, 2, 3],
];

for (const [selector, ...selected] of selections) {
  test(`"${selector}" selects ${selected.length} of ${objects.length}`, () => {
    const parsed = parseLabelSelector(selector);
    const found = objects.flatMap((labels, index) =>
      parsed.matches({ metadata: { labels } }) ? [index] : [],
    );
    assert.deepEqual(found, selected);
  });
}

const refusals: readonly (readonly [selector: string, message: string])[] = [
  ["a===b", "unable to parse requirement: found '=', expected: identifier"],
  [",", "found ',', expected: !, identifier, or 'end of string'"],
  ["a,,", "found ',', expected: identifier after ','"],
  ["a,", "found '', expected: identifier after ','"],
  ["!", "unable to parse requirement: found '', expected: identifier"],
  ["x in ", "unable to parse requirement: found '' expected: '('"],
  ["x in (a", "unable to parse requirement: found '', expected: ',' or ')'"],
  ["x in (a b)", "unable to parse requirement: found 'b', expected: ',' or ')'"],
  ["x in (!)", "unable to parse requirement: found '!', expected: ',', ')' or identifier"],
  ["x in (a,=)", "unable to parse requirement: found '=', expected: ',', or identifier"],
  ["x=(", "unable to parse requirement: found '(', expected: identifier"],
  ["bad key=v", "unable to parse requirement: found 'key', expected: in, notin, =, ==, !=, gt, lt"],
  ["k=bad value$", "found 'value$', expected: ',' or 'end of string'"],
  [
    "-x",
    "unable to parse requirement: <nil>: Invalid value: \"-x\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  ],
  ["x=-a", `unable to parse requirement: values[0][x]: Invalid value: "-a": ${label}`],
  [
    "x in (b-,-a)",
    `unable to parse requirement: [values[0][x]: Invalid value: "-a": ${label}, values[1][x]: Invalid value: "b-": ${label}]`,
  ],
  [
    "n>a",
    "unable to parse requirement: values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer",
  ],
];

for (const [selector, message] of refusals) {
  test(`"${selector}" is refused`, () => {
    assert.deepEqual(parseLabelRequirements(selector), { kind: "malformed", message });
    assert.throws(
      () => parseLabelSelector(selector),
      (error) => error instanceof StatusError && error.status.code === 400 && error.message === message,
    );
  });
}
