/** Lets readers sleep until something they look at has changed. Waking is cheap when nobody sleeps. */
export class Wakeup {
  readonly #sleepers = new Set<() => void>();

  /** Resolves at the next `wake`, or when the signal aborts; whoever sleeps looks for itself what has become true. */
  sleep(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const rise = (): void => {
        this.#sleepers.delete(rise);
        signal?.removeEventListener("abort", rise);
        resolve();
      };
      this.#sleepers.add(rise);
      signal?.addEventListener("abort", rise);
    });
  }

  wake(): void {
    for (const rise of this.#sleepers) rise();
  }
}
