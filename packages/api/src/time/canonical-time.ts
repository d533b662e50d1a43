import { type Moment, secondsOf, zeroTimeSeconds } from "./go-time.ts";
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

/** The moment that a canonical text names. Years may have more digits than four, where an offset led beyond them. */
export function momentOf(text: string): Moment {
  const parts = /^(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{6}))?Z$/.exec(text);
  if (parts === null) return { seconds: zeroTimeSeconds, nanos: 0 };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  return { seconds: secondsOf({ year, month, day, hour, minute, second }), nanos: micros * 1000 };
}

/** Nearly every time arrives canonical already; a day that some months lack is left to the parser. */
function isCanonical(type: TimeType, text: string): boolean {
  return (type === "time" ? canonicalSeconds : canonicalMicros).test(text);
}

const canonicalDate = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d`;
const canonicalSeconds = new RegExp(`^${canonicalDate}Z$`);
const canonicalMicros = new RegExp(String.raw`^${canonicalDate}\.\d{6}Z$`);
