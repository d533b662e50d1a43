import type { Writable } from "node:stream";
import type { Clock, Timer } from "../clock.ts";
import { limits } from "../limits.ts";
import type { Random } from "../random.ts";
import type {
  AnswerHeaders,
  Handler,
  HttpAnswer,
  HttpRequest,
  RequestHeaders,
  StreamAnswer,
  WholeAnswer,
} from "./exchange.ts";
import { firstHeader } from "./request-headers.ts";

/** What both protocol versions need to serve their exchanges. */
export interface AdapterOptions {
  readonly handler: Handler;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of what a handler or a stream threw, which is a bug of ours; the client has had its 500 or a cut stream. */
  readonly onUnexpected: (error: unknown, request?: HttpRequest) => void;
}

/** How one protocol version sends an answer; `http1.ts` and `http2.ts` each have theirs. */
export interface Reply {
  /** True when the client has gone, or has been answered: then nothing can be sent. */
  readonly over: boolean;
  sendWhole(answer: WholeAnswer): void;
  /** Sends the head at once and returns where the pieces go. */
  startStream(answer: StreamAnswer): Writable;
  /** Tells whoever asked for the request's signal. */
  abort(): void;
  /** Ends the exchange where it stands, when no answer can be sent. */
  cut(): void;
}

/**
 * The life of an exchange: the handler is asked, its answer is sent, and whatever goes wrong ends in an answer too. Holds
 * the exchanges that wait for their handler, oldest first, so that one timer serves all of their deadlines.
 */
export class NodeAdapter {
  readonly #options: AdapterOptions;
  readonly #waiting = new Set<Exchange>();
  #deadline: Timer | undefined;

  constructor(options: AdapterOptions) {
    this.#options = options;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** What the client calls its request, or a fresh UUID. */
  auditIdOf(headers: RequestHeaders): string {
    const given = firstHeader(headers, "audit-id");
    return given === "" ? this.#options.random.uuid() : plain(given);
  }

  /** What goes wrong outside of any exchange. */
  unexpected(error: unknown): void {
    this.#options.onUnexpected(error);
  }

  serve(request: HttpRequest, reply: Reply): void {
    let answer: Promise<HttpAnswer> | HttpAnswer;
    try {
      answer = this.#options.handler(request);
    } catch (error) {
      this.#fail(error, request, reply);
      return;
    }
    if (answer instanceof Promise)
      this.#await(answer, { request, reply, startedMs: this.clock.monotonicMs() });
    else this.#send(answer, request, reply);
  }

  /** Forgets its timer; exchanges that still wait are the listener's to cut. */
  close(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
    this.#waiting.clear();
  }

  #await(answer: Promise<HttpAnswer>, exchange: Exchange): void {
    const { request, reply } = exchange;
    this.#waiting.add(exchange);
    if (this.#deadline === undefined) this.#awaitDeadline(limits.httpAnswerWithinMs);
    answer.then(
      (whole) => {
        if (this.#waiting.delete(exchange)) this.#send(whole, request, reply);
        else if ("stream" in whole) void drop(whole.stream);
      },
      (error: unknown) => {
        if (this.#waiting.delete(exchange)) this.#fail(error, request, reply);
      },
    );
  }

  #send(answer: HttpAnswer, request: HttpRequest, reply: Reply): void {
    try {
      if ("stream" in answer) this.#stream(answer, request, reply);
      else if (!reply.over) reply.sendWhole(answer);
    } catch (error) {
      this.#fail(error, request, reply);
    }
  }

  #stream(answer: StreamAnswer, request: HttpRequest, reply: Reply): void {
    if (reply.over) return void drop(answer.stream);
    pump(answer.stream, reply.startStream(answer)).catch((error: unknown) => {
      this.#options.onUnexpected(error, request);
    });
  }

  #fail(error: unknown, request: HttpRequest, reply: Reply): void {
    this.#options.onUnexpected(error, request);
    try {
      if (!reply.over) reply.sendWhole(unexpectedAnswer);
    } catch {
      reply.cut();
    }
  }

