import assert from "node:assert/strict";
import { test } from "node:test";
import { isZeroTime, momentOf, readTime } from "./canonical-time.ts";
import { timeText, type TimeType } from "./parse-time.ts";

const read: readonly (readonly [type: TimeType, text: string, canonical: string])[] = [
  ["microTime", "2024-01-02T03:04:05.123456Z", "2024-01-02T03:04:05.123456Z"],
  ["microTime", "2024-01-02T03:04:05.123456+02:00", "2024-01-02T01:04:05.123456Z"],
  ["microTime", "2024-01-02T03:04:05.000000-00:30", "2024-01-02T03:34:05.000000Z"],
  ["microTime", "2020-01-01T0:00:00.+12345Z", "2020-01-01T00:00:00.012345Z"],
  ["microTime", "2020-01-01T00:00:00,123456Z", "2020-01-01T00:00:00.123456Z"],
  ["microTime", "0001-01-01T00:00:00.000000Z", "0001-01-01T00:00:00.000000Z"],
  ["microTime", "0000-01-01T00:00:00.000000+10:00", "-0001-12-31T14:00:00.000000Z"],
  ["microTime", "9999-12-31T23:59:59.999999-10:00", "10000-01-01T09:59:59.999999Z"],
  ["time", "2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59Z"],
  ["time", "2020-01-01T00:00:00,5+24:60", "2019-12-30T23:00:00Z"],
];

for (const [type, text, canonical] of read) {
  test(`${text} as ${type} is ${canonical}`, () => {
    assert.deepEqual(readTime(type, text), { kind: "read", text: canonical });
    assert.equal(timeText(type, momentOf(canonical)), canonical);
  });
}

const micro = `as "2006-01-02T15:04:05.000000Z07:00": cannot parse`;
const seconds = `as "2006-01-02T15:04:05Z07:00": cannot parse`;
const refused: readonly (readonly [type: TimeType, text: string, message: string])[] = [
  ["microTime", "2024-01-02T03:04:05Z", ` ${micro} "Z" as ".000000"`],
  ["microTime", "2024-01-02T03:04:05.123Z", ` ${micro} ".123Z" as ".000000"`],
  ["microTime", "2024-01-02T03:04:05.1234567Z", ` ${micro} "7Z" as "Z07:00"`],
  ["microTime", "", ` ${micro} "" as "2006"`],
  ["microTime", "2024-13-02T03:04:05.123456Z", ": month out of range"],
  ["microTime", "2023-02-29T03:04:05.123456Z", ": day out of range"],
  ["microTime", "2024-01-02T24:04:05.123456Z", ": hour out of range"],
  ["microTime", "2024-01-02T03:60:05.123456Z", ": minute out of range"],
  ["microTime", "2024-01-02T03:04:60.123456Z", ": second out of range"],
  ["microTime", "2024-01-02T03:04:05.-12345Z", ": fractional second out of range"],
  ["microTime", "2024-01-02T03:04:05.123456+25:00", ": time zone offset hour out of range"],
  ["microTime", "2024-01-02T03:04:05.123456+00:61", ": time zone offset minute out of range"],
  ["microTime", "2024-01-02T03:04:05.123456Zx", `: extra text: "x"`],
  ["time", "2024-1-02T03:04:05Z", ` ${seconds} "1-02T03:04:05Z" as "01"`],
  ["time", "2024-01-02 03:04:05Z", ` ${seconds} " 03:04:05Z" as "T"`],
  ["time", "é", String.raw` ${seconds} "\xc3\xa9" as "2006"`],
];

for (const [type, text, message] of refused) {
  test(`${text} is refused as ${type}`, () => {
    const quoted = text === "é" ? String.raw`"\xc3\xa9"` : `"${text}"`;
    assert.deepEqual(readTime(type, text), { kind: "refused", message: `parsing time ${quoted}${message}` });
  });
}

test("every day of eight centuries has its own count", () => {
  const first = momentOf("1599-12-31T00:00:00Z").seconds;
  for (let day = 0; day < 300_000; day++) {
    const seconds = first + day * 86_400;
    if (momentOf(timeText("time", { seconds, nanos: 0 })).seconds !== seconds) assert.fail(`day ${day}`);
  }
});

test("only the first moment of the year 1 is no time", () => {
  assert.ok(isZeroTime("0001-01-01T00:00:00Z"));
  assert.ok(isZeroTime("0001-01-01T00:00:00.000000Z"));
  assert.ok(!isZeroTime("0001-01-01T00:00:00.000001Z"));
});
