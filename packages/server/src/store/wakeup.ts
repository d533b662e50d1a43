/**
 * Lets readers sleep until something they look at has changed; then all of them look. Costs next to nothing: whoever sleeps shares one
 * promise, and waking does nothing when nobody sleeps.
 */
export class Wakeup {
  #next: PromiseWithResolvers<void> | undefined;

  /** Resolves at the next `wake`; whoever sleeps looks for itself what has become true. */
  sleep(): Promise<void> {
    this.#next ??= Promise.withResolvers();
    return this.#next.promise;
  }

  /** A method without `this`, so that it can listen to an AbortSignal. */
  readonly wake = (): void => {
    const next = this.#next;
    this.#next = undefined;
    next?.resolve();
  };
}
