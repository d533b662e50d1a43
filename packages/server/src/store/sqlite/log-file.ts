import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { messageOf } from "../../error-message.ts";
import { isSqliteBusy } from "../../sqlite-busy.ts";
import type { Revision } from "../store.ts";

export interface LogFileOptions {
  readonly path: string;
  readonly bounds: LogFileBounds;
}

export interface LogFileBounds {
  readonly fileBytesMax: number;
  readonly cacheBytesMax: number;
  readonly checkpointPages: number;
  readonly purgeRowsMax: number;
  readonly purgeAfterRows: number;
}

/** One revision as the file keeps it; without a value, the deletion of its key. */
export interface LogRow {
  readonly revision: Revision;
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly created: Revision;
  readonly atMs: number;
}

/** Why a file is not opened: words for whoever starts the server. */
export class LogRefusedError extends Error {
  override readonly name = "LogRefusedError";
}

/**
 * The append-only log of revisions in an SQLite file. Everything here waits for the disk, so it runs in a thread of its own.
 *
 * `append` returns when the rows are on the disk (write-ahead log, synchronous=FULL). What is superseded is removed later, in small
 * transactions that are not synced by themselves: the next commit's sync carries them, and a purge that a crash undoes is done again.
 * Checkpoints are made here, after a commit is acknowledged, and small, because the writer stands still meanwhile.
 */
export class LogFile {
  readonly #db: DatabaseSync;
  readonly #bounds: LogFileBounds;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteAfter: StatementSync;
  readonly #setHorizon: StatementSync;
  /** The newest revision that was acknowledged. */
  #revision: Revision;
  #horizon: Revision;
  #horizonIsKept = true;
  /** The last commit failed, and may yet be found in the write-ahead log by a reader who recovers it. */
  #isSuspect = false;
  #superseded: Revision[] = [];
  #pagesSinceCheckpoint = 0;

  /** Opens the file, or makes it. Throws a LogRefusedError when it is in use, or not a log that this version understands. */
  constructor({ path, bounds }: LogFileOptions) {
    this.#bounds = bounds;
    this.#db = open(path, bounds);
    this.#begin = this.#db.prepare("BEGIN IMMEDIATE");
    this.#commit = this.#db.prepare("COMMIT");
    this.#insert = this.#db.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?)");
    this.#delete = this.#db.prepare("DELETE FROM log WHERE revision = ?");
    this.#deleteAfter = this.#db.prepare("DELETE FROM log WHERE revision > ?");
    this.#setHorizon = this.#db.prepare("UPDATE state SET horizon = ?");
    this.#horizon = this.#number("SELECT horizon FROM state");
    this.#revision = Math.max(this.#horizon, this.#number("SELECT coalesce(max(revision), 0) FROM log"));
  }

  get horizon(): Revision {
    return this.#horizon;
  }

