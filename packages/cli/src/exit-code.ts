/** What a command leaves behind for scripts. */
export const exitCode = {
  ok: 0,
  /** It was asked for rightly and could not be done. */
  failed: 1,
  /** It was asked for wrongly: a flag, a value, a file that a flag names. */
  usage: 2,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
