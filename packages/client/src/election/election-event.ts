import type { AccessFailure } from "./object-access.ts";
import type { TermEnd } from "./term.ts";

/** What an elector tells whoever wants to log or count. Times are the observer's own; nothing is decided by these. */
export type ElectionEvent =
  /** The lease was seen to change. `holder` is empty when nobody holds it; `resourceVersion` is empty when there is no lease. */
  | { readonly kind: "sighting"; readonly holder: string; readonly resourceVersion: string }
  /** A candidate waits, and why; `untilMs` is on the monotonic clock, undefined when only a change can end it. */
  | { readonly kind: "waiting"; readonly reason: string; readonly untilMs: number | undefined }
  | { readonly kind: "acquired"; readonly fencingToken: string; readonly tookMs: number }
  | { readonly kind: "renewed"; readonly resourceVersion: string; readonly tookMs: number }
  /** An attempt failed. What may pass is tried again; what cannot ends the iteration with an error, unless a term is live. */
  | {
      readonly kind: "failure";
      readonly doing: "read" | "take" | "renew" | "release" | "watch" | "announce";
      readonly failure: AccessFailure;
    }
  /** The term's signal has aborted. */
  | { readonly kind: "lost"; readonly end: TermEnd }
  /** The lease was given back; `to` is the candidate that it was marked for, empty when anybody may have it. */
  | { readonly kind: "released"; readonly to: string }
  /** The lease could not be given back and expires by itself. */
  | { readonly kind: "abandoned"; readonly reason: string };

/** Called synchronously; what it throws is reported as an uncaught exception and changes nothing in the election. */
export type ElectionObserver = (event: ElectionEvent) => void;
