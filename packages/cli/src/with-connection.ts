import {
  ApiError,
  type Connection,
  ConnectionError,
  ElectionRefusedError,
  MissingPermissionError,
  OutcomeUnknownError,
  SettingsError,
  UnreadableAnswerError,
} from "@leasehold/client";
import { connectBy, type ConnectionFlags } from "./connection-flags.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

/** Who asks, and what it leaves behind when it cannot be done. */
export interface Asker {
  readonly command: string;
  readonly surroundings: Surroundings;
  /** Default `failed`. */
  readonly failed?: ExitCode;
}

/** Does something over a connection as the flags name it; what servers, networks and the system refuse becomes one line and an exit code. */
export async function withConnection(
  flags: ConnectionFlags,
  { command, surroundings, failed = exitCode.failed }: Asker,
  act: (connection: Connection) => Promise<number>,
): Promise<number> {
  try {
    await using connection = await connectBy(flags);
    return await act(connection);
  } catch (error) {
    if (!isExpected(error)) throw error;
    surroundings.complain(`leasehold ${command}: ${error.message}`);
    return error instanceof SettingsError ? exitCode.usage : failed;
  }
}

function isExpected(error: unknown): error is Error {
  if (expectedErrors.some((kind) => error instanceof kind)) return true;
  // The system's own: no process can be started, no memory is left.
  return error instanceof Error && "syscall" in error;
}

const expectedErrors = [
  ApiError,
  ConnectionError,
  ElectionRefusedError,
  MissingPermissionError,
  OutcomeUnknownError,
  SettingsError,
  UnreadableAnswerError,
];

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.reason === "NotFound";
}
