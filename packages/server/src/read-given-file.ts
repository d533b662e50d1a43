import { readFileSync } from "node:fs";
import { messageOf } from "./error-message.ts";
import { StartError } from "./start-error.ts";

/** The text of a file that the start depends on; a StartError names one that cannot be read. */
export function readGivenFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new StartError("setting", `cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** The same, where the file may be missing. */
export function readGivenFileIfPresent(path: string): string | undefined {
  try {
    return readGivenFile(path);
  } catch (error) {
    if (error instanceof StartError && isAbsence(error.cause)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
