import { closeSync, fsyncSync, openSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Revision } from "../store.ts";
import { readMark } from "./acknowledged-mark.ts";
import { openLogDatabaseToRead } from "./log-database.ts";
import { LogDamagedError } from "./log-refused-error.ts";
import { readState } from "./log-state.ts";
import { provenRows } from "./proven-rows.ts";

export interface CopiedLog {
  /** The state that the copy holds. */
  readonly revision: Revision;
  readonly objects: number;
  readonly bytes: number;
}

/**
 * Copies a log as it is at one moment, whether a server uses it or not; servers write on meanwhile. The copy is one file for its owner
 * alone, on the disk, and every row in it is proven. `to` must not exist. Throws what `refusalOf` turns into words.
 */
export function copyLog({ from, to }: { readonly from: string; readonly to: string }): CopiedLog {
  const acknowledged = readMark(from);
  closeSync(openSync(to, "wx", 0o600));
  const db = openLogDatabaseToRead(from);
  try {
    db.prepare("VACUUM INTO ?").run(to);
  } finally {
    db.close();
  }
  const { revision, objects } = proveCopy(to);
  if (typeof acknowledged === "number" && revision < acknowledged)
    throw new LogDamagedError(
      `its end is missing: it holds what was written up to revision ${revision}, and ${acknowledged} was acknowledged`,
    );
  syncFile(to);
  return { revision, objects, bytes: statSync(to).size };
}

function proveCopy(path: string): { readonly revision: Revision; readonly objects: number } {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const state = readState(db);
    const keys = new Set<string>();
    let { revision } = state;
    for (const rows of provenRows(db, state))
      for (const row of rows) {
        revision = Math.max(revision, row.revision);
        if (row.value === null) keys.delete(row.key);
        else keys.add(row.key);
      }
    return { revision, objects: keys.size };
  } finally {
    db.close();
  }
}

function syncFile(path: string): void {
  const descriptor = openSync(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
