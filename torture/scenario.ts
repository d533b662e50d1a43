import type { Draw } from "./draw.ts";
import type { Figures } from "./figures.ts";

/** One row of the torture. */
export interface Scenario {
  readonly name: string;
  /** What it does to whom, and what it proves: one line for whoever looks at the list. */
  readonly title: string;
  /** Its part of the time, relative to the others. */
  readonly weight: number;
  /** Why it cannot run on this machine; undefined when it can. */
  readonly missing?: () => string | undefined;
  /** Runs until about `untilMs` (of `performance.now()`), at least one round. Throws a BreachError when something does not hold. */
  run(run: Run): Promise<void>;
}

export interface Run {
  readonly draw: Draw;
  readonly untilMs: number;
  readonly figures: Figures;
  /** An empty directory of its own, removed when all held. */
  readonly directory: string;
}

/** What was promised does not hold. */
export class BreachError extends Error {
  override readonly name = "BreachError";
  readonly breaches: readonly string[];

  constructor(breaches: readonly string[]) {
    super(breaches.slice(0, 20).join("\n"));
    this.breaches = breaches;
  }
}
