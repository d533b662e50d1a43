import { join } from "node:path";
import { Acknowledged } from "../checkers/acknowledged.ts";
import type { Draw } from "../draw.ts";
import type { Figures } from "../figures.ts";
import { type DiskFault, FaultyDisk, withoutFaultyDisk } from "../faults/faulty-disk.ts";
import { BreachError, type Scenario } from "../scenario.ts";
import { drawMoment, liveOnce, type Moment } from "./kill-store.ts";

/** The power fails under a store: what was not synced is there in part, or torn, or gone. */
export const powerCut: Scenario = {
  name: "power-cut",
  title:
    "the store's process is killed, and what it had not synced is lost in part; what was acknowledged or shown is there",
  weight: 3,
  missing: withoutFaultyDisk,
  async run({ draw, untilMs, figures, directory }) {
    const disk = new FaultyDisk(directory);
    const book = new Acknowledged();
    let epoch = 0;
    do {
      for (const plan of drawPlans(draw)) {
        epoch += 1;
        await liveOnDisk({ disk, book, epoch, plan, draw, figures });
        figures.add("cycles");
        figures.add("kills");
      }
    } while (book.breaches.length === 0 && performance.now() < untilMs);
    const { writesFailed, syncsFailed } = disk.counts;
    figures.add("disk faults", writesFailed + syncsFailed);
    figures.add("acknowledged writes", book.count);
    figures.add("losses", book.losses);
    figures.add("other breaches", book.breaches.length - book.losses);
    if (book.breaches.length > 0) throw new BreachError(book.breaches);
  },
};

export interface Plan {
  readonly moment: Moment;
  readonly cutsPower: boolean;
  /** What the disk does once the store is open. */
  readonly fault: DiskFault;
}

/** One life, or two: each ends with a kill. */
function drawPlans(draw: Draw): readonly Plan[] {
  if (draw.chance(0.3)) return shownBeforeTheCut(draw);
  const fault: DiskFault = draw.chance(0.4) ? drawFault(draw) : {};
  return [{ moment: drawMoment(draw), cutsPower: draw.chance(0.7), fault }];
}

/**
 * A kill leaves unsynced writes in the page cache, more of them when syncs are slow. The next life finds them there and shows them;
 * when its power is cut at once, they must still be there.
 */
function shownBeforeTheCut(draw: Draw): readonly Plan[] {
  const fault: DiskFault = { sync: "slow", slowMs: 30 };
  return [
    { moment: { kind: "acknowledgements", count: draw.between(1, 100) }, cutsPower: false, fault },
    { moment: { kind: "opened" }, cutsPower: true, fault: {} },
  ];
}

function drawFault(draw: Draw): DiskFault {
  const oneIn = draw.oneOf([2, 10, 50]);
  return draw.oneOf<DiskFault>([
    { write: "no space", oneIn },
    { write: "I/O error", oneIn },
    { write: "half, then no space", oneIn },
    { write: "in pieces", oneIn },
    { sync: "I/O error", oneIn },
    { sync: "slow", slowMs: 20, oneIn },
  ]);
}

export interface LifeOnDisk {
  readonly disk: FaultyDisk;
  readonly book: Acknowledged;
  readonly epoch: number;
  readonly plan: Plan;
  readonly draw: Draw;
  readonly figures: Figures;
  /** Whether the process acknowledges before the store does. */
  readonly lies?: boolean;
}

/** One life of a store on a faulty disk, and what its plan says happens in the end. */
export async function liveOnDisk(life: LifeOnDisk): Promise<void> {
  const { disk, book, epoch, plan, draw, figures, lies = false } = life;
  await liveOnce({
    path: join(disk.root, "store.sqlite"),
    epoch,
    book,
    lies,
    moment: plan.moment,
    env: disk.env(draw),
    hear: (line) => {
      if (line.kind === "opened") disk.set(plan.fault);
    },
  });
  disk.set({});
  if (!plan.cutsPower) return;
  figures.add("power cuts");
  figures.add("sectors taken back", disk.cutPower(draw));
}
