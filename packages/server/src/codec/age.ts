import { momentOf } from "@leasehold/api";

/** How long ago a time was, as kubectl writes it: in two units while they are small, in one when they are not. */
export function ageText(time: string | undefined, nowMs: number): string {
  if (time === undefined) return "<unknown>";
  const exact = nowMs / 1000 - momentOf(time).seconds;
  const seconds = Math.trunc(exact);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  const step = steps.find(({ below }) => seconds < below) ?? lastStep;
  const whole = Math.floor(seconds / step.unit);
  const rest = step.rest === undefined ? 0 : Math.floor((seconds % step.unit) / step.rest.unit);
  return `${whole}${step.letter}${rest === 0 ? "" : `${rest}${step.rest?.letter ?? ""}`}`;
}

interface Step {
  /** The step is for ages of less than this many seconds. */
  readonly below: number;
  readonly unit: number;
  readonly letter: string;
  /** The smaller unit that is written after the first, unless it is 0. */
  readonly rest?: { readonly unit: number; readonly letter: string };
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;
const lastStep: Step = { below: Number.POSITIVE_INFINITY, unit: year, letter: "y" };

const steps: readonly Step[] = [
  { below: 2 * minute, unit: 1, letter: "s" },
  { below: 10 * minute, unit: minute, letter: "m", rest: { unit: 1, letter: "s" } },
  { below: 3 * hour, unit: minute, letter: "m" },
  { below: 8 * hour, unit: hour, letter: "h", rest: { unit: minute, letter: "m" } },
  { below: 2 * day, unit: hour, letter: "h" },
  { below: 8 * day, unit: day, letter: "d", rest: { unit: hour, letter: "h" } },
  { below: 2 * year, unit: day, letter: "d" },
  { below: 8 * year, unit: year, letter: "y", rest: { unit: day, letter: "d" } },
];
