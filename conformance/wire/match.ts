import assert from "node:assert/strict";

/** Stands in an expected value for what the server chooses; told is how a failure speaks of it. */
export class Matcher {
  readonly told: string;
  readonly matches: (value: unknown) => boolean;

  constructor(told: string, matches: (value: unknown) => boolean) {
    this.told = told;
    this.matches = matches;
  }
}

/** Compares whole values; the difference that it shows has the server's own choices filled in. */
export function assertMatches(actual: unknown, expected: unknown, place: string): void {
  assert.deepEqual(actual, settle(expected, actual), place);
}

export function textLike(pattern: RegExp): Matcher {
  return new Matcher(
    `text like ${String(pattern)}`,
    (value) => typeof value === "string" && pattern.test(value),
  );
}

export const anUid = textLike(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
export const aRevision = textLike(/^[1-9][0-9]*$/);
export const aTime = textLike(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
export const anything = new Matcher("anything", (value) => value !== undefined);

/** A list that holds these values, in any order and among others. */
export function including(...wanted: readonly unknown[]): Matcher {
  const told = `a list with ${JSON.stringify(wanted)}`;
  return new Matcher(told, (value) => {
    return Array.isArray(value) && wanted.every((one) => value.some((item) => agrees(item, one)));
  });
}

/** A list of these values and no others, in any order. */
export function inAnyOrder(...wanted: readonly unknown[]): Matcher {
  const told = `in any order ${JSON.stringify(wanted)}`;
  const all = including(...wanted);
  return new Matcher(
    told,
    (value) => Array.isArray(value) && value.length === wanted.length && all.matches(value),
  );
}

/** An object that has these members, among others. */
export function having(wanted: Readonly<Record<string, unknown>>): Matcher {
  const told = `an object with ${JSON.stringify(wanted)}`;
  return new Matcher(told, (value) => {
    return isObject(value) && Object.entries(wanted).every(([name, one]) => agrees(value[name], one));
  });
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Matcher);
}

function agrees(actual: unknown, expected: unknown): boolean {
  try {
    assertMatches(actual, expected, "");
    return true;
  } catch {
    return false;
  }
}

/** The expected value with every matcher replaced by what it met, and members that are undefined left out. */
function settle(expected: unknown, actual: unknown): unknown {
  if (expected instanceof Matcher) return expected.matches(actual) ? actual : `<${expected.told}>`;
  if (Array.isArray(expected)) {
    const items: readonly unknown[] = Array.isArray(actual) ? actual : [];
    return expected.map((item, index) => settle(item, items[index]));
  }
  if (!isObject(expected)) return expected;
  const members = isObject(actual) ? actual : {};
  const settled = Object.entries(expected).map(
    ([name, value]) => [name, settle(value, members[name])] as const,
  );
  return Object.fromEntries(settled.filter(([, value]) => value !== undefined));
}
