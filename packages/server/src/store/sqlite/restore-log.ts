import type { Revision } from "../store.ts";
import { logFileBounds, openLogDatabaseToRead } from "./log-database.ts";
import { LogFile } from "./log-file.ts";
import type { LogRow } from "./log-row.ts";
import { readState } from "./log-state.ts";
import { provenRows } from "./proven-rows.ts";

export interface RestoreLog {
  /** A log that nobody writes meanwhile, such as a copy. */
  readonly from: string;
  /** Must not exist. */
  readonly to: string;
  /** Called with the newest revision of `from`; what is restored gets the revisions after the one that it returns. */
  readonly startAfter: (revision: Revision) => Revision;
}

export interface RestoredLog {
  /** The newest revision, and the horizon: nothing before it can be read or watched. */
  readonly revision: Revision;
  readonly objects: number;
}

/**
 * Makes a new log of the entries that stand at the end of another one, in the order in which they were written, each at a new revision.
 * Every row is proven on the way. Throws what `refusalOf` turns into words.
 */
export function restoreLog({ from, to, startAfter }: RestoreLog): RestoredLog {
  const source = openLogDatabaseToRead(from);
  try {
    const state = readState(source);
    const standing = standingIn(provenRows(source, state));
    const start = startAfter(Math.max(state.revision, standing.revision));
    const log = new LogFile({ path: to, bounds: logFileBounds });
    try {
      return writeStanding(log, { start, standing, rows: provenRows(source, state) });
    } finally {
      log.close();
    }
  } finally {
    source.close();
  }
}

interface Standing {
  /** The revision of the entry that stands for each key. */
  readonly byKey: ReadonlyMap<string, Revision>;
  readonly revision: Revision;
}

function standingIn(pieces: Iterable<readonly LogRow[]>): Standing {
  const byKey = new Map<string, Revision>();
  let last: Revision = 0;
  for (const rows of pieces)
    for (const { key, value, revision } of rows) {
      if (value === null) byKey.delete(key);
      else byKey.set(key, revision);
      last = revision;
    }
  return { byKey, revision: last };
}

interface Writing {
  readonly start: Revision;
  readonly standing: Standing;
  readonly rows: Iterable<readonly LogRow[]>;
}

function writeStanding(log: LogFile, { start, standing, rows }: Writing): RestoredLog {
  let revision = start;
  log.skipTo(start);
  for (const piece of rows) {
    const kept = piece.filter(({ key, revision: written }) => standing.byKey.get(key) === written);
    const renewed = kept.map((row) => {
      revision += 1;
      return { ...row, revision, created: revision };
    });
    if (renewed.length > 0) log.append(renewed);
    log.tidy();
  }
  log.forget(revision, []);
  log.settle();
  return { revision, objects: standing.byKey.size };
}
