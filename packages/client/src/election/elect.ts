import type { ElectorOptions } from "./elector-options.ts";
import { LeaderElector } from "./leader-elector.ts";
import { type Term, TermEndedError } from "./term.ts";

/**
 * Does `work` once as the leader, and resolves with what it comes to. `work` is called with a term and has to stop when `term.signal` aborts;
 * if the term ends before the work does, it is called again with the next term that is won. Rejects
 * - with what the work throws, unless that is no more than the end of its term (a `TermEndedError`, or an `AbortError`, after the end);
 * - with the reason of `options.signal` when that aborts before any term, or when the work was cut short by it;
 * - with a `MissingPermissionError` or an `ElectionRefusedError` when a candidacy is of no use.
 *
 * In each case the lease has been released before, as far as the server could be reached, and the work has settled before that.
 */
export async function elect<T>(options: ElectorOptions, work: (term: Term) => Promise<T> | T): Promise<T> {
  for await (const term of new LeaderElector(options)) {
    const outcome = await attempt(term, work);
    if (outcome.kind === "done") return outcome.value;
  }
  // The loop ends by itself only when the signal has aborted.
  throw options.signal?.reason;
}

type Outcome<T> = { readonly kind: "done"; readonly value: T } | { readonly kind: "again" };

async function attempt<T>(term: Term, work: (term: Term) => Promise<T> | T): Promise<Outcome<T>> {
  try {
    const value = await work(term);
    return isCutShort(term) ? { kind: "again" } : { kind: "done", value };
  } catch (error) {
    if (term.isLive() || !isEnding(error)) throw error;
    return { kind: "again" };
  }
}

/** Work that was told to stop because the elector was, or to hand over, has done what it could. */
function isCutShort(term: Term): boolean {
  if (term.isLive()) return false;
  const reason: unknown = term.signal.reason;
  return !(reason instanceof TermEndedError && reason.end.kind === "stopped");
}

function isEnding(error: unknown): boolean {
  return error instanceof TermEndedError || (error instanceof Error && error.name === "AbortError");
}
