/**
 * The signal of a controller, with `aborted` and `throwIfAborted()` that first ask the clock. After a process has stood still, the event
 * loop may run work before the timer that would have aborted the signal; work that asks the signal learns the truth even then.
 */
export function judgedSignal({ signal }: AbortController, judge: () => void): AbortSignal {
  const isAborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, "aborted")?.get;
  return Object.defineProperties(signal, {
    aborted: {
      get(this: AbortSignal): unknown {
        judge();
        return isAborted?.call(signal);
      },
    },
    throwIfAborted: {
      value(): void {
        judge();
        AbortSignal.prototype.throwIfAborted.call(signal);
      },
    },
  });
}
