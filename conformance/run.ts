import { parseArgs } from "node:util";
import { areas } from "./cases.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { knownDifferences } from "./known-differences.ts";
import { forEach, runCase } from "./run-cases.ts";
import { answersAsLeasehold } from "./server-kind.ts";
import { connectHttp1 } from "./wire/http1.ts";
import { connectHttp2 } from "./wire/http2.ts";

const usage = `node conformance/run.ts KUBECONFIG [--areas get,list] [--only TEXT] [--all] [--http2] [--verbose]

  Says every case to the server of the kubeconfig's current context, whose user must be an administrator.

  --areas  some areas only: ${[...areas.keys()].join(", ")}
  --only   the cases whose names hold this text
  --all    the known differences too, which hold for a kube-apiserver with all of its controllers
  --http2  over HTTP/2 instead of HTTP/1.1
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    areas: { type: "string" },
    only: { type: "string", default: "" },
    all: { type: "boolean", default: false },
    http2: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const [kubeconfig] = positionals;
const chosenAreas = values.areas?.split(",") ?? [...areas.keys()];
const strangeArea = chosenAreas.find((area) => !areas.has(area));
if (strangeArea !== undefined) {
  process.stderr.write(`there is no area called ${strangeArea}\n\n${usage}`);
  process.exitCode = 2;
} else if (kubeconfig === undefined || values.help) {
  process.stderr.write(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = (await run(kubeconfig)) ? 0 : 1;
}

async function run(kubeconfig: string): Promise<boolean> {
  const transport = (values.http2 ? connectHttp2 : connectHttp1)(readKubeconfig(kubeconfig));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    const holdsAll = values.all || (await answersAsLeasehold(transport));
    const differences = holdsAll ? [] : knownDifferences;
    await forEach(chosenCases(), {
      atOnceMax: 8,
      async work([area, one]) {
        const difference = differences.find((candidate) => candidate.case === one.name);
        const outcome =
          difference === undefined ? await runCase(one, transport) : { kind: "skipped" as const };
        counts[outcome.kind]++;
        if (outcome.kind === "skipped") console.log(`skipped ${area}: ${one.name} (${difference?.reason})`);
        if (outcome.kind === "failed") console.log(`FAILED ${area}: ${one.name}\n${told(outcome.error)}\n`);
        if (outcome.kind === "passed" && values.verbose) console.log(`passed ${area}: ${one.name}`);
      },
    });
  } finally {
    transport.close();
  }
  const { passed, failed, skipped } = counts;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && passed > 0;
}

function* chosenCases() {
  for (const [area, cases] of areas) {
    if (!chosenAreas.includes(area)) continue;
    for (const one of cases) if (one.name.includes(values.only)) yield [area, one] as const;
  }
}

function told(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/^/gm, "    ");
}
