import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf } from "./error-message.ts";
import { isSqliteBusy } from "./sqlite-busy.ts";
import { StartError } from "./start-error.ts";

/** A data directory that this process alone uses, until it is released or the process ends, however it ends. */
export interface DataDir {
  readonly path: string;
  release(): void;
}

/**
 * Makes the directory if need be and takes it. Two servers on one directory would hand out the same revisions twice and
 * overwrite each other's certificates.
 *
 * Node has no file locks, but its SQLite takes them: an open transaction on an empty database is a lock that the operating
 * system lets go when the process dies, unlike a file with a process id in it.
 */
export function takeDataDir(path: string): DataDir {
  makeDirectory(path);
  const database = openLock(join(path, "in-use.lock"));
  return { path, release: () => database.close() };
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartError("setting", `cannot make the data directory ${path}: ${messageOf(error)}`);
  }
}

function openLock(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database?.close();
    if (isSqliteBusy(error))
      throw new StartError("surroundings", `another server uses the data directory (${path} is locked)`);
    throw new StartError("setting", `cannot use the data directory: ${path}: ${messageOf(error)}`);
  }
}
