import type { Clock } from "../clock.ts";

/** Wakes whoever waits for something to change. What rings while nobody waits is not kept: look first, then wait, without a pause between. */
export class Bell {
  #waiting: (() => void)[] = [];

  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves at the next ring, at `untilMs` of the monotonic clock, or when the signal aborts, whichever comes first. */
  wait(clock: Clock, { untilMs, signal }: BellWait): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        timer?.cancel();
        signal?.removeEventListener("abort", wake);
        this.#waiting = this.#waiting.filter((other) => other !== wake);
        resolve();
      };
      const timer =
        untilMs === undefined ? undefined : clock.schedule(Math.max(0, untilMs - clock.monotonicMs()), wake);
      signal?.addEventListener("abort", wake);
      this.#waiting.push(wake);
    });
  }
}

export interface BellWait {
  /** Undefined: only a ring or the signal ends it. */
  readonly untilMs: number | undefined;
  readonly signal?: AbortSignal;
}
