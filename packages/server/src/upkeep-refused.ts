import { messageOf } from "./error-message.ts";
import { StartError } from "./start-error.ts";
import { LogRefusedError, refusalOf } from "./store/sqlite/log-refused-error.ts";

/** Why a backup, a restore or a check was not done, in one line for whoever asked for it. */
export interface UpkeepRefused {
  readonly kind: "refused";
  /** `setting`: what was asked for cannot be had. `surroundings`: not here and now, or not of these files. */
  readonly because: "setting" | "surroundings";
  readonly line: string;
}

export function refuse(because: UpkeepRefused["because"], line: string): UpkeepRefused {
  return { kind: "refused", because, line };
}

/** Words for what was thrown while a file was read or written; what nobody expects is thrown again. */
export function refusedBy(error: unknown, file: string): UpkeepRefused {
  if (error instanceof StartError) return refuse(error.because, error.message);
  if (error instanceof LogRefusedError || isSystemError(error))
    return refuse("surroundings", refusalOf(file, error).message);
  throw error;
}

/** Of the operating system or of SQLite: they carry a code. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "code" in error && messageOf(error) !== "";
}
