import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { epochMsOf, microTime } from "./micro-time.ts";

test("milliseconds become the text that leases have", () => {
  assert.equal(microTime(0), "1970-01-01T00:00:00.000000Z");
  assert.equal(microTime(1_700_000_000_123), "2023-11-14T22:13:20.123000Z");
  assert.equal(microTime(-1), "1969-12-31T23:59:59.999000Z");
});

test("every microsecond of our time goes there and back", () => {
  const micros = fc.integer({ min: -2_000_000_000_000_000, max: 4_000_000_000_000_000 });
  fc.assert(
    fc.property(micros, (value) => {
      const text = microTime(value / 1000);
      assert.equal(Math.round(epochMsOf(text) * 1000), value);
      assert.equal(microTime(epochMsOf(text)), text);
    }),
  );
});
