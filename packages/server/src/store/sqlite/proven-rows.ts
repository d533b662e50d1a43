import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { messageOf } from "../../error-message.ts";
import type { Revision } from "../store.ts";
import { isSqliteDamage, LogDamagedError } from "./log-refused-error.ts";
import type { LogState } from "./log-state.ts";
import { addTotals, isProven, type LogRow, type RowProof } from "./log-row.ts";

export interface ProvenRow extends LogRow, RowProof {}

/**
 * Every row of a file, oldest first, some at a time (row by row, node:sqlite takes more than twice as long), each checked against its
 * checksum and all together against what was ever appended and removed. Throws a LogDamagedError that names the first
 * revision that is not what was written.
 */
export function* provenRows(db: DatabaseSync, state: LogState): Generator<readonly LogRow[], void> {
  let sum = 0;
  let { revision, total } = state;
  for (const rows of storedRows(db)) {
    for (const row of rows) {
      if (!isProven(row, row)) throw new LogDamagedError(damageOf(row));
      sum = addTotals(sum, row.checksum);
    }
    const last = rows.at(-1);
    if (last !== undefined && last.revision > revision) ({ revision, total } = last);
    yield rows;
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

function* storedRows(db: DatabaseSync): Generator<readonly ProvenRow[], void> {
  const statement = db.prepare(`${selectRows} WHERE revision > ? ORDER BY revision LIMIT ${rowsPerPiece}`);
  statement.setReturnArrays(true);
  for (let after = 0; ;) {
    const rows: readonly ProvenRow[] = readPiece(after, () => statement.all(after).map((row) => rowOf(row)));
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.revision;
  }
}

const selectRows = "SELECT revision, key, value, created, at_ms, checksum, total FROM log";

/** Few enough that one old value does not keep much memory from being freed, as all values of a piece share a buffer. */
const rowsPerPiece = 200;

function readPiece(after: Revision, read: () => readonly ProvenRow[]): readonly ProvenRow[] {
  try {
    return read();
  } catch (error) {
    if (!isSqliteDamage(error) && !isOutOfRange(error)) throw error;
    throw new LogDamagedError(`what follows revision ${after} cannot be read (${messageOf(error)})`);
  }
}

/** A number that is none of ours: what we write are safe integers. */
function isOutOfRange(error: unknown): boolean {
  return error instanceof RangeError;
}

/** From the columns of a row, in the order in which `storedRows` asks for them. */
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
