import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type FileLock, takeFileLock } from "../../file-lock.ts";
import type { Revision } from "../store.ts";
import { AcknowledgedMark, markPathOf } from "./acknowledged-mark.ts";
import { type LogFileBounds, openLogDatabase, pageBytes } from "./log-database.ts";
import { LogDamagedError, LogRefusedError } from "./log-refused-error.ts";
import { type LogRow, proofOf, subtractTotals, addTotals } from "./log-row.ts";
import { type LogState, readState, writeState } from "./log-state.ts";
import { provenPieces } from "./proven-rows.ts";
import type { RowPiece } from "./row-piece.ts";

export interface LogFileOptions {
  readonly path: string;
  readonly bounds: LogFileBounds;
  /**
   * The newest revision that was acknowledged, when a thread opens the file again that another one has left. Rows beyond it were
   * refused to their writers, and are removed.
   */
  readonly acknowledged?: Revision | undefined;
}

/** The end of the log: its newest acknowledged revision, and the total of the checksums up to there. */
interface LogEnd {
  readonly revision: Revision;
  readonly total: number;
}

/**
 * The append-only log of revisions in an SQLite file. Everything here waits for the disk, so it runs in a thread of its own.
 *
 * `append` returns when the rows are on the disk (write-ahead log, synchronous=FULL). What is superseded is removed by later appends,
 * some at a time; a removal that a crash undoes is done again. Checkpoints are made here, after a commit is acknowledged, and small,
 * because the writer stands still meanwhile.
 *
 * No transaction goes without its own sync. So all that stands in the write-ahead log before a commit is on the disk, and a commit
 * whose sync fails is written anew by the next one, at the same place: see docs/adr/0006.
 */
export class LogFile {
  readonly #bounds: LogFileBounds;
  readonly #lock: FileLock;
  readonly #db: DatabaseSync;
  readonly #mark: AcknowledgedMark;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #sumOf: StatementSync;
  readonly #deleteAfter: StatementSync;
  #end: LogEnd;
  #horizon: Revision;
  /** The last commit failed, and may yet be found in the write-ahead log by a reader who recovers it. */
  #isSuspect = false;
  #superseded: Revision[] = [];
  #pagesSinceCheckpoint = 0;
  /** To be told once. */
  #problem: string | undefined;

