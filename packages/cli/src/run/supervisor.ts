import type { Term } from "@leasehold/client";
import type { Clock } from "../clock.ts";
import { codeOfSignal, exitCode } from "../exit-code.ts";
import { deadlinesOf, type Grace } from "./deadlines.ts";
import type { CommandEnd } from "./gated-command.ts";
import { Guard } from "./guard.ts";
import { type Outcome, runUnderTerm } from "./run-under-term.ts";
import { endingSignals, type SignalTaker } from "./signals.ts";
import type { Leading } from "./status-endpoint.ts";
import type { SupervisedCommand } from "./supervised-command.ts";

export interface SupervisorParts {
  readonly commandLine: readonly string[];
  /** For the command, without what says under which term it runs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly grace: Grace;
  readonly clock: Clock;
  /** Whether the command is started anew under the next term when one is lost. */
  readonly again: boolean;
  readonly complain: (line: string) => void;
}

/** A term, and which of several slots it is for. */
export interface SlotTerm {
  readonly term: Term;
  readonly slot: number | undefined;
}

/** Runs one command at a time, each under a term, and knows at any moment which. */
export class Supervisor implements SignalTaker {
  readonly #parts: SupervisorParts;
  readonly #ending = new AbortController();
  #current:
    | { readonly term: Term; readonly command: SupervisedCommand; readonly sinceMs: number }
    | undefined;
  #guard: Guard | undefined;
  #told: NodeJS.Signals | undefined;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  /** Aborts when somebody has told this process to end while no command was there to hear it. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  get leading(): Leading | undefined {
    const current = this.#current;
    if (current === undefined || !current.term.isLive()) return undefined;
    const { term, sinceMs } = current;
    return { sinceMs, fencingToken: term.fencingToken, remainingMs: () => term.remainingMs() };
  }

  /** Resolves with the code for whoever has started this process; the last term has been released then. */
  async run(terms: AsyncIterable<SlotTerm>): Promise<number> {
    this.#guard = await Guard.start();
    try {
      for await (const slot of terms) {
        const outcome = await this.#runUnder(slot);
        const code = this.#codeAfter(outcome);
        if (code !== undefined) return code;
      }
      return this.#told === undefined ? exitCode.held : codeOfSignal(this.#told);
    } finally {
      this.#guard.release();
    }
  }

  /** The election has made a step, perhaps a renewal. */
  observe(): void {
    const current = this.#current;
    if (current?.term.isLive() !== true) return;
    current.command.extend(deadlinesOf(current.term, this.#parts.clock, this.#parts.grace));
  }

  pass(signal: NodeJS.Signals): void {
    const isLeading = this.#current?.term.isLive() === true;
    if (isLeading) this.#current?.command.pass(signal);
    if (!endingSignals.has(signal)) return;
    // A command may have another use for the others, and then goes on.
    if (!isLeading || signal === "SIGTERM") this.#told = signal;
    if (!isLeading) this.#ending.abort();
  }

  stopped(): void {
    this.#current?.command.pass("SIGSTOP");
  }

  continued(): void {
    this.#current?.command.pass("SIGCONT");
  }

  async #runUnder({ term, slot }: SlotTerm): Promise<Outcome> {
    const { clock, grace, commandLine, env, complain } = this.#parts;
    const guard = await this.#livingGuard();
    const parts = {
      commandLine,
      env: { ...env, ...environmentOf(term, slot) },
      guard,
      clock,
      grace,
      complain,
    };
    try {
      return await runUnderTerm(term, parts, (command) => {
        this.#current = { term, command, sinceMs: clock.nowMs() };
      });
    } finally {
      this.#current = undefined;
    }
  }

  /** One that died while there was nothing to guard is replaced. */
  async #livingGuard(): Promise<Guard> {
    if (this.#guard?.isAlive !== true) this.#guard = await Guard.start();
    return this.#guard;
  }

  /** Undefined when the command is to be run again, under another term. */
  #codeAfter(outcome: Outcome): number | undefined {
    const { complain, again } = this.#parts;
    switch (outcome.kind) {
      case "ended":
        return codeOf(outcome.end);
      case "unguarded":
        complain("the guard process has died; the command was stopped");
        return exitCode.unable;
      case "lost":
        complain(`${outcome.because}; the command was stopped`);
        if (this.#told !== undefined) return codeOfSignal(this.#told);
        return again ? undefined : exitCode.lost;
    }
  }
}

function codeOf(end: CommandEnd): number {
  return end.kind === "code" ? end.code : codeOfSignal(end.signal);
}

function environmentOf(term: Term, slot: number | undefined): Readonly<Record<string, string>> {
  return {
    LEASEHOLD_LEASE: term.lease.name,
    LEASEHOLD_NAMESPACE: term.lease.namespace,
    LEASEHOLD_IDENTITY: term.identity,
    LEASEHOLD_FENCING_TOKEN: term.fencingToken,
    ...(slot === undefined ? {} : { LEASEHOLD_SLOT: String(slot) }),
  };
}
