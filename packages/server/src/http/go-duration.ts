import { quote } from "@leasehold/api";

/** What Go's `time.ParseDuration` has to say against a text such as `1.5h30m`; undefined when it is a duration. */
export function durationProblem(text: string): string | undefined {
  const whole = text.replace(/^[+-]/, "");
  if (whole === "0") return undefined;
  if (whole === "") return invalid(text);
  let nanoseconds = 0;
  for (let rest = whole; rest !== "";) {
    const match = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest);
    if (match === null) return invalid(text);
    const [part, number = "", unit = ""] = match;
    if (unit === "") return `time: missing unit in duration ${quote(text)}`;
    const scale = nanosecondsIn[unit];
    if (scale === undefined) return `time: unknown unit ${quote(unit)} in duration ${quote(text)}`;
    nanoseconds += Number(number) * scale;
    rest = rest.slice(part.length);
  }
  return nanoseconds < 2 ** 63 ? undefined : invalid(text);
}

function invalid(text: string): string {
  return `time: invalid duration ${quote(text)}`;
}

const nanosecondsIn: Readonly<Record<string, number>> = {
  __proto__: null as never,
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
