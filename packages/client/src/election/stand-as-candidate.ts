import type { CompleteOptions } from "./complete-options.ts";
import type { ElectionObserver } from "./election-event.ts";

export async function standAsCandidate(
  _options: CompleteOptions,
  _parts: { readonly signal: AbortSignal; readonly emit: ElectionObserver },
): Promise<void> {}
