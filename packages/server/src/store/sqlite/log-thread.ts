import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../error-message.ts";
import { LogFile } from "./log-file.ts";
import { refusalOf } from "./log-refused-error.ts";
import { type LogAnswer, type LogRequest, type LogThreadData, unpackRows } from "./log-messages.ts";

/**
 * The thread in which the log waits for its disk. It answers first and tidies afterwards, a small piece at a time, so that a commit
 * that arrives meanwhile does not wait for long.
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
  let toldProblem: string | undefined;

  const tidy = (): void => {
    try {
      file.tidy();
      toldProblem = undefined;
    } catch (error) {
      const reason = messageOf(error);
      // It is tried again after every commit; once is enough to be told.
      if (reason !== toldProblem) port.postMessage({ kind: "problem", reason }, []);
      toldProblem = reason;
    }
  };

  port.on("message", (request) => {
    if (request.kind === "forget") return file.forget(request.horizon, request.superseded);
    const isDone = answer(port, request, () => {
      if (request.kind === "append") file.append(unpackRows(request.rows));
      else file[request.kind]();
    });
    if (request.kind === "close") port.close();
    else if (isDone) tidy();
  });
}

function open(port: Port, data: LogThreadData): LogFile | undefined {
  let file: LogFile | undefined;
  try {
    file = new LogFile(data);
    const horizon = file.horizonOf(data.historyChangesMax);
    port.postMessage({ kind: "loading", horizon, revision: file.revision }, []);
    for (const piece of file.pieces()) {
      // Whoever opens it again has the rows in memory; that they are proven is what counts.
      if (data.acknowledged !== undefined) continue;
      const { numbers, keys, values } = piece;
      port.postMessage({ kind: "rows", piece }, [numbers.buffer, keys.buffer, values.buffer]);
    }
    file.checkStructure();
    port.postMessage({ kind: "opened" }, []);
    return file;
  } catch (error) {
    file?.close();
    port.postMessage({ kind: "refused", message: refusalOf(data.path, error).message }, []);
    return undefined;
  }
}

/** True when it was done, false when it failed. */
function answer(port: Port, { id }: { readonly id: number }, run: () => void): boolean {
  try {
    run();
    port.postMessage({ kind: "done", id }, []);
    return true;
  } catch (error) {
    port.postMessage({ kind: "failed", id, reason: messageOf(error) }, []);
    return false;
  }
}
