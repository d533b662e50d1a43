import { durationsFor, LeaderElector } from "@leasehold/client";
import { parseArgs } from "node:util";
import { runElection } from "./run-election.ts";

/** npm run simulate -- [--seeds N] [--from SEED] [--trace]: elections under seeded trouble; the seed that fails is the one to look at. */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "2000" },
    from: { type: "string", default: "1" },
    trace: { type: "boolean", default: false },
  },
});
const [seeds, from] = [Number(values.seeds), Number(values.from)];
let terms = 0;
let slowest = 0;
for (let seed = from; seed < from + seeds; seed += 1) {
  const outcome = await runElection({ seed, subject: { LeaderElector, durationsFor } });
  terms += outcome.terms;
  slowest = Math.max(slowest, (outcome.recoveredMs ?? Infinity) / outcome.boundMs);
  if (outcome.violations.length === 0 && !values.trace) continue;
  console.log(`${outcome.trace.text()}\n\nseed ${seed}: ${outcome.violations.join("\n") || "nothing wrong"}`);
  if (outcome.violations.length > 0) process.exit(1);
}
console.log(
  `simulate: ${seeds} seeds, ${terms} terms, no two at one moment; slowest recovery ${Math.round(slowest * 100)} % of its bound`,
);
