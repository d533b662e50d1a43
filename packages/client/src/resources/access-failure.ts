import {
  ApiError,
  ConnectionError,
  ForbiddenError,
  OutcomeUnknownError,
  SettingsError,
  UnauthorizedError,
  UnreadableAnswerError,
  WatchRefusedError,
} from "../connection/errors.ts";
import type { Failed } from "../election/object-access.ts";

/** What an error means to an election. What is no failure of a request is thrown on. */
export function failureOf(error: unknown, signal: AbortSignal): Failed {
  if (error instanceof WatchRefusedError) return failureOf(error.cause, signal);
  if (error instanceof ForbiddenError)
    return { kind: "failed", failure: { kind: "forbidden", verb: error.request.verb, error } };
  if (error instanceof ApiError && !mayPass(error))
    return { kind: "failed", failure: { kind: "refused", error } };
  if (error instanceof ApiError) {
    const { retryAfterSeconds } = error;
    const retryAfterMs = retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000;
    return { kind: "failed", failure: { kind: "unavailable", retryAfterMs, error } };
  }
  if (error instanceof Error && (signal.aborted || isOutage(error)))
    return { kind: "failed", failure: { kind: "unavailable", retryAfterMs: undefined, error } };
  if (signal.aborted)
    return failureOf(new ConnectionError("the request was aborted", { cause: error }), signal);
  throw error;
}

/** Unlike what is wrong with the request itself. A token that is refused today may be replaced in a moment. */
function mayPass(error: ApiError): boolean {
  return error instanceof UnauthorizedError || error.code === 408 || error.code === 429 || error.code >= 500;
}

/** Settings are outages too: files of tokens and certificates are sometimes missed while somebody replaces them. */
function isOutage(error: Error): boolean {
  return (
    error instanceof ConnectionError ||
    error instanceof OutcomeUnknownError ||
    error instanceof UnreadableAnswerError ||
    error instanceof SettingsError
  );
}
