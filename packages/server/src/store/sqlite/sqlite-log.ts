import { Worker } from "node:worker_threads";
import type { Log, LogRecord } from "../log.ts";
import { type Revision, StoreUnavailableError } from "../store.ts";
import type { LogFileBounds } from "./log-database.ts";
import type { LogRow } from "./log-row.ts";
import type { RowPiece } from "./row-piece.ts";
import { type LogAnswer, type LogRequest, type LogThreadData, packRows } from "./log-messages.ts";

export interface OpenedLog {
  readonly kind: "opened";
  readonly log: Log;
}

export interface SqliteLogOptions extends LogThreadData {
  /** Gets the horizon, and then every row of the file, oldest first, before the log is open. */
  readonly onHorizon: (horizon: Revision) => void;
  readonly onPiece: (piece: RowPiece) => void;
  /** Told in words when something in the background fails; nothing is lost by it. */
  readonly onProblem: (problem: string) => void;
}

/** Starts the log's thread, and resolves when all rows have arrived, or with words that say why the file cannot be used. */
export function openSqliteLog(
  options: SqliteLogOptions,
): Promise<OpenedLog | { readonly kind: "refused"; readonly message: string }> {
  const { onHorizon, onPiece, onProblem, ...workerData } = options;
  const worker = new Worker(threadFile, { workerData, name: "store-log" });
  const log = new SqliteLog(worker, options.bounds);
  return new Promise((resolve) => {
    log.onEnd((reason) => resolve({ kind: "refused", message: reason }));
    worker.on("message", (answer: LogAnswer) => {
      if (answer.kind === "loading") onHorizon(answer.horizon);
      else if (answer.kind === "rows") onPiece(answer.piece);
      else if (answer.kind === "opened") resolve({ kind: "opened", log });
      else if (answer.kind === "refused") resolve(answer);
      else if (answer.kind === "problem") onProblem(answer.reason);
      else log.settleRequest(answer);
    });
  });
}

/** Beside this file, as source or as published. */
const threadFile = new URL(
  import.meta.url.endsWith(".ts") ? "./log-thread.ts" : "./log-thread.js",
  import.meta.url,
);

class SqliteLog implements Log {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  readonly #ended: Promise<string>;
  readonly #forgetAfterRows: number;
  #horizon: Revision | undefined;
  #superseded: Revision[] = [];
  #lastId = 0;
  #endedBecause: string | undefined;

  constructor(worker: Worker, bounds: LogFileBounds) {
    this.#worker = worker;
    this.#forgetAfterRows = bounds.purgeAfterRows;
    this.#ended = new Promise((resolve) => {
      worker.on("error", (error) => resolve(`the store's thread failed: ${String(error)}`));
      worker.on("exit", (code) => resolve(`the store's thread ended with code ${code}`));
    });
    this.onEnd((reason) => {
      this.#endedBecause = reason;
      for (const { reject } of this.#waiting.values()) reject(new StoreUnavailableError(reason));
      this.#waiting.clear();
    });
  }

  /** Calls back when the thread has ended, for whatever reason. */
  onEnd(told: (reason: string) => void): void {
    void this.#ended.then(told);
  }

  settleRequest(answer: LogAnswer & { readonly kind: "done" | "failed" }): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === "done") waiting?.resolve();
    else waiting?.reject(new StoreUnavailableError(answer.reason));
  }

  append(batch: readonly LogRecord[]): Promise<void> {
    const rows = packRows(batch.map((record) => rowOf(record)));
    return this.#request((id) => this.#post({ kind: "append", id, rows }, [rows.values.buffer]));
  }

  forget(horizon: Revision, superseded: readonly Revision[]): void {
    this.#horizon = horizon;
    for (const revision of superseded) this.#superseded.push(revision);
    if (this.#superseded.length >= this.#forgetAfterRows) this.#postForgotten();
  }

  /** A message for each commit would cost more than what it says. */
  #postForgotten(): void {
    if (this.#horizon === undefined) return;
    this.#post({ kind: "forget", horizon: this.#horizon, superseded: this.#superseded });
    this.#horizon = undefined;
    this.#superseded = [];
  }

  settle(): Promise<void> {
    this.#postForgotten();
    return this.#request((id) => this.#post({ kind: "settle", id }));
  }

  probe(): Promise<void> {
    this.#postForgotten();
    return this.#request((id) => this.#post({ kind: "probe", id }));
  }

  async close(): Promise<void> {
    if (this.#endedBecause !== undefined) return;
    await this.#request((id) => this.#post({ kind: "close", id }));
    await this.#ended;
  }

  #request(post: (id: number) => void): Promise<void> {
    if (this.#endedBecause !== undefined)
      return Promise.reject(new StoreUnavailableError(this.#endedBecause));
    this.#lastId += 1;
    const waiting = Promise.withResolvers<void>();
    this.#waiting.set(this.#lastId, waiting);
    post(this.#lastId);
    return waiting.promise;
  }

  #post(request: LogRequest, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }
}

function rowOf({ change, atMs }: LogRecord): LogRow {
  const { key, revision, after } = change;
  return { revision, key, value: after?.value ?? null, created: after?.created ?? 0, atMs };
}
