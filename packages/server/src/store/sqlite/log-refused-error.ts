import { messageOf } from "../../error-message.ts";
import { isSqliteBusy } from "../../sqlite-busy.ts";

/** Why a file is not opened: words for whoever starts the server. */
export class LogRefusedError extends Error {
  override readonly name = "LogRefusedError";
}

/** The file holds something else than what was written to it. Nothing of it is served. */
export class LogDamagedError extends LogRefusedError {
  /** SQLite tells of damage in several lines. */
  constructor(damage: string, options?: ErrorOptions) {
    const line = damage.replaceAll(/\s*\n\s*/g, " ");
    super(`${line}; "leasehold check" lists all damage, "leasehold restore" brings back a backup`, options);
  }
}

/** Says of which file, whatever was thrown about it. */
export function refusalOf(path: string, error: unknown): LogRefusedError {
  if (error instanceof LogRefusedError) return new LogRefusedError(`cannot use ${path}: ${error.message}`);
  if (isSqliteBusy(error))
    return new LogRefusedError(`cannot use ${path}: another process uses it`, { cause: error });
  if (isSqliteDamage(error))
    return refusalOf(path, new LogDamagedError(`SQLite finds it damaged (${messageOf(error)})`));
  return new LogRefusedError(`cannot use ${path}: ${messageOf(error)}`, { cause: error });
}

/** SQLITE_CORRUPT. A file that never was a database is another matter, and says so itself. */
export function isSqliteDamage(error: unknown): boolean {
  return (
    error instanceof Error &&
    "errcode" in error &&
    typeof error.errcode === "number" &&
    (error.errcode & 0xff) === 11
  );
}
