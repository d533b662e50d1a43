import { join } from "node:path";

/** The log of the SQLite store. Files whose names begin with its name belong to it. */
export function storeFileIn(dataDir: string): string {
  return join(dataDir, "leasehold.db");
}
