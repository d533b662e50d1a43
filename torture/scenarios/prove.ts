import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Acknowledged } from "../checkers/acknowledged.ts";
import { FaultyDisk, withoutFaultyDisk } from "../faults/faulty-disk.ts";
import { BreachError, type Run, type Scenario } from "../scenario.ts";
import { liveOnce } from "./kill-store.ts";
import { liveOnDisk } from "./power-cut.ts";

/**
 * Whether the torture bites: each of these breaks a promise on purpose, and must be caught within so many cycles. (The checkers of
 * histories have their own tables of bad ones.)
 */
const broken: Readonly<Record<string, (run: Run, tries: number) => Promise<Acknowledged>>> = {
  "a store that is acknowledged before it has committed": async ({ draw, directory }, tries) => {
    const book = new Acknowledged();
    const path = join(directory, "lies.sqlite");
    for (let epoch = 0; epoch < tries && book.losses === 0; epoch += 1) {
      const count = draw.between(100, 400);
      await liveOnce({ path, epoch, book, lies: true, moment: { kind: "acknowledgements", count } });
    }
    return book;
  },
  "a disk that acknowledges syncs and loses them": async ({ draw, directory, figures }, tries) => {
    const book = new Acknowledged();
    mkdirSync(join(directory, "lying"));
    const disk = new FaultyDisk(join(directory, "lying"));
    for (let epoch = 0; epoch < tries && book.breaches.length === 0; epoch += 1) {
      const moment = { kind: "acknowledgements", count: draw.between(100, 400) } as const;
      const plan = { moment, cutsPower: true, fault: { sync: "lies" } } as const;
      await liveOnDisk({ disk, book, epoch, draw, figures, plan });
    }
    return book;
  },
};

export const prove: Scenario = {
  name: "prove",
  title: "the torture itself: a store that acknowledges too early and a disk that lies are caught",
  weight: 0.5,
  missing: withoutFaultyDisk,
  async run(run) {
    for (const [name, breakIt] of Object.entries(broken)) {
      const book = await breakIt(run, triesMax);
      run.figures.add("cycles", book.openings);
      if (book.breaches.length === 0) throw new BreachError([`${name} was not caught in ${triesMax} cycles`]);
      run.figures.add("broken promises caught");
    }
  },
};

const triesMax = 10;
