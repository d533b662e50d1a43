/**
 * What Go's `time.ParseDuration` has against a duration, in its words; undefined when it is one. A duration is a sign and
 * numbers with units, e.g. `-1h2.5m`, or `0`.
 */
export function durationProblem(text: string): string | undefined {
  const unsigned = text.replace(/^[-+]/, "");
  if (unsigned === "0") return undefined;
  const isInvalid = `time: invalid duration ${quoted(text)}`;
  if (unsigned === "") return isInvalid;
  let rest = unsigned;
  let nanos = 0n;
  while (rest !== "") {
    const part = /^(\d*)(?:\.(\d*))?([^.\d]*)/.exec(rest);
    const [whole = "", integer = "", fraction = "", unit = ""] = part ?? [];
    if (integer === "" && fraction === "") return isInvalid;
    if (unit === "") return `time: missing unit in duration ${quoted(text)}`;
    const unitNanos = nanosOf.get(unit);
    if (unitNanos === undefined) return `time: unknown unit ${quoted(unit)} in duration ${quoted(text)}`;
    nanos += BigInt(`0${integer}`) * unitNanos;
    if (nanos > (text.startsWith("-") ? longest : longest - 1n)) return isInvalid;
    rest = rest.slice(whole.length);
  }
  return undefined;
}

const longest = 2n ** 63n;

const nanosOf: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

/** Go's package of times quotes by itself: whatever is not printable ASCII goes byte by byte. */
function quoted(text: string): string {
  let out = "";
  for (const character of text) {
    if (character === '"' || character === "\\") out += `\\${character}`;
    else if (character >= " " && character < "\u0080") out += character;
    else for (const byte of Buffer.from(character)) out += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `"${out}"`;
}
