import type { Scheduler } from "./scheduler.ts";

/** What happened, in true time, for whoever has to understand a failure. Texts are made only when somebody reads them. */
export class Trace {
  readonly #scheduler: Scheduler;
  readonly #lines: { readonly atMs: number; readonly who: string; readonly what: () => string }[] = [];

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  tell(who: string, what: () => string): void {
    this.#lines.push({ atMs: this.#scheduler.nowMs, who, what });
  }

  text(): string {
    return this.#lines
      .map(({ atMs, who, what }) => `${(atMs / 1000).toFixed(4).padStart(10)}  ${who.padEnd(10)} ${what()}`)
      .join("\n");
  }
}
