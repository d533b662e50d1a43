import { type CalendarTime, dateText, daysInMonth, type Moment, secondsOf } from "./go-time.ts";

/** How precisely a type writes its times: `time` whole seconds, `microTime` six digits. */
export type TimeType = "time" | "microTime";

export type TimeParsing =
  | { readonly kind: "parsed"; readonly moment: Moment }
  /** Go's words, e.g. `parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"`. */
  | { readonly kind: "refused"; readonly message: string };

/** The canonical text of a moment: UTC, as the type writes it. What is finer is cut off. */
export function timeText(type: TimeType, { seconds, nanos }: Moment): string {
  if (type === "time") return `${dateText(seconds)}Z`;
  return `${dateText(seconds)}.${String(Math.floor(nanos / 1000)).padStart(6, "0")}Z`;
}

/**
 * Reads a time as Go's time.Parse does with the type's layout. It takes more than RFC 3339: an hour of one digit, a comma
 * before the fraction, a sign in it, offsets up to +24:60.
 */
export function parseTime(type: TimeType, text: string): TimeParsing {
  const whole = byteString(text);
  const parts: Parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, nanos: 0, offset: 0 };
  let rest = whole;
  for (const element of layouts[type]) {
    const step = element.take(rest, parts);
    if (step.kind === "bad") {
      const layout = layouts[type].map(({ text }) => text).join("");
      return refused(
        `parsing time ${quoteTime(whole)} as ${quoteTime(layout)}: cannot parse ${quoteTime(rest)} as ${quoteTime(element.text)}`,
      );
    }
    if (step.kind === "out-of-range")
      return refused(`parsing time ${quoteTime(whole)}: ${step.what} out of range`);
    rest = rest.slice(step.length);
  }
  if (rest !== "") return refused(`parsing time ${quoteTime(whole)}: extra text: ${quoteTime(rest)}`);
  if (parts.day < 1 || parts.day > daysInMonth(parts))
    return refused(`parsing time ${quoteTime(whole)}: day out of range`);
  return { kind: "parsed", moment: { seconds: secondsOf(parts) - parts.offset, nanos: parts.nanos } };
}

type Parts = { -readonly [P in keyof CalendarTime]: number } & { nanos: number; offset: number };

/** One element of a layout: what it takes from the front of the text, and where that goes. */
interface Element {
  readonly text: string;
  readonly take: (rest: string, parts: Parts) => Taken;
}

type Taken =
  | { readonly kind: "taken"; readonly length: number }
  | { readonly kind: "bad" }
  | { readonly kind: "out-of-range"; readonly what: string };

const bad: Taken = { kind: "bad" };

function taken(length: number): Taken {
  return { kind: "taken", length };
}

function outOfRange(what: string): Taken {
  return { kind: "out-of-range", what };
}

function literal(text: string): Element {
  return { text, take: (rest) => (rest.startsWith(text) ? taken(text.length) : bad) };
}

function number(text: string, part: { readonly name: keyof CalendarTime; readonly form: RegExp }): Element {
  return {
    text,
    take: (rest, parts) => {
      const digits = part.form.exec(rest)?.[0];
      if (digits === undefined) return bad;
      const value = Number(digits);
      const [least, most] = ranges[part.name];
      if (value < least || value > most) return outOfRange(part.name);
      parts[part.name] = value;
      return taken(digits.length);
    },
  };
}

const ranges: Readonly<Record<keyof CalendarTime, readonly [least: number, most: number]>> = {
  year: [0, 9999],
  month: [1, 12],
  // How many days a month has is known at the end.
  day: [0, 99],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
};

const secondAndAnyFraction: Element = {
  text: "05",
  take: (rest, parts) => {
    const step = second.take(rest, parts);
    const fraction = /^[.,](\d+)/.exec(rest.slice(2))?.[1];
    if (step.kind !== "taken" || fraction === undefined) return step;
    parts.nanos = Number(fraction.slice(0, 9).padEnd(9, "0"));
    return taken(3 + fraction.length);
  },
};

const second = number("05", { name: "second", form: /^\d\d/ });

const sixDigits: Element = {
  text: ".000000",
  take: (rest, parts) => {
    const digits = /^[.,]([+-]?\d+)$/.exec(rest.slice(0, 7))?.[1];
    if (digits?.length !== 6) return bad;
    const micros = Number(digits);
    if (micros < 0) return outOfRange("fractional second");
    parts.nanos = micros * 1000;
    return taken(7);
  },
};

const zone: Element = {
  text: "Z07:00",
  take: (rest, parts) => {
    if (rest.startsWith("Z")) return taken(1);
    if (rest.length < 6 || rest[3] !== ":") return bad;
    const [hours, minutes] = [rest.slice(1, 3), rest.slice(4, 6)];
    if (/^\d\d$/.test(hours) && Number(hours) > 24) return outOfRange("time zone offset hour");
    if (!/^\d\d$/.test(hours) || !/^\d\d$/.test(minutes)) return bad;
    if (Number(minutes) > 60) return outOfRange("time zone offset minute");
    if (rest[0] !== "+" && rest[0] !== "-") return bad;
    parts.offset = (rest[0] === "-" ? -60 : 60) * (Number(hours) * 60 + Number(minutes));
    return taken(6);
  },
};

const beforeSecond: readonly Element[] = [
  number("2006", { name: "year", form: /^\d{4}/ }),
  literal("-"),
  number("01", { name: "month", form: /^\d\d/ }),
  literal("-"),
  number("02", { name: "day", form: /^\d\d/ }),
  literal("T"),
  number("15", { name: "hour", form: /^\d\d?/ }),
  literal(":"),
  number("04", { name: "minute", form: /^\d\d/ }),
  literal(":"),
];

const layouts: Readonly<Record<TimeType, readonly Element[]>> = {
  time: [...beforeSecond, secondAndAnyFraction, zone],
  microTime: [...beforeSecond, second, sixDigits, zone],
};

function refused(message: string): TimeParsing {
  return { kind: "refused", message };
}

/** The text with one character for each byte of its UTF-8: Go cuts times by bytes. */
function byteString(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

function quoteTime(bytes: string): string {
  const quoted = bytes.replace(/["\\]|[^ -\x7f]/g, (character) =>
    character === '"' || character === "\\"
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${quoted}"`;
}
