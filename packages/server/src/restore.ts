import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type DataDir, takeDataDir } from "./data-dir.ts";
import { limits } from "./limits.ts";
import { storeFileIn } from "./store-file.ts";
import { markPathOf, readMark } from "./store/sqlite/acknowledged-mark.ts";
import { openLogDatabaseToRead, singleNumber, syncDirectory } from "./store/sqlite/log-database.ts";
import { LogRefusedError } from "./store/sqlite/log-refused-error.ts";
import { readState } from "./store/sqlite/log-state.ts";
import { type RestoredLog, restoreLog } from "./store/sqlite/restore-log.ts";
import type { Revision } from "./store/store.ts";
import { refuse, refusedBy, type UpkeepRefused } from "./upkeep-refused.ts";

export interface Restore {
  readonly dataDir: string;
  /** A backup, or the log of a server that does not run. */
  readonly file: string;
  /** Whether a store that is there may be replaced; it is kept beside the new one. */
  readonly replace: boolean;
  /** How many revisions are left out, as a server that is lost may have handed them out after the backup. */
  readonly bumpRevision: number;
}

export type RestoreResult = ({ readonly kind: "done"; readonly file: string } & RestoredLog) | UpkeepRefused;

/**
 * Fills a data directory from a backup. Every object gets a new revision, beyond all that anybody may have seen, and there is no history
 * before that: a client that knew the lost server is told that its resourceVersion is too old, lists again, and goes on.
 */
export function restore(asked: Restore): RestoreResult {
  if (!existsSync(asked.file)) return refuse("setting", `there is no file ${asked.file}`);
  let dataDir: DataDir | undefined;
  try {
    dataDir = takeDataDir(asked.dataDir);
    return restoreInto(dataDir, asked);
  } catch (error) {
    return refusedBy(error, asked.file);
  } finally {
    dataDir?.release();
  }
}

function restoreInto({ path }: DataDir, { file, replace, bumpRevision }: Restore): RestoreResult {
  const store = storeFileIn(path);
  if (!replace && remainsOf(store).length > 0)
    return refuse(
      "setting",
      `there is a store in ${path}; --force replaces it, and keeps it beside the new one`,
    );
  const fresh = `${store}.restoring`;
  removeFiles(fresh);
  const restored = restoreLog({
    from: file,
    to: fresh,
    startAfter: (revision) => bumped(Math.max(revision, seenIn(store)), bumpRevision),
  });
  putInPlace(fresh, store);
  return { kind: "done", file: store, ...restored };
}

/** What is handed out after the bump must stay a safe integer for longer than anybody restores. */
function bumped(revision: Revision, bump: number): Revision {
  if (revision + bump <= limits.restoredRevisionMax) return revision + bump;
  throw new LogRefusedError(
    `it stands at revision ${revision}, and ${bump} more would pass ${limits.restoredRevisionMax}; choose a smaller --bump-revision`,
  );
}

/** The newest revision that the store to be replaced is known to have acknowledged, as far as it can be read. */
function seenIn(store: string): Revision {
  const mark = existsSync(markPathOf(store)) ? readMark(store) : "none";
  return Math.max(typeof mark === "number" ? mark : 0, newestIn(store));
}

function newestIn(store: string): Revision {
  if (!existsSync(store)) return 0;
  try {
    const db = openLogDatabaseToRead(store);
    try {
      return Math.max(readState(db).revision, singleNumber(db, "SELECT coalesce(max(revision), 0) FROM log"));
    } finally {
      db.close();
    }
  } catch {
    // It is to be replaced because it cannot be read, perhaps; the mark tells what it can.
    return 0;
  }
}

/**
 * The new mark comes first: it is ahead of whatever stands there until the new log does, so that no server takes a restore that died on
 * the way for a sound store. Doing it again heals it. A write-ahead log never stands beside a database that it is not of.
 */
function putInPlace(fresh: string, store: string): void {
  const aside = `${store}.replaced`;
  if (existsSync(store)) removeFiles(aside);
  if (existsSync(markPathOf(store))) copyFileSync(markPathOf(store), markPathOf(aside));
  renameSync(markPathOf(fresh), markPathOf(store));
  syncDirectory(dirname(store));
  moveIfPresent(store, aside);
  moveIfPresent(`${store}-wal`, `${aside}-wal`);
  rmSync(`${store}-shm`, { force: true });
  renameSync(fresh, store);
  removeFiles(fresh);
  syncDirectory(dirname(store));
}

function moveIfPresent(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}

/** Whatever of a log is there; the lock alone is nothing. */
function remainsOf(path: string): readonly string[] {
  return ["", "-wal", "-mark"].filter((suffix) => existsSync(path + suffix));
}

function removeFiles(path: string): void {
  const directory = dirname(path);
  for (const name of readdirSync(directory))
    if (name === basename(path) || name.startsWith(`${basename(path)}-`)) rmSync(join(directory, name));
}
