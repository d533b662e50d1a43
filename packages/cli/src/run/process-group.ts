import { readdirSync, readFileSync } from "node:fs";
import { type Clock, delay } from "../clock.ts";
import { limits } from "../limits.ts";

/** A command and what it has started, unless that has left for a group of its own. The number is the leader's process id. */
export class ProcessGroup {
  readonly id: number;

  constructor(id: number) {
    // -1 would be every process, 0 our own group.
    if (!Number.isSafeInteger(id) || id <= 1) throw new Error(`${id} is no process group`);
    this.id = id;
  }

  /** Sends a signal to all of it; whoever is gone does not mind. Says why it could not. */
  signal(signal: NodeJS.Signals): "sent" | "gone" | "forbidden" {
    try {
      process.kill(-this.id, signal);
      return "sent";
    } catch (error) {
      if (hasCode(error, "ESRCH")) return "gone";
      // macOS says EPERM of a group of which only the dead are left.
      if (hasCode(error, "EPERM")) return this.isAlive() ? "forbidden" : "gone";
      throw error;
    }
  }

  /** Asks everybody to end, also those that are stopped. */
  terminate(): void {
    this.signal("SIGTERM");
    this.signal("SIGCONT");
  }

  /**
   * Whether anybody in it may still run. The dead whom nobody has buried do not count: in a container whose first process is this one,
   * orphans stay so for good.
   */
  isAlive(): boolean {
    try {
      process.kill(-this.id, 0);
    } catch (error) {
      if (hasCode(error, "ESRCH")) return false;
      if (!hasCode(error, "EPERM")) throw error;
    }
    return process.platform === "linux" ? hasLivingMember(this.id) : true;
  }

  /**
   * Resolves when it is gone, and until then kills it at `killAtMs`, and again and again from then on. `stuck` is called once if that is of
   * no use: somebody in it runs as another user, or waits in the kernel for a disk or a network that does not answer.
   */
  async gone(clock: Clock, killAtMs: () => number, stuck: () => void): Promise<void> {
    for (let isStuck = false; this.isAlive();) {
      const leftMs = killAtMs() - clock.monotonicMs();
      if (leftMs <= 0) this.signal("SIGKILL");
      if (leftMs < -limits.killWithinMs && !isStuck) {
        isStuck = true;
        stuck();
      }
      await delay(clock, Math.min(limits.groupLookEveryMs, Math.max(leftMs, 1)));
    }
  }
}

/** /proc/ID/stat: `id (name) state parent group …`; a name may hold brackets and spaces. */
function hasLivingMember(group: number): boolean {
  return readdirSync("/proc").some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    const stat = readOrNothing(`/proc/${entry}/stat`);
    const [state, , its] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(its) === group && state !== "Z" && state !== "X";
  });
}

/** Whoever ends while we look is not there. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
