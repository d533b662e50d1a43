/** Times as text and as counts, in Go's proleptic Gregorian calendar and never through a JavaScript Date. */

/** A moment in UTC. Seconds count from 1970 and may be far below zero; nanos always count forward from them. */
export interface Moment {
  readonly seconds: number;
  /** 0 to 999,999,999. */
  readonly nanos: number;
}

/** Go's zero time, 0001-01-01T00:00:00Z: what Go means by "no time". */
export const zeroTimeSeconds = -62_135_596_800;

/** Seconds since 1970 of a date in UTC. */
export function secondsOf(date: CalendarTime): number {
  return daysOf(date) * 86_400 + date.hour * 3600 + date.minute * 60 + date.second;
}

export interface CalendarTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export function daysInMonth({ year, month }: Pick<CalendarTime, "year" | "month">): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `2006-01-02T15:04:05`: what the texts of all precisions begin with. Years beyond four digits are written in full. */
export function dateText(seconds: number): string {
  // The remainder is exact however large the count; a quotient is not.
  const rest = ((seconds % 86_400) + 86_400) % 86_400;
  const days = (seconds - rest) / 86_400;
  const { year, month, day } = dateOf(days);
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60];
  return `${yearText(year)}-${twoDigits(month)}-${twoDigits(day)}T${clock.map((part) => twoDigits(part)).join(":")}`;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * Days since 1970-01-01, counting years from March so that the leap day comes last.
 * Example: 0000-03-01 is day -719,468.
 */
function daysOf({ year, month, day }: CalendarTime): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function dateOf(days: number): Pick<CalendarTime, "year" | "month" | "day"> {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

function yearText(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, "0");
  return year < 0 ? `-${digits}` : digits;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
