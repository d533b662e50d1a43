import type { RequestSubject } from "./errors.ts";

/**
 * What may be measured of a connection. Nothing is, unless one of these is given to it; then each method is called on the way of a
 * request, and must not throw.
 */
export interface Telemetry {
  /** A request is about to be sent; what is returned is told how it ended, once. */
  requestBegins(request: RequestSubject): RequestTelemetry;
}

export interface RequestTelemetry {
  /** Headers that carry the trace on, e.g. `traceparent`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For a watch: when its first byte was there. */
  ended(outcome: RequestOutcome): void;
}

export type RequestOutcome =
  | { readonly kind: "answered"; readonly status: number }
  | { readonly kind: "failed"; readonly error: unknown };
