import { constants } from "node:os";

/** What a command leaves behind for scripts. `run` passes its command's own code on, so that its own words are rare ones. */
export const exitCode = {
  ok: 0,
  /** It was asked for rightly and could not be done. */
  failed: 1,
  /** `who`: nobody holds the lease. */
  nobody: 1,
  /** It was asked for wrongly: a flag, a value, a file that a flag names. */
  usage: 2,
  /** `run --no-wait`: somebody else holds the lease, so that the command was not run. `EX_TEMPFAIL` of sysexits.h. */
  held: 75,
  /** `run --once` or `--no-wait`: the lease was lost and the command stopped before its end. As timeout(1). */
  lost: 124,
  /** `run` and `who`, of which 1 says something else: it could not be done. As env(1). */
  unable: 125,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** What a shell says of a process that a signal ended. */
export function codeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
