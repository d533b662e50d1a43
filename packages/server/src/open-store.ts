import { join } from "node:path";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import { StartError } from "./start-error.ts";
import { openMemoryStore } from "./store/memory/memory-store.ts";
import { openSqliteStore } from "./store/sqlite/sqlite-store.ts";
import type { Store } from "./store/store.ts";

/** Opens the store that was asked for, in the data directory where it needs one. */
export async function openStore(
  { store, dataDir }: Pick<Config, "store" | "dataDir">,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Store> {
  if (store === "memory") return openMemoryStore({ clock });
  const path = join(dataDir, "leasehold.db");
  const onProblem = (problem: string): void => log.warn(problem, { store });
  const opened = await openSqliteStore({ path, clock, onProblem });
  if (opened.kind === "refused") throw new StartError("surroundings", opened.message);
  return opened.store;
}
