import type { UpkeepRefused } from "@leasehold/server";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

/** Tells why a command on the server's files was not done. */
export function complainOf(
  command: string,
  { because, line }: UpkeepRefused,
  surroundings: Surroundings,
): ExitCode {
  surroundings.complain(`leasehold ${command}: ${line}`);
  return because === "setting" ? exitCode.usage : exitCode.failed;
}
