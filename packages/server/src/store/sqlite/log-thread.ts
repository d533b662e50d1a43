import { parentPort, workerData } from "node:worker_threads";
import { LogFile } from "./log-file.ts";
import { type LogAnswer, type LogRequest, type LogThreadData, packRows, unpackRows } from "./log-messages.ts";

/**
 * The thread in which the log waits for its disk. It answers first and tidies afterwards, a small piece at a time, so that a commit
 * that arrives meanwhile waits for no more than one piece.
 */
if (parentPort !== null) start(parentPort);

interface Port {
  postMessage(message: LogAnswer, transfer: ArrayBuffer[]): void;
  on(event: "message", listener: (request: LogRequest) => void): unknown;
  close(): void;
}

function start(port: Port): void {
  const file = open(port, workerData as LogThreadData);
  if (file === undefined) return port.close();
  let isTidying = false;

  const tidy = (): void => {
    isTidying = attempt(port, () => file.tidy());
    if (isTidying) setImmediate(tidy);
  };

  port.on("message", (request) => {
    if (request.kind === "forget") return file.forget(request.horizon, request.superseded);
    answer(port, request, () => {
      if (request.kind === "append") file.append(unpackRows(request.rows));
      else file[request.kind]();
    });
    if (request.kind === "close") port.close();
    else if (request.kind === "append" && !isTidying) tidy();
  });
}

function open(port: Port, data: LogThreadData): LogFile | undefined {
  try {
    const file = new LogFile(data);
    port.postMessage({ kind: "loading", horizon: file.horizon }, []);
    for (const rows of file.rows()) {
      const packed = packRows(rows);
      port.postMessage({ kind: "rows", rows: packed }, [packed.values.buffer]);
    }
    port.postMessage({ kind: "opened" }, []);
    return file;
  } catch (error) {
    port.postMessage({ kind: "refused", message: messageOf(error) }, []);
    return undefined;
  }
}

function answer(port: Port, { id }: { readonly id: number }, run: () => void): void {
  try {
    run();
    port.postMessage({ kind: "done", id }, []);
  } catch (error) {
    port.postMessage({ kind: "failed", id, reason: messageOf(error) }, []);
  }
}

function attempt(port: Port, run: () => boolean): boolean {
  try {
    return run();
  } catch (error) {
    port.postMessage({ kind: "problem", reason: messageOf(error) }, []);
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
