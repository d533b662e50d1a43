import { join } from "node:path";
import { Acknowledged } from "../checkers/acknowledged.ts";
import type { Draw } from "../draw.ts";
import { BreachError, type Run, type Scenario } from "../scenario.ts";
import { runStoreProcess, type StoreLine } from "./store-lines.ts";

/** The cheapest kill there is: a process with nothing but the SQLite store, thousands of times in a full run. */
export const killStore: Scenario = {
  name: "kill-store",
  title:
    "a process with the SQLite store alone writes and is killed with SIGKILL; the next one finds everything",
  weight: 8,
  async run(run) {
    // Two stores side by side, as starting a process is mostly waiting.
    await Promise.all([killAgainAndAgain(run, "one"), killAgainAndAgain(run, "other")]);
  },
};

async function killAgainAndAgain({ draw, untilMs, figures, directory }: Run, lane: string): Promise<void> {
  const draws = draw.fork(lane);
  const book = new Acknowledged();
  for (let epoch = 0; epoch === 0 || performance.now() < untilMs; epoch += 1) {
    await liveOnce({ path: join(directory, `${lane}.sqlite`), epoch, book, moment: drawMoment(draws) });
    figures.add("cycles");
    figures.add("kills");
    if (book.breaches.length > 0) break;
  }
  figures.add("acknowledged writes", book.count);
  figures.add("losses", book.losses);
  figures.add("other breaches", book.breaches.length - book.losses);
  if (book.breaches.length > 0) throw new BreachError(book.breaches);
}

/** When a process with a store is killed: never later than some seconds after its start, as a failing disk acknowledges nothing. */
export type Moment =
  | { readonly kind: "acknowledgements"; readonly count: number }
  | { readonly kind: "opened" }
  | { readonly kind: "after"; readonly ms: number };

/** Mostly under load, now and then while it opens. */
export function drawMoment(draw: Draw): Moment {
  if (draw.chance(0.1)) return { kind: "after", ms: draw.between(100, 600) };
  return { kind: "acknowledgements", count: draw.between(1, 600) };
}

export interface Life {
  readonly path: string;
  /** Part of what is written, so that no two lives write the same. */
  readonly epoch: number;
  readonly book: Acknowledged;
  readonly moment: Moment;
  readonly lies?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Hears what the process says, after the book. */
  readonly hear?: (line: StoreLine) => void;
}

/** One life of a store, from its opening to its death. */
export async function liveOnce({ book, moment, hear, ...life }: Life): Promise<void> {
  const acknowledgedBefore = book.count;
  let timer: NodeJS.Timeout | undefined;
  let kill = (): void => {};
  await runStoreProcess({
    ...life,
    onStart: (killNow) => {
      kill = killNow;
      timer = setTimeout(killNow, moment.kind === "after" ? moment.ms : lifeMsMax);
    },
    hear: (line) => {
      book.hear(line);
      hear?.(line);
      const acknowledged = book.count - acknowledgedBefore;
      if (moment.kind === "acknowledgements" && acknowledged >= moment.count) kill();
      if (moment.kind === "opened" && line.kind === "opened") kill();
    },
  });
  clearTimeout(timer);
}

const lifeMsMax = 5000;
