import { existsSync, linkSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { storeFileIn } from "./store-file.ts";
import { type CopiedLog, copyLog } from "./store/sqlite/copy-log.ts";
import { syncDirectory } from "./store/sqlite/log-database.ts";
import { refuse, refusedBy, type UpkeepRefused } from "./upkeep-refused.ts";

export interface BackUp {
  readonly dataDir: string;
  /** Where the backup will stand, once it is whole and on the disk. */
  readonly file: string;
  /** Whether a file that stands there already may be replaced. */
  readonly replace: boolean;
}

export type BackUpResult = ({ readonly kind: "done" } & CopiedLog) | UpkeepRefused;

/**
 * Copies the store of a data directory into one file, as it is at one moment, while a server runs on it or while none does. Who
 * may read the directory may do it; the server is not asked and goes on. Everything acknowledged before the call is in the copy.
 */
export function backUp({ dataDir, file, replace }: BackUp): BackUpResult {
  const from = storeFileIn(dataDir);
  if (!existsSync(from)) return refuse("setting", `there is no store in ${dataDir}`);
  if (existsSync(file) && !replace) return refuse("setting", `${file} exists; --force replaces it`);
  const partial = `${file}.${process.pid}.partial`;
  try {
    rmSync(partial, { force: true });
    const copied = copyLog({ from, to: partial });
    if (replace) renameSync(partial, file);
    else linkSync(partial, file);
    rmSync(partial, { force: true });
    syncDirectory(dirname(file));
    return { kind: "done", ...copied };
  } catch (error) {
    rmSync(partial, { force: true });
    return refusedBy(error, existsSync(dirname(file)) ? from : file);
  }
}
