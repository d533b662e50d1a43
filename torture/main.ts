import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Draw } from "./draw.ts";
import { Figures } from "./figures.ts";
import type { Scenario } from "./scenario.ts";
import { etcdAlone, etcdReplicas } from "./scenarios/etcd-servers.ts";
import { failingDisk } from "./scenarios/failing-disk.ts";
import { flippedBits } from "./scenarios/flipped-bits.ts";
import { killStore } from "./scenarios/kill-store.ts";
import { prove } from "./scenarios/prove.ts";
import { powerCut } from "./scenarios/power-cut.ts";
import { memoryServer, sqliteServer } from "./scenarios/local-server.ts";

/**
 * npm run torture [-- --short] [--minutes N] [--seed N] [--only NAME,…] [--prove]: README.md says what each row proves. Ends with one line
 * of figures, and with exit code 1 when anything that was promised did not hold.
 */
const scenarios: readonly Scenario[] = [
  prove,
  killStore,
  powerCut,
  failingDisk,
  flippedBits,
  sqliteServer,
  memoryServer,
  etcdAlone,
  etcdReplicas,
];

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    minutes: { type: "string" },
    seed: { type: "string" },
    only: { type: "string" },
  },
});
const minutes = Number(values.minutes ?? (values.short ? 2.5 : 30));
const seed = Number(values.seed ?? (values.short ? 1 : Date.now() % 1_000_000));
const only = values.only?.split(",");
const chosen = scenarios.filter(({ name }) => only === undefined || only.includes(name));
if (chosen.length === 0 || !(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error(`torture: no such thing to do; there are ${scenarios.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const total = new Figures();
let failed = 0;
let weightLeft = chosen.reduce((sum, { weight }) => sum + weight, 0);
const deadlineMs = performance.now() + minutes * 60_000;
console.log(`torture: seed ${seed}, ${minutes} minutes`);
for (const scenario of chosen) {
  const share = (deadlineMs - performance.now()) * (scenario.weight / weightLeft);
  weightLeft -= scenario.weight;
  if (!(await tell(scenario, performance.now() + share))) failed += 1;
}
const verdict = failed === 0 ? "all held" : `${failed} of ${chosen.length} FAILED`;
console.log(`torture: ${verdict}; seed ${seed}, ${total.told()}`);
process.exit(failed === 0 ? 0 : 1);

async function tell(scenario: Scenario, untilMs: number): Promise<boolean> {
  const reason = scenario.missing?.();
  if (reason !== undefined) {
    console.log(`${scenario.name}: skipped, ${reason}`);
    return true;
  }
  const beganMs = performance.now();
  const figures = new Figures();
  const directory = mkdtempSync(join(tmpdir(), `leasehold-torture-${scenario.name}-`));
  try {
    await scenario.run({ draw: new Draw(`${seed} ${scenario.name}`), untilMs, figures, directory });
    rmSync(directory, { recursive: true, force: true });
    console.log(`${scenario.name}: held for ${seconds(beganMs)}; ${figures.told()}`);
    return true;
  } catch (error) {
    console.log(`${scenario.name}: FAILED after ${seconds(beganMs)}; ${figures.told()}`);
    console.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    console.log(`  (seed ${seed}; what it left is in ${directory})`);
    return false;
  } finally {
    total.addAll(figures);
  }
}

function seconds(sinceMs: number): string {
  return `${Math.round((performance.now() - sinceMs) / 1000)} s`;
}
