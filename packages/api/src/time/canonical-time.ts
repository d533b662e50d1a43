import { type CalendarTime, type Moment, secondsOf } from "./go-time.ts";
import { parseTime, timeText, type TimeType } from "./parse-time.ts";

export type TimeReading =
  | { readonly kind: "read"; readonly text: string }
  /** Go's words. */
  | { readonly kind: "refused"; readonly message: string };

/** The canonical text of a time as a body gives it: in UTC, with the digits of the type. */
export function readTime(type: TimeType, text: string): TimeReading {
  if (isCanonical(type, text)) return { kind: "read", text };
  const parsing = parseTime(type, text);
  if (parsing.kind === "refused") return parsing;
  return { kind: "read", text: timeText(type, parsing.moment) };
}

/** Whether a canonical text is Go's zero time, which JSON writes as `null` and protobuf as nothing. */
export function isZeroTime(text: string): boolean {
  return text.startsWith("0001-01-01T00:00:00") && /^0001-01-01T00:00:00(\.0+)?Z$/.test(text);
}

/** The moment that a canonical text names. */
export function momentOf(text: string): Moment {
  if (text.indexOf("-", 1) !== 4 || text.startsWith("-")) return distantMoment(text);
  return { seconds: secondsOf(calendarTime(text, 4)), nanos: microsOf(text, 19) * 1000 };
}

/** Years may have more digits than four, or be below zero, where an offset led beyond them. */
function distantMoment(text: string): Moment {
  const dash = text.indexOf("-", 1);
  const time = { ...calendarTime(text, dash), year: Number(text.slice(0, dash)) };
  return { seconds: secondsOf(time), nanos: microsOf(text, dash + 15) * 1000 };
}

/** Reads a date and time whose year ends at `yearEnd`. */
function calendarTime(text: string, yearEnd: number): CalendarTime {
  return {
    year: yearEnd === 4 ? twoDigits(text, 0) * 100 + twoDigits(text, 2) : 0,
    month: twoDigits(text, yearEnd + 1),
    day: twoDigits(text, yearEnd + 4),
    hour: twoDigits(text, yearEnd + 7),
    minute: twoDigits(text, yearEnd + 10),
    second: twoDigits(text, yearEnd + 13),
  };
}

function microsOf(text: string, point: number): number {
  if (text.charCodeAt(point) !== 0x2e) return 0;
  return twoDigits(text, point + 1) * 10_000 + twoDigits(text, point + 3) * 100 + twoDigits(text, point + 5);
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 0x30) * 10 + (text.charCodeAt(at + 1) - 0x30);
}

/** Nearly every time arrives canonical already; a day that some months lack is left to the parser. */
function isCanonical(type: TimeType, text: string): boolean {
  return (type === "time" ? canonicalSeconds : canonicalMicros).test(text);
}

const canonicalDate = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d`;
const canonicalSeconds = new RegExp(`^${canonicalDate}Z$`);
const canonicalMicros = new RegExp(String.raw`^${canonicalDate}\.\d{6}Z$`);
