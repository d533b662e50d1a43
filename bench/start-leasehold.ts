import { join } from "node:path";
import { type MeasuredProcess, startMeasured } from "./measured-process.ts";

/** Starts leasehold from the sources on a free port, with its data in a directory. */
export function startLeasehold(dataDir: string, store: "sqlite" | "memory"): Promise<MeasuredProcess> {
  const main = join(import.meta.dirname, "../packages/cli/src/main.ts");
  const settings = {
    "--listen": "127.0.0.1:0",
    "--data-dir": dataDir,
    "--store": store,
    "--log-level": "warn",
  };
  return startMeasured([main, "serve", ...Object.entries(settings).flat()]);
}
