import type { Clock, Timer } from "../clock.ts";
import { limits } from "../limits.ts";
import { deadline } from "./deadline.ts";
import {
  ConnectionError,
  isRead,
  OutcomeUnknownError,
  type RequestSubject,
  textOf,
  UnreadableAnswerError,
} from "./errors.ts";
import { joinPieces } from "./join-pieces.ts";
import { type Transport, type TransportAnswer, TransportError, type TransportRequest } from "./transport.ts";

export interface ExchangeParts {
  readonly subject: RequestSubject;
  readonly url: string;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly settled: () => void;
}

/** One request under way: joins the caller's signal and the deadline, and gives each failure its name. */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #controller = new AbortController();
  readonly #timer: Timer;
  #isLate = false;
  #isSettled = false;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    parts.signal?.addEventListener("abort", this.#abort);
    this.#timer = deadline(parts.clock, parts.timeoutMs, () => {
      this.#isLate = true;
      this.#abort();
    });
  }

  readonly #abort = (): void => this.#controller.abort();

  async send(transport: Transport, request: Omit<TransportRequest, "signal">): Promise<TransportAnswer> {
    try {
      return await transport.request({ ...request, signal: this.#controller.signal });
    } catch (error) {
      throw this.#named(error);
    }
  }

  async readWhole(answer: TransportAnswer): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of this.#pieces(answer)) {
      bytes += piece.length;
      if (bytes > limits.answerBytesMax)
        throw new UnreadableAnswerError(`${this.#what()}: the answer exceeds ${limits.answerBytesMax} bytes`);
      pieces.push(piece);
    }
    return joinPieces(pieces);
  }

  async *read(answer: TransportAnswer): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* this.#pieces(answer);
    } finally {
      this.settle();
    }
  }

  noTimeLimit(): void {
    this.#timer.cancel();
  }

  /** Ends the request whatever its state. */
  abandon(): void {
    this.#abort();
    this.settle();
  }

  /** Leaves no timer and no listener behind. Idempotent. */
  settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#timer.cancel();
    this.#parts.signal?.removeEventListener("abort", this.#abort);
    this.#parts.settled();
  }

  async *#pieces(answer: TransportAnswer): AsyncGenerator<Uint8Array, void, undefined> {
    const pieces = answer.body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const piece = await pieces.next().catch((error: unknown) => {
          throw this.#named(error);
        });
        if (piece.done === true) return;
        yield piece.value;
      }
    } finally {
      await pieces.return?.();
    }
  }

  #named(error: unknown): unknown {
    const { signal, subject, timeoutMs } = this.#parts;
    if (!(error instanceof TransportError)) return error;
    if (signal?.aborted === true) return signal.reason;
    const because = this.#isLate ? `no answer within ${timeoutMs} ms` : error.message;
    const message = `${this.#what()}: ${because}`;
    if (error.sent === "no" || isRead(subject)) return new ConnectionError(message, { cause: error.cause });
    return new OutcomeUnknownError(message, { cause: error.cause, request: subject });
  }

  #what(): string {
    return `${textOf(this.#parts.subject)} at ${this.#parts.url}`;
  }
}
