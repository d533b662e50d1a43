import type { DatabaseSync } from "node:sqlite";
import type { Revision } from "../store.ts";
import { LogRefusedError } from "./log-refused-error.ts";
import { emptyState, writeState } from "./log-state.ts";
import { type LogRow, proofOf } from "./log-row.ts";

/**
 * Version 1 had no checksums: `log(revision, key, value, created, at_ms)` and `state(one, horizon)`. Every row is copied with its proof
 * into tables of version 2, in the transaction of the caller.
 */
export function upgradeFromVersion1(db: DatabaseSync, createSchema: () => void): void {
  const { horizon } = db.prepare("SELECT horizon FROM state").get() ?? {};
  if (typeof horizon !== "number") throw new LogRefusedError("its horizon is no number");
  db.exec("DROP TABLE state; ALTER TABLE log RENAME TO log_of_version_1");
  createSchema();
  const end = copyRows(db);
  db.exec("DROP TABLE log_of_version_1");
  writeState(db, { ...emptyState, horizon, revision: Math.max(horizon, end.revision), total: end.total });
}

function copyRows(db: DatabaseSync): { readonly revision: Revision; readonly total: number } {
  const insert = db.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)");
  let [revision, total] = [0, 0];
  for (const rows of rowsOfVersion1(db))
    for (const row of rows) {
      const proof = proofOf(row, total);
      insert.run(row.revision, row.key, row.value, row.created, row.atMs, proof.checksum, proof.total);
      ({ revision } = row);
      ({ total } = proof);
    }
  return { revision, total };
}

function* rowsOfVersion1(db: DatabaseSync): Generator<readonly LogRow[], void> {
  const select = db.prepare(`
    SELECT revision, key, value, created, at_ms AS atMs FROM log_of_version_1
    WHERE revision > ? ORDER BY revision LIMIT 200
  `);
  let after: Revision = 0;
  for (;;) {
    // The columns of a STRICT table have these types.
    const rows = select.all(after) as unknown as readonly LogRow[];
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.revision;
  }
}
