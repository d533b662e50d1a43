import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import { aborted } from "./aborted.ts";
import type { Deadlines, Grace } from "./deadlines.ts";
import { type CommandEnd, type GatedCommand, prepareCommand } from "./gated-command.ts";
import type { Guard } from "./guard.ts";

export interface CommandParts {
  readonly commandLine: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly grace: Grace;
  readonly complain: (line: string) => void;
}

/** A command that runs under a term. It is over only when all of its group is gone. */
export class SupervisedCommand {
  /** Resolves with the command's end, before what it left in its group has ended too. */
  readonly ended: Promise<CommandEnd>;
  readonly #command: GatedCommand;
  readonly #parts: CommandParts;
  #deadlines: Deadlines;
  #killAtMs = Number.POSITIVE_INFINITY;

  private constructor(command: GatedCommand, parts: CommandParts, deadlines: Deadlines) {
    this.#command = command;
    this.#parts = parts;
    this.#deadlines = deadlines;
    this.ended = command.ended;
  }

  /** Undefined when the term or the guard ended before the command could run. */
  static async start(
    parts: CommandParts,
    term: { readonly deadlines: Deadlines; readonly signal: AbortSignal },
  ): Promise<SupervisedCommand | undefined> {
    const { guard } = parts;
    const command = await prepareCommand(parts.commandLine, parts.env);
    const { promise: late, resolve: giveUp } = Promise.withResolvers<boolean>();
    const timer = parts.clock.schedule(limits.guardAnswersWithinMs, () => giveUp(false));
    void aborted(term.signal).then(() => giveUp(false));
    const isGuarded = await Promise.race([guard.watch(command.group.id, term.deadlines), late]);
    timer.cancel();
    if (isGuarded && !term.signal.aborted) {
      command.open();
      return new SupervisedCommand(command, parts, term.deadlines);
    }
    command.shut();
    // One that did not answer in time would answer at the wrong time.
    if (!isGuarded) guard.kill();
    await command.ended;
    guard.over();
    return undefined;
  }

  /** The term has been renewed. */
  extend(deadlines: Deadlines): void {
    this.#deadlines = deadlines;
    if (this.#killAtMs === Number.POSITIVE_INFINITY) this.#parts.guard.extend(deadlines);
  }

  /** Passes a signal on to the whole group, as a terminal does. */
  pass(signal: NodeJS.Signals): void {
    this.#command.group.signal(signal);
  }

  /** Asks all of the group to end, and kills what is left at the deadline of the last renewal; resolves when all is gone. */
  stop(): Promise<CommandEnd> {
    return this.#stop(this.#deadlines.killAtMs);
  }

  /** For when somebody else may lead already. */
  kill(): Promise<CommandEnd> {
    return this.#stop(Number.NEGATIVE_INFINITY);
  }

  /** Ends what the command has left behind in its group, while the term still lasts; resolves when all is gone. */
  async settle(): Promise<void> {
    const graceEndsAtMs = this.#parts.clock.monotonicMs() + this.#parts.grace.termToKillMs;
    await this.#stop(Math.min(graceEndsAtMs, this.#deadlines.killAtMs));
  }

  /** An earlier kill is not put off by a later one. */
  async #stop(killAtMs: number): Promise<CommandEnd> {
    const { guard, clock, complain } = this.#parts;
    this.#killAtMs = Math.min(this.#killAtMs, killAtMs);
    const { group } = this.#command;
    if (group.isAlive()) {
      guard.stopping(Math.max(this.#killAtMs, 0));
      if (clock.monotonicMs() < this.#killAtMs) group.terminate();
      const stuck = (): void =>
        complain("the command cannot be killed, and may still run when somebody else leads");
      await group.gone(clock, () => this.#killAtMs, stuck);
    }
    guard.over();
    return this.ended;
  }
}
