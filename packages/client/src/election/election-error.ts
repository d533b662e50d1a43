import type { AccessFailure } from "./object-access.ts";

/** The user may not do what an election needs; `verb` is the missing permission on the resource that the message names. */
export class MissingPermissionError extends Error {
  override readonly name = "MissingPermissionError";
  /** `get`, `create`, `update`, …, as a role would name it. */
  readonly verb: string;

  constructor(verb: string, cause: Error) {
    super(`an election needs permission to ${verb}: ${cause.message}`, { cause });
    this.verb = verb;
  }
}

/** The server refuses what was asked for good, e.g. because the namespace does not exist or the lease's name is none. */
export class ElectionRefusedError extends Error {
  override readonly name = "ElectionRefusedError";

  constructor(cause: Error) {
    super(`the server refuses the election's request: ${cause.message}`, { cause });
  }
}

/** The error for a failure that no repetition helps against; undefined for one that may pass. */
export function lastingError(failure: AccessFailure): Error | undefined {
  switch (failure.kind) {
    case "forbidden":
      return new MissingPermissionError(failure.verb, failure.error);
    case "refused":
      return new ElectionRefusedError(failure.error);
    case "unavailable":
      return undefined;
  }
}
