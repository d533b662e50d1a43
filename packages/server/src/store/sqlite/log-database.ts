import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { limits } from "../../limits.ts";
import { LogRefusedError } from "./log-refused-error.ts";
import { emptyState, writeState } from "./log-state.ts";
import { upgradeFromVersion1 } from "./log-upgrade.ts";

export interface LogFileBounds {
  readonly fileBytesMax: number;
  readonly cacheBytesMax: number;
  readonly checkpointPages: number;
  readonly purgeRowsMax: number;
  readonly purgeAfterRows: number;
}

/** What the limits table says. */
export const logFileBounds: LogFileBounds = {
  fileBytesMax: limits.sqliteFileBytesMax,
  cacheBytesMax: limits.sqliteCacheBytesMax,
  checkpointPages: limits.sqliteCheckpointPages,
  purgeRowsMax: limits.sqlitePurgeRowsMax,
  purgeAfterRows: limits.sqlitePurgeAfterRows,
};

export const pageBytes = 4096;

/** "leas": marks the file as ours, so that no other database is taken for a log. */
export const applicationId = 0x6c656173;
export const schemaVersion = 2;

/**
 * Opens the database of a log, or makes it, and brings it to this version's schema. Throws a LogRefusedError, or what SQLite
 * throws, when it is not a log that this version understands; then it is left as it was.
 *
 * What is found in the write-ahead log may be known to the operating system alone: when a sync fails, its pages count as clean though
 * they are not on the disk. So all of it is written again, to the database, and synced, before anything is appended.
 */
export function openLogDatabase(path: string, bounds: LogFileBounds): DatabaseSync {
  closeSync(openSync(path, "a", 0o600));
  const db = new DatabaseSync(path, { timeout: limits.sqliteLockWaitMsMax });
  try {
    checkVersion(db);
    configure(db, bounds);
    bringUpToDate(db);
    db.exec(`PRAGMA max_page_count = ${Math.floor(bounds.fileBytesMax / pageBytes)}`);
    writeAheadLogBecomesEmpty(db);
    syncDirectory(dirname(path));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens a log to look at it, be it in use or not. Throws when it is none that this version understands. */
export function openLogDatabaseToRead(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: limits.sqliteLockWaitMsMax, readOnly: true });
  try {
    if (checkVersion(db) !== schemaVersion)
      throw new LogRefusedError("it is of an older version; a server that opens it upgrades it");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Other processes may read the log while it is open (a backup does); the lock beside it keeps other writers out. */
function configure(db: DatabaseSync, { cacheBytesMax, checkpointPages }: LogFileBounds): void {
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = ${4 * checkpointPages * pageBytes};
    PRAGMA cache_size = -${Math.floor(cacheBytesMax / 1024)};
  `);
}

/** One transaction: what is interrupted has not happened, and is done again at the next start. */
function bringUpToDate(db: DatabaseSync): void {
  db.exec("BEGIN IMMEDIATE");
  const version = singleNumber(db, "PRAGMA user_version");
  if (version < schemaVersion) {
    if (version === 0) createSchema(db);
    else upgradeFromVersion1(db, () => createSchema(db));
    db.exec(`PRAGMA user_version = ${schemaVersion}`);
  }
  db.exec("COMMIT");
}

function createSchema(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE log (
      revision INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      value BLOB,
      created INTEGER NOT NULL,
      at_ms INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      total INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE state (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      horizon INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      total INTEGER NOT NULL,
      removed INTEGER NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT;
    PRAGMA application_id = ${applicationId};
  `);
  writeState(db, emptyState);
}

/** The version of a log's schema; 0 for an empty file. Throws for what is no log of this version or an older one. */
function checkVersion(db: DatabaseSync): number {
  const version = singleNumber(db, "PRAGMA user_version");
  const isEmpty = singleNumber(db, "SELECT count(*) FROM sqlite_schema") === 0;
  if (version === 0 && isEmpty) return 0;
  if (version === 0 || singleNumber(db, "PRAGMA application_id") !== applicationId)
    throw new LogRefusedError("it is not a leasehold store");
  if (version > schemaVersion)
    throw new LogRefusedError(
      `it was written by a newer version (format ${version}; this one knows ${schemaVersion})`,
    );
  return version;
}

function writeAheadLogBecomesEmpty(db: DatabaseSync): void {
  const isBusy = singleNumber(db, "PRAGMA wal_checkpoint(TRUNCATE)") !== 0;
  if (isBusy) throw new LogRefusedError("another process has been reading it for too long");
}

/** SQLite syncs the directory when it makes the write-ahead log; the directory's own entry is for us to sync. */
export function syncDirectory(directory: string): void {
  for (const path of [directory, dirname(directory)]) {
    const descriptor = openSync(path, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** The first column of the first row. */
export function singleNumber(db: DatabaseSync, sql: string): number {
  const [value] = Object.values(db.prepare(sql).get() ?? {});
  if (typeof value !== "number") throw new TypeError(`${sql} gave no number`);
  return value;
}
