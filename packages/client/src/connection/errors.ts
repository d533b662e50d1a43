import type { StatusBody } from "@leasehold/api";

/** What a request was for, in the words of Kubernetes' authorization: errors and telemetry quote it. */
export interface RequestSubject {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete` or `deletecollection`. */
  readonly verb: string;
  /** The plural with its group: `leases.coordination.k8s.io`. */
  readonly resource: string;
  /** Absent for what has no namespace, and for all namespaces together. */
  readonly namespace?: string | undefined;
  /** Absent for collections. */
  readonly name?: string | undefined;
}

/** The server was reached and refused. The text is the server's own. */
export class ApiError extends Error {
  override readonly name: string = "ApiError";
  /** The HTTP status, e.g. 409. */
  readonly code: number;
  /** Kubernetes' word for it, e.g. `NotFound`, `AlreadyExists`, `Conflict`, `Expired`; empty where the server gave none. */
  readonly reason: string;
  /** Names the object and the causes, for programs. */
  readonly details: StatusBody["details"];
  /** How long the server asks to be left alone, in seconds and within `limits.retryAfterSecondsMax`; undefined if it did not say. */
  readonly retryAfterSeconds: number | undefined;
  readonly request: RequestSubject;

  /** A write that was refused in this way may have happened nevertheless, e.g. because the store answered too late. */
  get mayHaveHappened(): boolean {
    return this.code >= 500 && !isRead(this.request);
  }

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.code = refusal.code;
    this.reason = refusal.reason;
    this.details = refusal.details;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
    this.request = refusal.request;
  }
}

/** The parts of an ApiError. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details: StatusBody["details"];
  readonly retryAfterSeconds: number | undefined;
  readonly request: RequestSubject;
}

/**
 * The user lacks a permission: asking again does not help, a role does. `request` has its verb and resource, and the message names
 * both. Other reasons for a 403 (a namespace that is going, a quota) are plain ApiErrors.
 */
export class ForbiddenError extends ApiError {
  override readonly name = "ForbiddenError";

  constructor(refusal: Refusal) {
    super({ ...refusal, message: `may not ${textOf(refusal.request)}: ${refusal.message}` });
  }
}

/** Who asks is not known to the server: the token or certificate is missing, wrong or expired. */
export class UnauthorizedError extends ApiError {
  override readonly name = "UnauthorizedError";
}

/** This server does not let this user watch: whoever wants to follow has to poll. `cause` is the refusal. */
export class WatchRefusedError extends Error {
  override readonly name = "WatchRefusedError";
  override readonly cause: ApiError;

  constructor(cause: ApiError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** The server was not reached, or a question was not answered: nothing has happened there. `cause` is the platform's error. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/**
 * A write was sent, and no answer came: it may have happened, or still happen. Only a later read tells. `cause` is the platform's
 * error.
 */
export class OutcomeUnknownError extends Error {
  override readonly name = "OutcomeUnknownError";
  readonly request: RequestSubject;

  constructor(message: string, options: ErrorOptions & { readonly request: RequestSubject }) {
    super(message, options);
    this.request = options.request;
  }
}

/** An answer came that is not what the API says: not JSON, not of the kind, or too large. Often it is a proxy's. */
export class UnreadableAnswerError extends Error {
  override readonly name = "UnreadableAnswerError";
}

/** The connection's settings cannot be used: a file is missing, a context is unknown, a package is not installed. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** `update leases.coordination.k8s.io "a" in namespace "b"` */
export function textOf({ verb, resource, namespace, name }: RequestSubject): string {
  const which = name === undefined ? "" : ` ${JSON.stringify(name)}`;
  const where = namespace === undefined ? "" : ` in namespace ${JSON.stringify(namespace)}`;
  return `${verb} ${resource}${which}${where}`;
}

export function isRead({ verb }: RequestSubject): boolean {
  return verb === "get" || verb === "list" || verb === "watch";
}