  /** Every row, oldest first, some at a time. (Row by row, node:sqlite takes more than twice as long.) */
  *rows(): Generator<readonly LogRow[], void> {
    const statement = this.#db.prepare(`
      SELECT revision, key, value, created, at_ms FROM log WHERE revision > ? ORDER BY revision LIMIT ${loadRows}
    `);
    statement.setReturnArrays(true);
    for (let last: Revision | undefined = 0; last !== undefined;) {
      const rows: readonly LogRow[] = statement.all(last).map((row) => rowOf(row));
      if (rows.length > 0) yield rows;
      last = rows.at(-1)?.revision;
    }
  }

  /** Makes rows durable, all or none. Throws when it cannot; the next append may be tried at once. */
  append(rows: Iterable<LogRow>): void {
    let bytes = 0;
    let revision = this.#revision;
    this.#transaction(() => {
      if (this.#isSuspect) this.#deleteAfter.run(this.#revision);
      for (const row of rows) {
        this.#insert.run(row.revision, row.key, row.value, row.created, row.atMs);
        bytes += row.value?.byteLength ?? 0;
        revision = row.revision;
      }
    });
    this.#revision = revision;
    this.#isSuspect = false;
    this.#pagesSinceCheckpoint += Math.ceil(bytes / pageBytes) + pagesPerCommit;
  }

  /** Notes what may be removed, and from where on states are readable after a restart. */
  forget(horizon: Revision, superseded: Iterable<Revision>): void {
    this.#horizonIsKept &&= horizon === this.#horizon;
    this.#horizon = horizon;
    for (const revision of superseded) this.#superseded.push(revision);
  }

  /** Does one small piece of what has piled up; true when there is more. */
  tidy(): boolean {
    if (this.#pagesSinceCheckpoint >= this.#bounds.checkpointPages) this.#checkpoint();
    else if (this.#superseded.length >= this.#bounds.purgeAfterRows) this.#purge();
    return (
      this.#pagesSinceCheckpoint >= this.#bounds.checkpointPages ||
      this.#superseded.length >= this.#bounds.purgeAfterRows
    );
  }

  /** Removes all that is superseded, however little, and makes the horizon durable. */
  settle(): void {
    while (this.#superseded.length > 0) this.#purge();
    this.#transaction(() => this.#setHorizon.run(this.#horizon));
    this.#horizonIsKept = true;
  }

  /** Throws unless a commit that needs room goes through. Removes what is superseded first, which makes room. */
  probe(): void {
    this.settle();
    this.#transaction(() => {
      if (this.#isSuspect) this.#deleteAfter.run(this.#revision);
      this.#insert.run(probeRevision, "", new Uint8Array(2 * pageBytes), 0, 0);
      this.#delete.run(probeRevision);
    });
    this.#isSuspect = false;
  }

  /** Lets go of the file and its lock. */
  close(): void {
    this.#db.close();
  }

  #purge(): void {
    const revisions = this.#superseded.slice(0, this.#bounds.purgeRowsMax);
    this.#db.exec("PRAGMA synchronous = NORMAL");
    try {
      this.#transaction(() => {
        this.#keepHorizon();
        for (const revision of revisions) this.#delete.run(revision);
      });
    } finally {
      this.#db.exec("PRAGMA synchronous = FULL");
    }
    this.#superseded = this.#superseded.slice(revisions.length);
    this.#pagesSinceCheckpoint += revisions.length / rowsPerPage + pagesPerCommit;
  }

  #keepHorizon(): void {
    if (!this.#horizonIsKept) this.#setHorizon.run(this.#horizon);
    this.#horizonIsKept = true;
  }

  #checkpoint(): void {
    this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)");
    this.#pagesSinceCheckpoint = 0;
  }

  #transaction(run: () => void): void {
    const horizonWasKept = this.#horizonIsKept;
    try {
      this.#begin.run();
      run();
      this.#commit.run();
    } catch (error) {
      this.#isSuspect = true;
      this.#horizonIsKept = horizonWasKept;
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  #number(sql: string): number {
    return singleNumber(this.#db, sql);
  }
}

const pageBytes = 4096;
/** What a commit writes beside its values: the leaf where the last one ended, and now and then a page above it. */
const pagesPerCommit = 1.5;
const rowsPerPage = 6;
/** Few enough that one old value does not keep much memory from being freed, as all values of a message share a buffer. */
const loadRows = 200;
const probeRevision = -1;

/** "leas": marks the file as ours, so that no other database is taken for a log. */
const applicationId = 0x6c656173;
const schemaVersion = 1;

const schema = `
  CREATE TABLE log (
    revision INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    value BLOB,
    created INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), horizon INTEGER NOT NULL) STRICT;
  INSERT INTO state VALUES (1, 0);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;

function open(path: string, bounds: LogFileBounds): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
    prepare(db, bounds);
    syncDirectory(dirname(path));
    return db;
  } catch (error) {
    if (db?.isOpen === true) db.close();
    throw refusal(path, error);
  }
}

/** The lock is one of the operating system's, on the file itself: it ends with the process, however that ends. */
function prepare(db: DatabaseSync, { fileBytesMax, cacheBytesMax, checkpointPages }: LogFileBounds): void {
  db.exec("PRAGMA locking_mode = EXCLUSIVE");
  checkVersion(db);
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = ${4 * checkpointPages * pageBytes};
    PRAGMA cache_size = -${Math.floor(cacheBytesMax / 1024)};
    PRAGMA max_page_count = ${Math.floor(fileBytesMax / pageBytes)};
    BEGIN IMMEDIATE;
  `);
  if (singleNumber(db, "PRAGMA user_version") === 0) db.exec(schema);
  db.exec("COMMIT");
}

function checkVersion(db: DatabaseSync): void {
  const version = singleNumber(db, "PRAGMA user_version");
  const isEmpty = singleNumber(db, "SELECT count(*) FROM sqlite_schema") === 0;
  if (version === 0 && isEmpty) return;
  if (singleNumber(db, "PRAGMA application_id") !== applicationId)
    throw new LogRefusedError("it is not a leasehold store");
  if (version > schemaVersion)
    throw new LogRefusedError(
      `it was written by a newer version (format ${version}; this one knows ${schemaVersion})`,
    );
}

function refusal(path: string, error: unknown): LogRefusedError {
  if (error instanceof LogRefusedError) return new LogRefusedError(`cannot use ${path}: ${error.message}`);
  if (isSqliteBusy(error))
    return new LogRefusedError(`cannot use ${path}: another server uses it`, { cause: error });
  return new LogRefusedError(`cannot use ${path}: ${messageOf(error)}`, { cause: error });
}

/** SQLite syncs the directory when it makes the write-ahead log; the directory's own entry is for us to sync. */
function syncDirectory(directory: string): void {
  for (const path of [directory, dirname(directory)]) {
    const descriptor = openSync(path, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** From the columns of a row, in the order in which `rows` asks for them. */
function rowOf({
  0: revision,
  1: key,
  2: value,
  3: created,
  4: atMs,
}: Record<number, SQLOutputValue>): LogRow {
  const isRow =
    typeof revision === "number" &&
    typeof key === "string" &&
    typeof created === "number" &&
    typeof atMs === "number";
  if (isRow && (value === null || value instanceof Uint8Array))
    return { revision, key, value, created, atMs };
  throw new TypeError(`the log holds a row that is none, at revision ${String(revision)}`);
}

function singleNumber(db: DatabaseSync, sql: string): number {
  const [value] = Object.values(db.prepare(sql).get() ?? {});
  if (typeof value !== "number") throw new TypeError(`${sql} gave no number`);
  return value;
}
