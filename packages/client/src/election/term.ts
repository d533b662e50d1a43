/**
 * One stretch of leadership. While it is live nobody else leads, as far as clocks keep their rates (docs/elections.md says what that
 * rests on). It is judged by the monotonic clock each time that somebody asks, not by a timer: a process that stood still learns of it
 * from the first question it puts.
 */
export interface Term {
  /** Who leads: the elector's own identity. */
  readonly identity: string;
  /** Which lease is held. */
  readonly lease: { readonly namespace: string; readonly name: string };
  /**
   * The resourceVersion of the write that took the lease. It only grows from term to term, so that a store that remembers the greatest
   * token it has seen can turn away whoever comes with an older one. Compare as integers of any length.
   */
  readonly fencingToken: string;
  /**
   * Aborts when the term ends, at the latest `stopGraceMs` before anybody else may lead; its reason is a `TermEndedError`. Reading
   * `aborted` and calling `throwIfAborted()` look at the clock; what listens for the event hears of a stall when timers run again.
   */
  readonly signal: AbortSignal;
  /** Whether the term is live at this moment, by the clock. */
  isLive(): boolean;
  /** Throws the `TermEndedError` unless the term is live at this moment: for use right before what only a leader may do. */
  assertLive(): void;
  /** How much longer the term is live if no renewal comes through from now on, in milliseconds; 0 when it has ended. */
  remainingMs(): number;
  /**
   * Ends the term in favour of a candidate: the signal aborts, and when the work has settled the lease is released and marked for
   * `identity`, for whom other candidates of this library wait a moment. Idempotent; the first call counts.
   */
  transfer(identity: string): void;
  /**
   * Says that the work has settled: ends the term if it is live, releases the lease if it is still held, and resolves when that is done or
   * has become pointless. Idempotent.
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Why a term ended. */
export type TermEnd =
  /** The work settled, or the loop over terms was left. */
  | { readonly kind: "done" }
  /** Whoever runs the elector aborted its signal. */
  | { readonly kind: "stopped" }
  /** No renewal came through in time; `lastFailure` is what the last attempt came to, undefined when none had been made (a stall). */
  | { readonly kind: "expired"; readonly lastFailure: Error | undefined }
  /** Somebody else holds the lease, against the rules or because an operator wrote it. */
  | { readonly kind: "taken"; readonly by: string }
  /** The lease was emptied or deleted from outside: an operator's order. */
  | { readonly kind: "revoked"; readonly how: "emptied" | "deleted" }
  /** The holder makes room for this candidate: by `transfer`, by a request in the lease, or because a coordinated election prefers it. */
  | { readonly kind: "transferred"; readonly to: string };

/** The reason of an ended term's signal. */
export class TermEndedError extends Error {
  override readonly name = "TermEndedError";
  readonly end: TermEnd;

  constructor(end: TermEnd) {
    super(`the term has ended: ${describeEnd(end)}`, cause(end));
    this.end = end;
  }
}

function cause(end: TermEnd): ErrorOptions | undefined {
  return end.kind === "expired" && end.lastFailure !== undefined ? { cause: end.lastFailure } : undefined;
}

function describeEnd(end: TermEnd): string {
  switch (end.kind) {
    case "done":
      return "the work is done";
    case "stopped":
      return "the elector was stopped";
    case "expired":
      return end.lastFailure === undefined
        ? "the process stood still for longer than the lease allows"
        : `the lease could not be renewed in time (${end.lastFailure.message})`;
    case "taken":
      return `${end.by} holds the lease`;
    case "revoked":
      return `the lease was ${end.how} by somebody else`;
    case "transferred":
      return `it was transferred to ${end.to}`;
  }
}