  #awaitDeadline(delayMs: number): void {
    this.#deadline = this.clock.schedule(delayMs, () => this.#endOverdue());
  }

  #endOverdue(): void {
    this.#deadline = undefined;
    const nowMs = this.clock.monotonicMs();
    for (const exchange of this.#waiting) {
      const leftMs = exchange.startedMs + limits.httpAnswerWithinMs - nowMs;
      if (leftMs > 0) return this.#awaitDeadline(leftMs);
      this.#waiting.delete(exchange);
      exchange.reply.abort();
      this.#send(overdueAnswer, exchange.request, exchange.reply);
    }
  }
}

/**
 * The header lines of an answer, name and value in turn, with those that every answer of kube-apiserver has.
 * `Cache-Control` is the answer's own where it has one (OpenAPI documents may be cached), and absent where that is empty.
 */
export function headLines(headers: AnswerHeaders, auditId: string): string[] {
  const lines = ["Audit-Id", auditId, "Cache-Control", "no-cache, private"];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    if (name === "Cache-Control" && value === "") lines.splice(2, 2);
    else if (name === "Cache-Control" && typeof value === "string") lines[3] = value;
    else if (name === "Content-Type" && typeof value === "string") lines.push(name, value);
    else if (typeof value === "string") lines.push(name, plain(value));
    else for (const single of value) lines.push(name, plain(single));
  }
  return lines;
}

interface Exchange {
  readonly request: HttpRequest;
  readonly reply: Reply;
  readonly startedMs: number;
}

/**
 * Writes each piece at once and asks for the next when there is room. Pieces that are ready in the same turn of the event
 * loop go out together, as one TLS record instead of many.
 */
async function pump(stream: AsyncIterable<Uint8Array | string>, sink: Writable): Promise<void> {
  const iterator = stream[Symbol.asyncIterator]();
  const leave = (): void => void iterator.return?.().catch(() => undefined);
  sink.once("close", leave);
  try {
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
      if (sink.destroyed) return;
      if (sink.writableCorked === 0) {
        sink.cork();
        process.nextTick(() => sink.uncork());
      }
      if (!sink.write(step.value)) await room(sink);
    }
    if (!sink.destroyed) sink.end();
  } catch (error) {
    sink.destroy();
    throw error;
  } finally {
    sink.off("close", leave);
  }
}

function room(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      sink.off("drain", done);
      sink.off("close", done);
      resolve();
    };
    sink.on("drain", done);
    sink.on("close", done);
    if (sink.destroyed) done();
  });
}

/** Ends a stream that nobody will read. */
async function drop(stream: AsyncIterable<unknown>): Promise<void> {
  try {
    await stream[Symbol.asyncIterator]().return?.();
  } catch {
    // It was not read, so what it thinks of its end concerns nobody.
  }
}

/** Header values go out as the bytes of their UTF-8 form; what would end the line becomes a space. Both as Go does. */
function plain(value: string): string {
  if (printable.test(value)) return value;
  return Buffer.from(value.replace(unprintable, " "), "utf8").toString("latin1");
}

const printable = /^[\t\x20-\x7e]*$/;
const unprintable = /[^\t\x20-\x7e\u0080-\u{10ffff}]/gu;

const unexpectedAnswer: WholeAnswer = {
  status: 500,
  headers: { "Content-Type": "application/json" },
  body: '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Internal error occurred: the request could not be answered; the server\'s log says why","reason":"InternalError","details":{"causes":[{"message":"the request could not be answered; the server\'s log says why"}]},"code":500}\n',
};

/** What kube-apiserver's timeout filter says. */
const overdueAnswer: WholeAnswer = {
  status: 504,
  headers: { "Content-Type": "application/json" },
  body: '{"metadata":{},"status":"Failure","message":"Timeout: request did not complete within the allotted timeout","reason":"Timeout","details":{},"code":504}\n',
};
