import type { ClientHttp2Session } from "node:http2";
import type { Clock, Timer } from "../../clock.ts";
import { limits } from "../../limits.ts";
import { deadline } from "../deadline.ts";

/**
 * Asks the peer whether it is still there, for as long as somebody waits for it: every `limits.pingEveryMs`, unless something else was
 * heard since. A peer that does not answer within `limits.pingWithinMs` is reported, once. An idle connection is not pinged, so that it
 * keeps neither the process nor the network awake.
 */
export class Http2Pings {
  readonly #session: ClientHttp2Session;
  readonly #clock: Clock;
  readonly #silent: () => void;
  #waiting = 0;
  #timer: Timer | undefined;
  #heardMs = Number.NEGATIVE_INFINITY;

  constructor(session: ClientHttp2Session, { clock, silent }: { clock: Clock; silent: () => void }) {
    this.#session = session;
    this.#clock = clock;
    this.#silent = silent;
  }

  /** Somebody waits for the peer from now on. */
  begin(): void {
    this.#waiting += 1;
    if (this.#waiting === 1) this.#plan(limits.pingEveryMs);
  }

  end(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#timer?.cancel();
  }

  /** Something came from the peer. */
  heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
  }

  hasHeardSince(sinceMs: number): boolean {
    return this.#heardMs >= sinceMs;
  }

  #plan(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.schedule(delayMs, () => {
      const quietMs = this.#clock.monotonicMs() - this.#heardMs;
      if (quietMs < limits.pingEveryMs) this.#plan(limits.pingEveryMs - quietMs);
      else this.#ping();
    });
  }

  #ping(): void {
    if (this.#session.destroyed || this.#session.closed) return;
    const sentMs = this.#clock.monotonicMs();
    this.#timer = deadline(this.#clock, limits.pingWithinMs, () => {
      // Answers queue behind data on a slow line; data is a sign of life too.
      if (!this.hasHeardSince(sentMs)) this.#silent();
      else this.#plan(limits.pingEveryMs);
    });
    this.#session.ping((error) => {
      if (error !== null) return;
      this.heard();
      if (this.#waiting > 0) this.#plan(limits.pingEveryMs);
    });
  }
}
