/** What is done about the signals that the supervisor gets. */
export interface SignalTaker {
  /** One that a command may be meant to hear. */
  pass(signal: NodeJS.Signals): void;
  /** The terminal's Ctrl-Z, before this process stops too. */
  stopped(): void;
  continued(): void;
}

/** Hands signals on until the returned function is called. SIGKILL and SIGSTOP cannot be handed on: the guard is for them. */
export function takeSignals(taker: SignalTaker): () => void {
  const stop = (): void => {
    taker.stopped();
    process.kill(process.pid, "SIGSTOP");
  };
  const goOn = (): void => taker.continued();
  const pass = (signal: NodeJS.Signals): void => taker.pass(signal);
  for (const signal of passedSignals) process.on(signal, pass);
  process.on("SIGTSTP", stop).on("SIGCONT", goOn);
  return () => {
    for (const signal of passedSignals) process.off(signal, pass);
    process.off("SIGTSTP", stop).off("SIGCONT", goOn);
  };
}

/** Those that end whoever does not expect them; without a command, and from a second one on, they end the wait. */
export const endingSignals: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]);

const passedSignals: readonly NodeJS.Signals[] = [...endingSignals, "SIGUSR1", "SIGUSR2", "SIGWINCH"];
