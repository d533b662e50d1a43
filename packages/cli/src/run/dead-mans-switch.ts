import type { Clock } from "../clock.ts";
import { limits } from "../limits.ts";
import type { GuardLine } from "./guard-line.ts";
import { ProcessGroup } from "./process-group.ts";

/**
 * Ends a group of processes at the deadlines that it was told last. A supervisor that lives moves them forward with each renewal; one
 * that stands still does not, and one that is gone has its command ended at once.
 */
export class DeadMansSwitch {
  readonly #clock: Clock;
  readonly #complain: (line: string) => void;
  #group: ProcessGroup | undefined;
  #stopAtMs = Number.NEGATIVE_INFINITY;
  #killAtMs = Number.NEGATIVE_INFINITY;
  #timer: { cancel(): void } | undefined;

  constructor(clock: Clock, complain: (line: string) => void) {
    this.#clock = clock;
    this.#complain = complain;
  }

  take(line: GuardLine): void {
    switch (line.kind) {
      case "group":
        this.#group = new ProcessGroup(line.id);
        break;
      case "until":
        this.#stopAtMs = line.deadlines.stopAtMs + limits.guardLagMs;
        this.#killAtMs = line.deadlines.killAtMs;
        break;
      case "stopping":
        this.#stopAtMs = Number.POSITIVE_INFINITY;
        this.#killAtMs = line.killAtMs;
        break;
      case "over":
        this.#group = undefined;
        break;
    }
    this.#arm();
  }

  /** Resolves when nobody is left to be guarded. */
  async supervisorIsGone(): Promise<void> {
    this.#timer?.cancel();
    const group = this.#group;
    if (group?.isAlive() !== true) return;
    this.#complain("the supervisor is gone; the command is stopped");
    group.terminate();
    const stuck = (): void => this.#complain("the command cannot be killed");
    await group.gone(this.#clock, () => this.#killAtMs, stuck);
  }

  #arm(): void {
    this.#timer?.cancel();
    if (this.#group === undefined) return;
    const nextAtMs = Math.min(this.#stopAtMs, this.#killAtMs);
    const aheadMs = Math.min(nextAtMs - this.#clock.monotonicMs(), limits.guardLookEveryMs);
    this.#timer = this.#clock.schedule(aheadMs, () => this.#act());
  }

  #act(): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#group === undefined) return;
    if (nowMs >= this.#killAtMs) {
      this.#group.signal("SIGKILL");
      // Nothing survives it; only what is forked while it is sent needs another.
      this.#timer = this.#clock.schedule(limits.groupLookEveryMs, () => this.#act());
      return;
    }
    if (nowMs >= this.#stopAtMs) {
      this.#complain("the supervisor stands still; the command is stopped");
      this.#group.terminate();
      this.#stopAtMs = Number.POSITIVE_INFINITY;
    }
    this.#arm();
  }
}
