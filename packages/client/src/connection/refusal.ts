import { decodeJson, type StatusBody, statusTable } from "@leasehold/api";
import { limits } from "../limits.ts";
import { ApiError, ForbiddenError, type Refusal, type RequestSubject, UnauthorizedError } from "./errors.ts";

/** An answer that refuses, as it came. */
export interface RefusingAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Uint8Array;
}

/** The error that an answer other than 2xx stands for. */
export function refusalOf(answer: RefusingAnswer, request: RequestSubject): ApiError {
  const status = statusIn(answer.body);
  const refusal: Refusal = {
    code: answer.status,
    reason: status?.reason ?? (status === undefined ? (reasons.get(answer.status) ?? "") : ""),
    message: status?.message ?? `HTTP ${answer.status}${shown(answer.body)}`,
    details: status?.details,
    retryAfterSeconds: secondsOf(answer.retryAfter) ?? bounded(status?.details?.retryAfterSeconds),
    request,
  };
  if (answer.status === 401) return new UnauthorizedError(refusal);
  return isMissingPermission(refusal) ? new ForbiddenError(refusal) : new ApiError(refusal);
}

/** The error that a watch tells as its last event. */
export function statusRefusal(status: StatusBody, request: RequestSubject): ApiError {
  return new ApiError({
    code: status.code ?? 500,
    reason: status.reason ?? "",
    message: status.message ?? "the watch ended with an error",
    details: status.details,
    retryAfterSeconds: bounded(status.details?.retryAfterSeconds),
    request,
  });
}

/** Kubernetes' authorizers all have this sentence; other refusals with a 403 (quotas, webhooks, going namespaces) have not. */
function isMissingPermission({ code, message, details }: Refusal): boolean {
  return code === 403 && (details === undefined || / cannot \w+ (resource|path) /.test(message));
}

function statusIn(body: Uint8Array): StatusBody | undefined {
  const decoded = decodeJson(body, statusTable);
  return decoded.kind === "decoded" && decoded.typeKind === "Status" && decoded.valueError === undefined
    ? (decoded.value as StatusBody)
    : undefined;
}

function shown(body: Uint8Array): string {
  const text = new TextDecoder().decode(body.subarray(0, limits.errorTextCharactersMax)).trim();
  return text === "" ? "" : `: ${text}`;
}

/** Retry-After in seconds. Its other form, a date, would compare two machines' clocks; no API server sends it. */
function secondsOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? bounded(Number(header)) : undefined;
}

function bounded(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds <= 0 ? undefined : Math.min(seconds, limits.retryAfterSecondsMax);
}

/** What Kubernetes calls the codes that proxies and early stages of a server answer without a Status. */
const reasons: ReadonlyMap<number, string> = new Map([
  [400, "BadRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [405, "MethodNotAllowed"],
  [409, "Conflict"],
  [410, "Gone"],
  [413, "RequestEntityTooLarge"],
  [415, "UnsupportedMediaType"],
  [422, "Invalid"],
  [429, "TooManyRequests"],
  [500, "InternalError"],
  [503, "ServiceUnavailable"],
  [504, "Timeout"],
]);
