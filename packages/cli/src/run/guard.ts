import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Deadlines } from "./deadlines.ts";
import { type GuardLine, writeGuardLine } from "./guard-line.ts";

/** The supervisor's side of its guard. */
export class Guard {
  /** Resolves when it has ended, whether it was asked to or not. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>) {
    this.#child = child;
    this.#lines = lines;
    this.ended = new Promise((resolve) => void child.once("exit", () => resolve()));
    // Whoever writes to a guard that has died learns of it by its end.
    child.stdin?.on("error", () => undefined);
  }

  /** Resolves when it is ready to guard. */
  static async start(): Promise<Guard> {
    const child = spawn(process.execPath, [...process.execArgv, guardFile], {
      // A session of its own: neither Ctrl-C nor Ctrl-Z at the terminal is meant for it.
      detached: true,
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(child, "spawn");
    const guard = new Guard(child, createInterface({ input: child.stdout })[Symbol.asyncIterator]());
    await guard.#hear();
    return guard;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves with true when the guard knows of the group; the command may start then. With false when the guard has died. */
  async watch(group: number, deadlines: Deadlines): Promise<boolean> {
    this.extend(deadlines);
    this.#tell({ kind: "group", id: group });
    return (await this.#hear()) === `guarding ${group}`;
  }

  extend(deadlines: Deadlines): void {
    this.#tell({ kind: "until", deadlines });
  }

  stopping(killAtMs: number): void {
    this.#tell({ kind: "stopping", killAtMs });
  }

  over(): void {
    this.#tell({ kind: "over" });
  }

  /** Lets it go: it ends by itself, when nobody is left to be guarded. */
  release(): void {
    this.#child.stdin?.end();
    this.#child.stdout?.destroy();
    this.#child.unref();
  }

  /** For one that does not answer. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #tell(line: GuardLine): void {
    this.#child.stdin?.write(writeGuardLine(line));
  }

  /** Undefined when it has died. */
  async #hear(): Promise<string | undefined> {
    const line = await this.#lines.next();
    return line.done === true ? undefined : line.value;
  }
}

/** Beside this file, with its ending: `.ts` in the sources, `.js` in what is published. */
const guardFile = fileURLToPath(
  new URL(`guard-process${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
);
