import assert from "node:assert/strict";
import { test } from "node:test";
import { LogDamagedError, refusalOf } from "./log-refused-error.ts";

test("a refusal is one line, however many SQLite needs to tell of damage", () => {
  const damaged = new LogDamagedError(
    "SQLite finds it damaged (*** in database main ***\nPage 4: never used)",
  );
  assert.equal(
    refusalOf("/data/leasehold.db", damaged).message,
    "cannot use /data/leasehold.db: SQLite finds it damaged (*** in database main *** Page 4: never used); " +
      '"leasehold check" lists all damage, "leasehold restore" brings back a backup',
  );
});
