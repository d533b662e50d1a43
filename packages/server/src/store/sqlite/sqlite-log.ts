import type { Log, LogRecord } from "../log.ts";
import { type Revision, StoreUnavailableError } from "../store.ts";
import { type LogThreadData, packRows } from "./log-messages.ts";
import type { LogRow } from "./log-row.ts";
import { type LogThreadHandle, type LogThreadListener, startLogThread } from "./log-thread-handle.ts";
import type { RowPiece } from "./row-piece.ts";

export interface SqliteLogOptions extends Omit<LogThreadData, "acknowledged"> {
  /** Gets the horizon, and then every row of the file, oldest first, before the log is open. */
  readonly onHorizon: (horizon: Revision) => void;
  readonly onPiece: (piece: RowPiece) => void;
  /** Told in words when something in the background fails; nothing is lost by it. */
  readonly onProblem: (problem: string) => void;
}

export type OpenedLog =
  | { readonly kind: "opened"; readonly log: Log }
  | { readonly kind: "refused"; readonly message: string };

/** Starts the log's thread, and resolves when all rows have arrived, or with words that say why the file cannot be used. */
export async function openSqliteLog({
  onHorizon,
  onPiece,
  onProblem,
  ...data
}: SqliteLogOptions): Promise<OpenedLog> {
  let newest: Revision = 0;
  const started = await startLogThread(data, {
    onLoading(horizon, revision) {
      newest = revision;
      onHorizon(horizon);
    },
    onPiece,
    onProblem,
  });
  if (started.kind === "refused") return started;
  return { kind: "opened", log: new SqliteLog({ thread: started.thread, newest, data, onProblem }) };
}

interface SqliteLogParts {
  readonly thread: LogThreadHandle;
  /** The newest revision in the file. */
  readonly newest: Revision;
  readonly data: Omit<LogThreadData, "acknowledged">;
  readonly onProblem: (problem: string) => void;
}

/**
 * The log of a store, in a thread. If the thread ends, whatever the reason, a probe starts another one, which proves that the file holds
 * what was acknowledged and removes what was not. (What was to be forgotten and is still there is forgotten after the next start.)
 */
class SqliteLog implements Log {
  readonly #data: Omit<LogThreadData, "acknowledged">;
  readonly #onProblem: (problem: string) => void;
  #thread: LogThreadHandle;
  #acknowledged: Revision;
  #horizon: Revision | undefined;
  #superseded: Revision[] = [];
  #reopening: Promise<void> | undefined;
  #isClosing = false;

  constructor({ thread, newest, data, onProblem }: SqliteLogParts) {
    this.#data = data;
    this.#onProblem = onProblem;
    this.#thread = thread;
    this.#acknowledged = newest;
  }

  async append(batch: readonly LogRecord[]): Promise<void> {
    const rows = packRows(batch.map((record) => rowOf(record)));
    await this.#thread.request((id) => ({ kind: "append", id, rows }), [rows.values.buffer]);
    this.#acknowledged = batch.at(-1)?.change.revision ?? this.#acknowledged;
  }

  forget(horizon: Revision, superseded: readonly Revision[]): void {
    this.#horizon = horizon;
    for (const revision of superseded) this.#superseded.push(revision);
    if (this.#superseded.length >= this.#data.bounds.purgeAfterRows) this.#tellForgotten();
  }

  /** A message for each commit would cost more than what it says. */
  #tellForgotten(): void {
    if (this.#horizon === undefined || this.#thread.endedBecause !== undefined) return;
    this.#thread.tell({ kind: "forget", horizon: this.#horizon, superseded: this.#superseded });
    this.#horizon = undefined;
    this.#superseded = [];
  }

  settle(): Promise<void> {
    this.#tellForgotten();
    return this.#thread.request((id) => ({ kind: "settle", id }));
  }

  async probe(): Promise<void> {
    if (this.#thread.endedBecause !== undefined) await this.#reopen();
    this.#tellForgotten();
    await this.#thread.request((id) => ({ kind: "probe", id }));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    // Whether it succeeded does not matter any more.
    await this.#reopening?.catch(() => {});
    await this.#thread.close();
  }

  #reopen(): Promise<void> {
    if (this.#isClosing) return Promise.reject(new StoreUnavailableError("the store is closed"));
    this.#reopening = this.#startAnother().finally(() => (this.#reopening = undefined));
    return this.#reopening;
  }

  async #startAnother(): Promise<void> {
    const listener: LogThreadListener = { onLoading() {}, onPiece() {}, onProblem: this.#onProblem };
    const started = await startLogThread({ ...this.#data, acknowledged: this.#acknowledged }, listener);
    if (started.kind === "refused") throw new StoreUnavailableError(started.message);
    this.#thread = started.thread;
  }
}

function rowOf({ change, atMs }: LogRecord): LogRow {
  const { key, revision, after } = change;
  return { revision, key, value: after?.value ?? null, created: after?.created ?? 0, atMs };
}
