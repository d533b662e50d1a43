import type { Clock } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { History, type HistoryBounds } from "../history.ts";
import { LocalStore, type LocalStoreBounds, localStoreBounds } from "../local-store.ts";
import type { Log } from "../log.ts";
import type { Revision, Store } from "../store.ts";
import { type LogFileBounds, logFileBounds } from "./log-database.ts";
import type { LogRow } from "./log-row.ts";
import { type RowPiece, rowsOf } from "./row-piece.ts";
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
  const { path, clock, onProblem } = options;
  const bounds = localStoreBounds(options.bounds);
  const loading = new Loading({ clock, bounds });
  const opened = await openSqliteLog({
    path,
    bounds: { ...logFileBounds, ...options.bounds },
    onHorizon: (horizon) => loading.begin(horizon),
    historyChangesMax: bounds.historyChangesMax,
    onPiece: (piece) => loading.take(piece),
    onProblem,
  });
  if (opened.kind === "refused") return opened;
  const { log } = opened;
  const history = loading.finish(log);
  // A single writer waits for nobody. Where there are several, the sync that they share is worth a moment.
  const gather = (commit: () => void, lastCount: number): unknown =>
    lastCount > 1 ? clock.schedule(limits.sqliteGatherMs, commit) : setImmediate(commit);
  return { kind: "opened", store: new LocalStore({ history, log, clock, gather, bounds }) };
}

/**
 * Builds the history from the rows of the log. Those up to the horizon only say what stands there; those after it are shown as if each
 * were written again. What is out of bounds is of the past, so that loading takes no more memory than what it leaves.
 */
class Loading {
  readonly #history = new History();
  readonly #superseded: Revision[] = [];
  readonly #nowMs: number;
  readonly #bounds: HistoryBounds;
  #horizon: Revision = 0;
  #isBegun = false;

  constructor({ clock, bounds }: { readonly clock: Clock; readonly bounds: HistoryBounds }) {
    this.#nowMs = clock.nowMs();
    this.#bounds = bounds;
  }

  begin(horizon: Revision): void {
    this.#horizon = horizon;
  }

  take(piece: RowPiece): void {
    for (const row of rowsOf(piece)) {
      if (this.#isOfThePast(row)) this.#begin(row);
      else this.#apply(row);
    }
    if (this.#isBegun) this.#trim();
  }

  finish(log: Log): History {
    if (!this.#isBegun) this.#history.begun(this.#horizon);
    this.#history.settle();
    log.forget(this.#history.horizon, this.#superseded);
    return this.#history;
  }

  #isOfThePast({ revision, atMs }: LogRow): boolean {
    if (this.#isBegun) return false;
    return revision <= this.#horizon || this.#nowMs - atMs > this.#bounds.historyMsMax;
  }

  /** Rows up to the horizon may lack their predecessors, which nobody can read any more. */
  #begin({ revision, key, value, created }: LogRow): void {
    const entry = value === null ? undefined : { key, value, revision, created };
    const replaced = this.#history.begin(key, entry);
    if (replaced !== undefined) this.#superseded.push(replaced.revision);
    if (entry === undefined) this.#superseded.push(revision);
    this.#horizon = Math.max(this.#horizon, revision);
  }

  #apply({ revision, key, value, created, atMs }: LogRow): void {
    if (!this.#isBegun) this.#history.begun(this.#horizon);
    this.#isBegun = true;
    const after = value === null ? undefined : { key, value, revision, created };
    this.#history.apply({ key, revision, before: this.#history.current(key), after }, atMs);
  }

  #trim(): void {
    const trimmed = this.#history.trim(this.#nowMs, this.#bounds);
    for (const revision of trimmed?.superseded ?? []) this.#superseded.push(revision);
  }
}
