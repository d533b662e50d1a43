import type { Term } from "../election/term.ts";

/**
 * A lease that is held for as long as this is not disposed of: `await using lock = await mutex.lock()`. Everything that is said of a term
 * holds; disposing releases the lease and ends the candidacy.
 */
export class Lock implements Term {
  readonly #term: Term;
  readonly #close: () => Promise<unknown>;

  constructor(term: Term, close: () => Promise<unknown>) {
    this.#term = term;
    this.#close = close;
  }

  get identity(): string {
    return this.#term.identity;
  }

  get lease(): Term["lease"] {
    return this.#term.lease;
  }

  get fencingToken(): string {
    return this.#term.fencingToken;
  }

  get signal(): AbortSignal {
    return this.#term.signal;
  }

  isLive(): boolean {
    return this.#term.isLive();
  }

  assertLive(): void {
    this.#term.assertLive();
  }

  remainingMs(): number {
    return this.#term.remainingMs();
  }

  transfer(identity: string): void {
    this.#term.transfer(identity);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
