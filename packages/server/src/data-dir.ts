import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "./error-message.ts";
import { type FileLock, type FileLockResult, takeFileLock } from "./file-lock.ts";
import { StartError } from "./start-error.ts";

/** A data directory that this process alone uses, until it is released or the process ends, however it ends. */
export interface DataDir {
  readonly path: string;
  release(): void;
}

/**
 * Makes the directory if need be and takes it. Two servers on one directory would hand out the same revisions twice and
 * overwrite each other's certificates.
 */
export function takeDataDir(path: string): DataDir {
  makeDirectory(path);
  const lock = takeLock(join(path, "in-use.lock"));
  return { path, release: () => lock.release() };
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartError("setting", `cannot make the data directory ${path}: ${messageOf(error)}`);
  }
}

function takeLock(path: string): FileLock {
  const taken = takeOrRefuse(path);
  if (taken.kind === "taken") return taken.lock;
  throw new StartError("surroundings", `another server uses the data directory (${path} is locked)`);
}

function takeOrRefuse(path: string): FileLockResult {
  try {
    return takeFileLock(path);
  } catch (error) {
    throw new StartError("setting", `cannot use the data directory: ${path}: ${messageOf(error)}`);
  }
}
