/** A version as semver.org has it: `1.36.0`, `1.36.0-beta.1+build`. What follows a `+` takes no part in the order. */
export interface SemanticVersion {
  /** Major, minor and patch. */
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly (bigint | string)[];
}

/** The version that is before every other release. */
export const zeroVersion: SemanticVersion = { numbers: [0n, 0n, 0n], prerelease: [] };

/** Undefined for anything that is not a whole version: a leading `v`, a missing part, a leading zero. */
export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  const [core = "", ...builds] = text.split("+");
  const build = builds.join("+");
  const dash = core.indexOf("-");
  const release = dash === -1 ? core : core.slice(0, dash);
  const prerelease = dash === -1 ? [] : core.slice(dash + 1).split(".");
  const numbers = release.split(".");
  if (numbers.length !== 3 || !numbers.every(isNumber)) return undefined;
  if (!prerelease.every((part) => (digits.test(part) ? isNumber(part) : word.test(part)))) return undefined;
  if (builds.length > 0 && !build.split(".").every((part) => word.test(part))) return undefined;
  return {
    numbers: numbers.map(BigInt),
    prerelease: prerelease.map((part) => (digits.test(part) ? BigInt(part) : part)),
  };
}

/** Negative when `one` comes before `other`, 0 when neither does. A prerelease comes before its release. */
export function compareSemanticVersions(one: SemanticVersion, other: SemanticVersion): number {
  const release = compareParts(one.numbers, other.numbers);
  if (release !== 0) return release;
  if (one.prerelease.length === 0 || other.prerelease.length === 0) {
    return other.prerelease.length - one.prerelease.length;
  }
  return compareParts(one.prerelease, other.prerelease);
}

const digits = /^[0-9]+$/;
const word = /^[0-9A-Za-z-]+$/;
const numberMax = 2n ** 64n - 1n;

function isNumber(part: string): boolean {
  return /^(?:0|[1-9][0-9]*)$/.test(part) && BigInt(part) <= numberMax;
}

function compareParts(one: readonly (bigint | string)[], other: readonly (bigint | string)[]): number {
  for (const [index, part] of one.entries()) {
    const counterpart = other[index];
    if (counterpart === undefined) return 1;
    const order = comparePart(part, counterpart);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** Numbers come before words. */
function comparePart(one: bigint | string, other: bigint | string): number {
  if (typeof one !== typeof other) return typeof one === "bigint" ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
