import type { ApiObject, Kind } from "@leasehold/api";
import type { ApiRequest, RequestBounds, Connection, OpenAnswer } from "../connection/connection.ts";
import { ApiError, ConnectionError, ForbiddenError, WatchRefusedError } from "../connection/errors.ts";
import { deadline } from "../connection/deadline.ts";
import { statusRefusal } from "../connection/refusal.ts";
import { limits } from "../limits.ts";
import type { Timer } from "../clock.ts";
import type { Query } from "../resources/resource-path.ts";
import { linesOf } from "./lines.ts";
import { readWatchEvent } from "./read-watch-event.ts";
import type { WatchEvent } from "./watch-event.ts";

export interface WatchOptions extends RequestBounds {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Behind which version to begin. Absent: with the present state, as `added` events, and no telling where it ends. */
  readonly resourceVersion?: string | undefined;
  /** Begin with the present state and a bookmark behind it. Servers before Kubernetes 1.32 may refuse (400 or 422). */
  readonly sendInitialEvents?: boolean | undefined;
  /**
   * Milliseconds of silence after which the watch ends with a ConnectionError. Servers send a bookmark every minute; HTTP/2 notices a dead
   * connection by itself and sooner. Default `limits.watchSilenceMsMax`.
   */
  readonly silenceMs?: number | undefined;
}

export interface WatchTarget<O extends ApiObject> {
  readonly connection: Connection;
  readonly kind: Kind<O>;
  readonly target: (query: Query) => Pick<ApiRequest, "subject" | "path">;
}

/** One watch request, from its answer to its end. */
export async function* openWatch<O extends ApiObject>(
  { connection, kind, target }: WatchTarget<O>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<O>, void, undefined> {
  const request = { method: "GET", ...target(queryOf(options)) } as const;
  const answer = await open(connection, request, options);
  const quiet = new Silence(connection, answer, options.silenceMs ?? limits.watchSilenceMsMax);
  try {
    for await (const line of linesOf(quiet.heard(answer.body))) {
      const event = readWatchEvent(kind, line);
      if (event.kind === "error") throw statusRefusal(event.status, request.subject);
      yield event;
    }
  } catch (error) {
    throw quiet.explain(error);
  } finally {
    quiet.end();
    answer.close();
  }
}

async function open(connection: Connection, request: ApiRequest, options: WatchOptions): Promise<OpenAnswer> {
  try {
    return await connection.open(request, options);
  } catch (error) {
    if (error instanceof ForbiddenError || (error instanceof ApiError && error.code === 405))
      throw new WatchRefusedError(error);
    throw error;
  }
}

function queryOf({ resourceVersion, sendInitialEvents }: WatchOptions): Query {
  return {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion,
    sendInitialEvents,
    resourceVersionMatch: sendInitialEvents === undefined ? undefined : "NotOlderThan",
  };
}

/** Ends an answer that says nothing for too long: over HTTP/1.1 nothing else tells that the server is gone. */
class Silence {
  readonly #connection: Connection;
  readonly #answer: OpenAnswer;
  readonly #maxMs: number;
  #timer: Timer;
  #isTooLong = false;

  constructor(connection: Connection, answer: OpenAnswer, maxMs: number) {
    this.#connection = connection;
    this.#answer = answer;
    this.#maxMs = maxMs;
    this.#timer = this.#start();
  }

  async *heard(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of pieces) {
      // The reader's own time does not count.
      this.end();
      yield piece;
      this.#timer = this.#start();
    }
  }

  explain(error: unknown): unknown {
    if (!this.#isTooLong) return error;
    return new ConnectionError(`the watch at ${this.#connection.url} was silent for ${this.#maxMs} ms`, {
      cause: error,
    });
  }

  end(): void {
    this.#timer.cancel();
  }

  #start(): Timer {
    return deadline(this.#connection.clock, this.#maxMs, () => {
      this.#isTooLong = true;
      this.#answer.close();
    });
  }
}
