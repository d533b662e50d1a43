import { DatabaseSync } from "node:sqlite";
import { isSqliteBusy } from "./sqlite-busy.ts";

/** A file that this process alone holds, until it is released or the process ends, however it ends. */
export interface FileLock {
  /** Idempotent. */
  release(): void;
}

export type FileLockResult =
  | { readonly kind: "taken"; readonly lock: FileLock }
  | { readonly kind: "in-use" };

/**
 * Takes the lock that a file stands for, and makes the (empty) file if need be. Throws when the file cannot be made or opened.
 *
 * Node has no file locks, but its SQLite takes them: an open transaction on an empty database is a lock that the operating
 * system lets go when the process dies, unlike a file with a process id in it.
 */
export function takeFileLock(path: string): FileLockResult {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return { kind: "taken", lock: lockOf(database) };
  } catch (error) {
    database?.close();
    if (isSqliteBusy(error)) return { kind: "in-use" };
    throw error;
  }
}

function lockOf(database: DatabaseSync): FileLock {
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}
