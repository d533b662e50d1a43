import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { ProcessGroup } from "./process-group.ts";

/** A command that has its process and its group, but does not run before the gate is opened: so nothing runs that nobody guards. */
export interface GatedCommand {
  readonly group: ProcessGroup;
  /** Resolves with what the leader of the group left behind. */
  readonly ended: Promise<CommandEnd>;
  open(): void;
  /** Instead of `open`: the process ends without having run the command. */
  shut(): void;
}

export type CommandEnd =
  | { readonly kind: "code"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals };

/** Throws what `spawn` throws: too many processes, no memory. */
export async function prepareCommand(
  commandLine: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<GatedCommand> {
  // The shell says by itself why a command cannot be executed, with the usual codes 126 and 127.
  const child = spawn("/bin/sh", ["-c", gate, "leasehold run", ...commandLine], {
    detached: true,
    env: { ...env },
    stdio: ["inherit", "inherit", "inherit", "pipe"],
  });
  const ended = endOf(child);
  await spawned(child);
  // The fourth stream is a pipe, as asked for above.
  const pipe = child.stdio[3] as Writable;
  // Who dies before the gate is opened is known by its end.
  pipe.on("error", () => undefined);
  return {
    group: new ProcessGroup(child.pid ?? 0),
    ended,
    open: () => void pipe.end("go\n"),
    shut: () => void pipe.end(),
  };
}

const gate = 'read -r go <&3 && [ "$go" = go ] && exec "$@" 3<&-';

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => void child.once("spawn", resolve).once("error", reject));
}

function endOf(child: ChildProcess): Promise<CommandEnd> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(signal === null ? { kind: "code", code: code ?? 0 } : { kind: "signal", signal }),
    );
  });
}
