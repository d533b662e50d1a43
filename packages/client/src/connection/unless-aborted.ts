import { TransportError } from "./transport.ts";

/** What is awaited before a request is sent, or the end of the wait: nothing was sent by then. */
export function unlessAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(new TransportError("the request was aborted", { cause: signal.reason, sent: "no" }));
    };
    signal.addEventListener("abort", abort);
    void awaited.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
  });
}
