import { Campaign } from "./campaign.ts";
import { completeOptions, type CompleteOptions } from "./complete-options.ts";
import type { ElectorOptions } from "./elector-options.ts";
import type { Term } from "./term.ts";

/**
 * A candidate for a lease, as the terms that it leads:
 *
 *     for await (const term of new LeaderElector({ lease, signal })) {
 *       await lead(term.signal);
 *     }
 *
 * The body of the loop is the work of a term. When it comes to its end, the term ends if it was still live, the lease is released, and the
 * elector is a candidate again; when the term ends first, `term.signal` aborts, and nothing is released or taken before the body has
 * settled. Leaving the loop (break, return, throw) releases the lease and ends the candidacy. The loop ends by itself when the options'
 * signal aborts, and throws a `MissingPermissionError` or an `ElectionRefusedError` when a candidacy is of no use.
 */
export class LeaderElector implements AsyncIterable<Term> {
  readonly #options: CompleteOptions;

  /** Throws a RangeError, in words, when the durations are not safe. */
  constructor(options: ElectorOptions) {
    this.#options = completeOptions(options);
  }

  /** As it was given, or made. */
  get identity(): string {
    return this.#options.identity;
  }

  /** Begins a candidacy of its own: two loops over one elector compete with one another. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Term, void, undefined> {
    const campaign = new Campaign(this.#options);
    try {
      for (;;) {
        const next = await campaign.next("patient");
        if (next.kind !== "term") return;
        try {
          yield next.term;
        } finally {
          await next.term[Symbol.asyncDispose]();
        }
      }
    } finally {
      await campaign.close();
    }
  }
}