  /** Opens the file, or makes it. Throws when it is in use, damaged, or not a log that this version understands (`refusalOf` says so). */
  constructor({ path, bounds, acknowledged }: LogFileOptions) {
    this.#bounds = bounds;
    const opened = open(path, bounds);
    ({ lock: this.#lock, db: this.#db, mark: this.#mark } = opened);
    try {
      this.#begin = this.#db.prepare("BEGIN IMMEDIATE");
      this.#commit = this.#db.prepare("COMMIT");
      this.#insert = this.#db.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)");
      this.#delete = this.#db.prepare("DELETE FROM log WHERE revision IN (SELECT value FROM json_each(?))");
      this.#sumOf = this.#db.prepare(
        "SELECT coalesce(sum(checksum), 0) AS sum FROM log WHERE revision IN (SELECT value FROM json_each(?))",
      );
      this.#deleteAfter = this.#db.prepare("DELETE FROM log WHERE revision > ?");
      const state = readState(this.#db);
      this.#horizon = state.horizon;
      this.#end = endOf(this.#db, state);
      if (acknowledged !== undefined) this.#rewindTo(acknowledged);
      this.#checkMark(path);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  get horizon(): Revision {
    return this.#horizon;
  }

  /** The newest that is acknowledged. */
  get revision(): Revision {
    return this.#end.revision;
  }

  /** The horizon, or the revision that so many rows follow, if that is greater. */
  horizonOf(rowsMax: number): Revision {
    const { revision } =
      this.#db.prepare("SELECT revision FROM log ORDER BY revision DESC LIMIT 1 OFFSET ?").get(rowsMax) ?? {};
    return typeof revision === "number" ? Math.max(this.#horizon, revision) : this.#horizon;
  }

  /** Every row, oldest first, some at a time. Throws a LogDamagedError as soon as one is not what was written. */
  pieces(): Generator<RowPiece, void> {
    return provenPieces(this.#db, readState(this.#db));
  }

  /** Throws a LogDamagedError when pages beside the rows are damaged, such as the list of those that are free to be written over. */
  checkStructure(): void {
    const { quick_check: found } = this.#db.prepare("PRAGMA quick_check(1)").get() ?? {};
    if (found !== "ok") throw new LogDamagedError(`SQLite finds it damaged (${String(found)})`);
  }

  /** Makes rows durable, all or none. Throws when it cannot; the next append may be tried at once. */
  append(rows: readonly LogRow[]): void {
    let bytes = 0;
    let end = this.#end;
    const purged = this.#purgeable(rows.length);
    this.#transaction(() => {
      this.#removeSuspects();
      for (const row of rows) {
        end = this.#insertRow(row, end);
        bytes += row.value?.byteLength ?? 0;
      }
      if (purged.length > 0) this.#remove(purged, end);
    });
    this.#end = end;
    this.#superseded = this.#superseded.slice(purged.length);
    this.#pagesSinceCheckpoint += Math.ceil(bytes / pageBytes) + purged.length / rowsPerPage + pagesPerCommit;
    this.#moveMark();
  }

  /** Notes what may be removed, and from where on states are readable after a restart. */
  forget(horizon: Revision, superseded: Iterable<Revision>): void {
    this.#horizon = horizon;
    for (const revision of superseded) this.#superseded.push(revision);
  }

  /** Counts all revisions up to this one as handed out, so that the next append begins after it. */
  skipTo(revision: Revision): void {
    this.#end = { ...this.#end, revision };
  }

  /** Makes a checkpoint if it is time for one. Throws what went wrong since the last call, too. */
  tidy(): void {
    if (this.#pagesSinceCheckpoint >= this.#bounds.checkpointPages) {
      this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)");
      this.#pagesSinceCheckpoint = 0;
    }
    const problem = this.#problem;
    this.#problem = undefined;
    if (problem !== undefined) throw new Error(problem);
  }

  /** Removes all that is superseded, however little, and makes the horizon durable. */
  settle(): void {
    do {
      const purged = this.#superseded.slice(0, this.#bounds.purgeRowsMax);
      this.#transaction(() => {
        this.#removeSuspects();
        this.#remove(purged, this.#end);
      });
      this.#superseded = this.#superseded.slice(purged.length);
    } while (this.#superseded.length > 0);
    this.#moveMark();
  }

  /** Throws unless a commit that needs room goes through. Removes what is superseded first, which makes room. */
  probe(): void {
    this.settle();
    this.#transaction(() => {
      this.#insert.run(probeRevision, "", new Uint8Array(2 * pageBytes), 0, 0, 0, 0);
      this.#delete.run(JSON.stringify([probeRevision]));
    });
  }

  /** Lets go of the file and its lock. */
  close(): void {
    this.#release();
  }

  #insertRow(row: LogRow, { total }: LogEnd): LogEnd {
    const proof = proofOf(row, total);
    const { revision, key, value, created, atMs } = row;
    this.#insert.run(revision, key, value, created, atMs, proof.checksum, proof.total);
    return { revision, total: proof.total };
  }

  /** Some of what is superseded: enough to keep up with appends, and not worth the trouble when there is little. */
  #purgeable(appended: number): readonly Revision[] {
    const { purgeAfterRows, purgeRowsMax } = this.#bounds;
    if (this.#superseded.length < purgeAfterRows) return [];
    return this.#superseded.slice(0, Math.max(purgeRowsMax, 2 * appended));
  }

  #remove(revisions: readonly Revision[], end: LogEnd): void {
    const list = JSON.stringify(revisions);
    const sum = Number(this.#sumOf.get(list)?.["sum"]) % 2 ** 32;
    this.#delete.run(list);
    const removed = addTotals(readState(this.#db).removed, sum);
    writeState(this.#db, { ...end, horizon: this.#horizon, removed });
  }

  #removeSuspects(): void {
    if (this.#isSuspect) this.#removeAfter(this.#end);
  }

  #removeAfter(end: LogEnd): void {
    this.#deleteAfter.run(end.revision);
    writeState(this.#db, { ...readState(this.#db), ...end });
  }

  /** The mark goes back first, on the disk too: it must never be ahead of the log. */
  #rewindTo(acknowledged: Revision): void {
    if (this.#end.revision < acknowledged)
      throw new LogDamagedError(endIsMissing(this.#end.revision, acknowledged));
    if (this.#end.revision === acknowledged) return;
    const end = { revision: acknowledged, total: totalBefore(this.#db, acknowledged) ?? this.#end.total };
    this.#mark.write(acknowledged);
    this.#mark.sync();
    this.#transaction(() => this.#removeAfter(end));
    this.#end = end;
  }

  #checkMark(path: string): void {
    const marked = this.#mark.read();
    if (marked === "damaged") this.#problem = `${markPathOf(path)} was damaged, and is written anew`;
    else if (marked !== "none" && marked > this.#end.revision)
      throw new LogDamagedError(endIsMissing(this.#end.revision, marked));
    this.#moveMark();
  }

  #moveMark(): void {
    try {
      this.#mark.write(this.#end.revision);
    } catch (error) {
      this.#problem = `the mark of what is acknowledged cannot be written: ${String(error)}`;
    }
  }

  #transaction(run: () => void): void {
    try {
      this.#begin.run();
      run();
      this.#commit.run();
      this.#isSuspect = false;
    } catch (error) {
      this.#isSuspect = true;
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  #release(): void {
    try {
      this.#db.close();
      this.#mark.close();
    } finally {
      this.#lock.release();
    }
  }
}

/** What a commit writes beside its values: the leaf where the last one ended, and now and then a page above it. */
const pagesPerCommit = 1.5;
const rowsPerPage = 6;
const probeRevision = -1;

function open(path: string, bounds: LogFileBounds) {
  const lock = takeLock(path);
  let db: DatabaseSync | undefined;
  try {
    db = openLogDatabase(path, bounds);
    return { lock, db, mark: new AcknowledgedMark(markPathOf(path)) };
  } catch (error) {
    db?.close();
    lock.release();
    throw error;
  }
}

function takeLock(path: string): FileLock {
  const taken = takeFileLock(`${path}-lock`);
  if (taken.kind === "taken") return taken.lock;
  throw new LogRefusedError("another server uses it");
}

/** The newest row, unless it was removed since the state was written. */
function endOf(db: DatabaseSync, state: LogState): LogEnd {
  const { revision, total } =
    db.prepare("SELECT revision, total FROM log ORDER BY revision DESC LIMIT 1").get() ?? {};
  if (typeof revision !== "number" || typeof total !== "number" || revision <= state.revision) return state;
  return { revision, total };
}

/** The total up to a revision, which may have left no row, told by the row after it; undefined when there is none. */
function totalBefore(db: DatabaseSync, revision: Revision): number | undefined {
  const { checksum, total } =
    db
      .prepare("SELECT checksum, total FROM log WHERE revision > ? ORDER BY revision LIMIT 1")
      .get(revision) ?? {};
  return typeof checksum === "number" && typeof total === "number"
    ? subtractTotals(total, checksum)
    : undefined;
}

function endIsMissing(held: Revision, acknowledged: Revision): string {
  return `its end is missing: it holds what was written up to revision ${held}, and ${acknowledged} was acknowledged`;
}
