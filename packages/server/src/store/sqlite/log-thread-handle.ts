import { Worker } from "node:worker_threads";
import { type Revision, StoreUnavailableError } from "../store.ts";
import type { LogAnswer, LogRequest, LogThreadData } from "./log-messages.ts";
import type { RowPiece } from "./row-piece.ts";

export interface LogThreadListener {
  /** Told first: from where on the past matters, and the newest revision. */
  onLoading(horizon: Revision, revision: Revision): void;
  /** Every row, oldest first, unless the file was opened again. */
  onPiece(piece: RowPiece): void;
  /** Told in words when something in the background fails; nothing is lost by it. */
  onProblem(problem: string): void;
}

export type StartedLogThread =
  | { readonly kind: "opened"; readonly thread: LogThreadHandle }
  | { readonly kind: "refused"; readonly message: string };

/** Starts a thread on a file, and resolves when all rows have arrived, or with words that say why the file cannot be used. */
export function startLogThread(
  workerData: LogThreadData,
  listener: LogThreadListener,
): Promise<StartedLogThread> {
  const worker = new Worker(threadFile, { workerData, name: "store-log" });
  const thread = new LogThreadHandle(worker);
  return new Promise((resolve) => {
    void thread.ended.then((reason) => resolve({ kind: "refused", message: reason }));
    worker.on("message", (answer: LogAnswer) => {
      if (answer.kind === "loading") listener.onLoading(answer.horizon, answer.revision);
      else if (answer.kind === "rows") listener.onPiece(answer.piece);
      else if (answer.kind === "opened") resolve({ kind: "opened", thread });
      else if (answer.kind === "refused") resolve(answer);
      else if (answer.kind === "problem") listener.onProblem(answer.reason);
      else thread.settle(answer);
    });
  });
}

/** Beside this file, as source or as published. */
const threadFile = new URL(
  import.meta.url.endsWith(".ts") ? "./log-thread.ts" : "./log-thread.js",
  import.meta.url,
);

/** One thread, from the side of whoever asks it: requests get ids, and fail when the thread ends before it has answered. */
export class LogThreadHandle {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  /** Resolves with words when the thread is no more, for whatever reason. */
  readonly ended: Promise<string>;
  #endedBecause: string | undefined;
  #lastId = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.ended = new Promise((resolve) => {
      worker.on("error", (error) => resolve(`the store's thread failed: ${String(error)}`));
      worker.on("exit", (code) => resolve(`the store's thread ended with code ${code}`));
    });
    void this.ended.then((reason) => {
      this.#endedBecause = reason;
      for (const { reject } of this.#waiting.values()) reject(new StoreUnavailableError(reason));
      this.#waiting.clear();
    });
  }

  get endedBecause(): string | undefined {
    return this.#endedBecause;
  }

  request(request: (id: number) => LogRequest, transfer: ArrayBuffer[] = []): Promise<void> {
    if (this.#endedBecause !== undefined)
      return Promise.reject(new StoreUnavailableError(this.#endedBecause));
    this.#lastId += 1;
    const waiting = Promise.withResolvers<void>();
    this.#waiting.set(this.#lastId, waiting);
    this.tell(request(this.#lastId), transfer);
    return waiting.promise;
  }

  /** Wants no answer; a thread that has ended does not hear it. */
  tell(request: LogRequest, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  settle(answer: LogAnswer & { readonly kind: "done" | "failed" }): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === "done") waiting?.resolve();
    else waiting?.reject(new StoreUnavailableError(answer.reason));
  }

  /** Resolves when the thread is no more. */
  async close(): Promise<void> {
    if (this.#endedBecause !== undefined) return;
    await this.request((id) => ({ kind: "close", id }));
    await this.ended;
  }
}
