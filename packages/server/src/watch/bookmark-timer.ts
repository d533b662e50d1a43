import type { Clock, Timer } from "../clock.ts";
import { limits } from "../limits.ts";

/** What a reader was woken by. */
export type Turn<T> = { readonly kind: "item"; readonly item: T } | { readonly kind: "bookmark-due" };

/**
 * Says when a watch is due a bookmark: once a minute, and two seconds before its end, so that a client resumes close to where it
 * was; one that began with the present state is told once more soon. Waits for the watch's next item and for the time at once.
 */
export class BookmarkTimer {
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  #timer: Timer | undefined;
  #isDue = false;
  #hadLast = false;
  #wake: (() => void) | undefined;

  /** `deadlineMs` is when the watch ends, on the clock's monotonic scale. `soon`: the first bookmark comes soon, too. */
  constructor(clock: Clock, { deadlineMs, soon }: { readonly deadlineMs: number; readonly soon: boolean }) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
    this.#start(soon ? limits.bookmarkAfterStateMs : limits.bookmarkEveryMs);
  }

  /** The item, when it is there first; otherwise wait for it again after the bookmark. */
  async wait<T>(item: Promise<T>): Promise<Turn<T>> {
    const bell = new Promise<undefined>((resolve) => (this.#wake = () => resolve(undefined)));
    if (this.#isDue) this.#wake?.();
    const turn = await Promise.race([item.then((value) => ({ kind: "item" as const, item: value })), bell]);
    this.#wake = undefined;
    if (turn !== undefined) return turn;
    this.#isDue = false;
    this.#start(limits.bookmarkEveryMs);
    return { kind: "bookmark-due" };
  }

  /** Idempotent. */
  stop(): void {
    this.#timer?.cancel();
  }

  #start(afterMs: number): void {
    if (this.#hadLast) return;
    const now = this.#clock.monotonicMs();
    const beforeEnd = this.#deadlineMs - limits.bookmarkBeforeEndMs;
    const regular = now + afterMs;
    const isLast = beforeEnd > now && beforeEnd < regular;
    this.#hadLast = isLast;
    const at = isLast ? beforeEnd : regular;
    this.#timer = this.#clock.schedule(at - now, () => {
      this.#isDue = true;
      this.#wake?.();
    });
  }
}
