import { join } from "node:path";
import { Acknowledged } from "../checkers/acknowledged.ts";
import type { Draw } from "../draw.ts";
import { BreachError, type Run, type Scenario } from "../scenario.ts";
import { runStoreProcess } from "./store-lines.ts";

/** The cheapest kill there is: a process with nothing but the SQLite store, thousands of times in a full run. */
export const killStore: Scenario = {
  name: "kill-store",
  title:
    "a process with the SQLite store alone writes and is killed with SIGKILL; the next one finds everything",
  weight: 4,
  async run(run) {
    // Two stores side by side, as starting a process is mostly waiting.
    await Promise.all([killAgainAndAgain(run, "one"), killAgainAndAgain(run, "other")]);
  },
};

async function killAgainAndAgain({ draw, untilMs, figures, directory }: Run, lane: string): Promise<void> {
  const draws = draw.fork(lane);
  const book = new Acknowledged();
  for (let epoch = 0; performance.now() < untilMs; epoch += 1) {
    await killOnce({ path: join(directory, `${lane}.sqlite`), epoch, book, draw: draws });
    figures.add("cycles");
    figures.add("kills");
    if (book.breaches.length > 0) break;
  }
  figures.add("acknowledged writes", book.count);
  figures.add("losses", book.breaches.length);
  if (book.breaches.length > 0) throw new BreachError(book.breaches);
}

interface Killing {
  readonly path: string;
  readonly epoch: number;
  readonly book: Acknowledged;
  readonly draw: Draw;
  readonly lies?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** One life: mostly killed after so many acknowledgements, now and then while it opens. */
export async function killOnce({ path, epoch, book, draw, lies = false, env }: Killing): Promise<void> {
  const atMs = draw.chance(0.1) ? draw.between(100, 600) : undefined;
  const before = book.count;
  const acknowledgements = draw.between(1, 600);
  let kill = (): void => {};
  await runStoreProcess({
    path,
    epoch,
    lies,
    env,
    onStart: (killNow) => {
      kill = killNow;
      if (atMs !== undefined) setTimeout(killNow, atMs);
    },
    hear: (line) => {
      book.hear(line);
      if (atMs === undefined && book.count - before >= acknowledgements) kill();
    },
  });
}
