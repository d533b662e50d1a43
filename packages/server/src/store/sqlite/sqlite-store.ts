import type { Clock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { History } from "../history.ts";
import { LocalStore, type LocalStoreBounds, localStoreBounds } from "../local-store.ts";
import type { Entry, Store } from "../store.ts";
import type { LogFileBounds, LogRow } from "./log-file.ts";
import { openSqliteLog } from "./sqlite-log.ts";

export interface SqliteStoreOptions {
  /** The database file; its directory exists. */
  readonly path: string;
  readonly clock: Clock;
  /** Told in words when work in the background fails (it is tried again). */
  readonly onProblem: (problem: string) => void;
  /** Other bounds than those of the limits table, for tests. */
  readonly bounds?: Partial<LocalStoreBounds & LogFileBounds> | undefined;
}

export type OpenSqliteStoreResult =
  | { readonly kind: "opened"; readonly store: Store }
  /** The file is in use, newer than this version, no store at all, or cannot be read. One line for whoever starts the server. */
  | { readonly kind: "refused"; readonly message: string };

/**
 * A store whose writes survive the process and the machine's power. It opens with everything that it ever acknowledged, and with the
 * history that its bounds allow, so that reads and watches go on where they were.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<OpenSqliteStoreResult> {
  const { path, clock, onProblem, bounds } = options;
  const history = new History();
  const opened = await openSqliteLog({
    path,
    bounds: { ...fileBounds, ...bounds },
    onRow: (row) => replay(history, row),
    onProblem,
  });
  if (opened.kind === "refused") return opened;
  const { log, horizon } = opened;
  history.advance(horizon);
  const compacted = history.compact(horizon);
  const trimmed = history.trim(clock.nowMs(), localStoreBounds(bounds));
  log.forget(history.horizon, [...compacted.superseded, ...(trimmed?.superseded ?? [])]);
  const gather = (commit: () => void): unknown => setImmediate(commit);
  return {
    kind: "opened",
    store: new LocalStore({ history, log, clock, gather, bounds: localStoreBounds(bounds) }),
  };
}

const fileBounds: LogFileBounds = {
  fileBytesMax: limits.sqliteFileBytesMax,
  cacheBytesMax: limits.sqliteCacheBytesMax,
  checkpointPages: limits.sqliteCheckpointPages,
  purgeRowsMax: limits.sqlitePurgeRowsMax,
  purgeAfterRows: limits.sqlitePurgeAfterRows,
};

/** Shows a row as the change that it was. Rows before the horizon may lack their predecessors, which nobody can read any more. */
function replay(history: History, { revision, key, value, created, atMs }: LogRow): void {
  const after: Entry | undefined = value === null ? undefined : { key, value, revision, created };
  history.apply({ key, revision, before: history.current(key), after }, atMs);
}
