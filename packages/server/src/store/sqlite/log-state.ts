import type { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { Revision } from "../store.ts";
import { LogDamagedError } from "./log-refused-error.ts";

/** What the file keeps beside its rows: the one row of `state`. */
export interface LogState {
  /** The oldest revision that can be read after a restart. */
  readonly horizon: Revision;
  /** The newest revision when this was written, and the total of the checksums up to it: its row may be removed since. */
  readonly revision: Revision;
  readonly total: number;
  /** The sum, modulo 2^32, of the checksums of all rows that were removed. */
  readonly removed: number;
}

export const emptyState: LogState = { horizon: 0, revision: 0, total: 0, removed: 0 };

/** Throws a LogDamagedError when the row is not what was written. */
export function readState(db: DatabaseSync): LogState {
  const { horizon, revision, total, removed, checksum } = db.prepare("SELECT * FROM state").get() ?? {};
  if (
    typeof horizon === "number" &&
    typeof revision === "number" &&
    typeof total === "number" &&
    typeof removed === "number" &&
    checksum === stateChecksumOf({ horizon, revision, total, removed })
  )
    return { horizon, revision, total, removed };
  throw new LogDamagedError("its state (horizon, newest revision, sums) is not what was written");
}

export function writeState(db: DatabaseSync, state: LogState): void {
  const { horizon, revision, total, removed } = state;
  db.prepare("INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?, ?)").run(
    horizon,
    revision,
    total,
    removed,
    stateChecksumOf(state),
  );
}

function stateChecksumOf({ horizon, revision, total, removed }: LogState): number {
  return crc32([horizon, revision, total, removed].join(" "));
}
