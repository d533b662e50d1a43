import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { Revision } from "../store.ts";
import { LogDamagedError } from "./log-refused-error.ts";
import type { LogState } from "./log-state.ts";
import { addTotals, isProven, type LogRow, type RowProof } from "./log-row.ts";
import { packedRowsOf, readPieces, type RowPiece, rowsOf, withText } from "./row-piece.ts";

export interface ProvenRow extends LogRow, RowProof {}

/**
 * Every row of a file, oldest first, some at a time, each checked against its checksum and all together against what was ever appended
 * and removed. Throws a LogDamagedError that names the first revision that is not what was written.
 */
export function* provenRows(db: DatabaseSync, state: LogState): Generator<readonly LogRow[], void> {
  for (const piece of provenPieces(db, state)) yield [...rowsOf(piece)];
}

/** The same, packed. */
export function* provenPieces(db: DatabaseSync, state: LogState): Generator<RowPiece, void> {
  let sum = 0;
  let { revision, total } = state;
  for (const { piece, proofs } of readPieces(db)) {
    let index = 0;
    for (const row of packedRowsOf(piece)) {
      const proof = proofs[index];
      if (proof === undefined || !isProven(row, proof)) throw new LogDamagedError(damageOf(withText(row)));
      sum = addTotals(sum, proof.checksum);
      if (row.revision > revision) ({ revision, total } = { revision: row.revision, total: proof.total });
      index += 1;
    }
    yield piece;
  }
  const damage = sumDamageOf({ sum, total, removed: state.removed });
  if (damage !== undefined) throw new LogDamagedError(damage);
}

export function damageOf({ revision, key }: LogRow): string {
  return `revision ${revision} (key ${JSON.stringify(key)}) is not what was written: its checksum does not match`;
}

/** What is wrong with the rows as a set, though each may be sound; undefined when nothing is. */
export function sumDamageOf({ sum, total, removed }: RowSums): string | undefined {
  if (addTotals(sum, removed) === total) return undefined;
  return "rows have vanished or are back from the past: together they do not match what was appended and removed";
}

interface RowSums {
  /** Of the rows that are there. */
  readonly sum: number;
  /** Of all that were ever appended. */
  readonly total: number;
  readonly removed: number;
}

/** Reads one row, without the checks. What it returns throws for one that cannot be read or is of another form. */
export function rowReader(db: DatabaseSync): (revision: Revision) => ProvenRow {
  const statement = db.prepare(`${selectRows} WHERE revision = ?`);
  statement.setReturnArrays(true);
  return (revision) => {
    const columns = statement.get(revision);
    if (columns === undefined) throw new LogDamagedError("it is listed and is not there");
    return rowOf(columns);
  };
}

/** The revisions of all rows, in order. Throws what SQLite throws. */
export function* revisionsAfter(db: DatabaseSync, start: Revision): Generator<Revision, void> {
  const statement = db.prepare("SELECT revision FROM log WHERE revision > ? ORDER BY revision LIMIT 1000");
  statement.setReturnArrays(true);
  for (let after = start; ;) {
    const revisions = statement
      .all(after)
      .map(({ 0: revision }: Record<number, unknown>) => Number(revision));
    const last = revisions.at(-1);
    if (last === undefined) return;
    yield* revisions;
    after = last;
  }
}

const selectRows = "SELECT revision, key, value, created, at_ms, checksum, total FROM log";

/** From the columns of a row, in the order of `selectRows`. */
function rowOf({
  0: revision,
  1: key,
  2: value,
  3: created,
  4: atMs,
  5: checksum,
  6: total,
}: Record<number, SQLOutputValue>): ProvenRow {
  const isRow =
    typeof revision === "number" &&
    typeof key === "string" &&
    typeof created === "number" &&
    typeof atMs === "number" &&
    typeof checksum === "number" &&
    typeof total === "number";
  if (isRow && (value === null || value instanceof Uint8Array))
    return { revision, key, value, created, atMs, checksum, total };
  throw new LogDamagedError(`revision ${String(revision)} (key ${JSON.stringify(key)}) holds no row of ours`);
}
