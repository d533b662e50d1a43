import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const keysOfStore: readonly string[] = Array.from({ length: 8 }, (_, index) => `/k/${index}`);

/** What the process that is killed says, line by line. "-" stands for the value of a key that is absent. */
export type StoreLine =
  /** A key as the store shows it when it opens; absent keys are not told. */
  | { readonly kind: "found"; readonly key: string; readonly value: string; readonly revision: number }
  | { readonly kind: "opened"; readonly revision: number }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "attempt"; readonly key: string; readonly value: string }
  | { readonly kind: "acknowledged"; readonly key: string; readonly revision: number }
  | { readonly kind: "failed"; readonly key: string; readonly reason: string }
  /** A write failed, and the key shows something else than before it. */
  | { readonly kind: "shown"; readonly key: string; readonly value: string }
  | { readonly kind: "problem"; readonly reason: string };

export interface StoreProcess {
  readonly path: string;
  /** Part of every value, so that no two runs write the same. */
  readonly epoch: number;
  readonly lies?: boolean;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Hears what the process says. */
  readonly hear: (line: StoreLine) => void;
  /** Told once, at the start; whoever calls `kill` ends the process at once. */
  readonly onStart: (kill: () => void) => void;
}

/** Runs a store in a process of its own until it is killed, or refuses to open. What it said before that is heard in full. */
export async function runStoreProcess(options: StoreProcess): Promise<void> {
  const { path, epoch, lies = false, env, hear, onStart } = options;
  const script = join(import.meta.dirname, "store-child.ts");
  const argv = [...process.execArgv, script, path, String(epoch), ...(lies ? ["--lies"] : [])];
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const onExit = (): void => void child.kill("SIGKILL");
  process.once("exit", onExit);
  const exited = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on("exit", (_code, signal) => resolve(signal)),
  );
  let isRefused = false;
  onStart(() => child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) {
    const said = line.endsWith(";") ? parsed(line.slice(0, -1)) : undefined;
    isRefused ||= said?.kind === "refused";
    if (said !== undefined) hear(said);
  }
  const signal = await exited;
  process.off("exit", onExit);
  if (signal !== "SIGKILL" && !isRefused) throw new Error("the process with the store ended by itself");
}

function parsed(line: string): StoreLine | undefined {
  const [kind = "", first = "", second = "", third = ""] = line.split(" ");
  const rest = line.slice(kind.length + 1);
  switch (kind) {
    case "found":
      return { kind, key: first, value: second, revision: Number(third) };
    case "opened":
      return { kind, revision: Number(first) };
    case "attempt":
    case "shown":
      return { kind, key: first, value: second };
    case "acknowledged":
      return { kind, key: first, revision: Number(second) };
    case "failed":
      return { kind, key: first, reason: rest.slice(first.length + 1) };
    case "refused":
    case "problem":
      return { kind, reason: rest };
    default:
      return undefined;
  }
}
