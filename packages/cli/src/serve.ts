import { join } from "node:path";
import {
  type Clock,
  type Config,
  createServer,
  describeSettings,
  parseConfig,
  type RunningServer,
  type Setting,
  settings,
  StartError,
  systemClock,
} from "@leasehold/server";
import type { Command } from "./command.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";
import { version } from "./version.ts";

export const serveCommand: Command = {
  name: "serve",
  operands: "[flags]",
  description: "Runs the server until SIGINT or SIGTERM.",
  flags: Object.values<Setting<unknown>>(settings),
  run: (argv, surroundings) => serve(argv, surroundings),
};

/** What `serve` is made of; a test brings a server of its own. */
export interface ServeParts {
  readonly createServer: (config: Config) => Promise<RunningServer>;
  readonly clock: Clock;
}

/** Runs a server until it is told to stop. */
export async function serve(
  argv: readonly string[],
  surroundings: Surroundings,
  parts: ServeParts = { createServer, clock: systemClock },
): Promise<ExitCode> {
  const parsed = parseConfig(argv, surroundings.env);
  switch (parsed.kind) {
    case "help":
      surroundings.say(help());
      return exitCode.ok;
    case "version":
      surroundings.say(`leasehold ${version()}`);
      return exitCode.ok;
    case "wrong":
      surroundings.complain(`leasehold serve: ${parsed.line}`);
      return exitCode.usage;
    case "config":
      return run(parsed.config, surroundings, parts);
  }
}

async function run(config: Config, surroundings: Surroundings, parts: ServeParts): Promise<ExitCode> {
  const stop = listenForStop(surroundings, parts.clock);
  const started = await start(config, parts);
  if (started.kind === "refused") {
    stop.forget();
    surroundings.complain(`leasehold serve: ${started.line}`);
    return started.code;
  }
  surroundings.say(`leasehold is ready at ${started.server.url}`);
  surroundings.say(`export KUBECONFIG=${quoted(join(config.dataDir, "admin.kubeconfig"))}`);
  await stop.heard;
  const closed = await closeInTime(started.server, parts.clock);
  stop.forget();
  if (closed === "closed") return exitCode.ok;
  surroundings.complain(
    `leasehold serve: did not come to rest within ${closeWithinMs / 1000} s, leaving anyway`,
  );
  surroundings.exit(exitCode.failed);
  return exitCode.failed;
}

type Started =
  | { readonly kind: "started"; readonly server: RunningServer }
  | { readonly kind: "refused"; readonly line: string; readonly code: ExitCode };

async function start(config: Config, parts: ServeParts): Promise<Started> {
  try {
    return { kind: "started", server: await parts.createServer(config) };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const code = error.because === "setting" ? exitCode.usage : exitCode.failed;
    return { kind: "refused", line: error.message, code };
  }
}

/**
 * The first signal asks the server to stop; a later one ends the process at once. One keypress counts as one signal, though
 * a terminal sends it to the whole group of processes and npm passes it on once more.
 */
function listenForStop(
  surroundings: Surroundings,
  clock: Clock,
): { readonly heard: Promise<void>; forget(): void } {
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  let firstAtMs: number | undefined;
  const forget = surroundings.onStopSignal(() => {
    const nowMs = clock.monotonicMs();
    if (firstAtMs !== undefined && nowMs - firstAtMs > oneKeypressMs) surroundings.exit(exitCode.failed);
    firstAtMs ??= nowMs;
    resolve();
  });
  return { heard, forget };
}

async function closeInTime(server: RunningServer, clock: Clock): Promise<"closed" | "late"> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = clock.schedule(closeWithinMs, () => resolve("late"));
  const outcome = await Promise.race([server.close().then(() => "closed" as const), late]);
  timer.cancel();
  return outcome;
}

/** Supervisors kill after ten seconds at the earliest; clients that are told to go reconnect within one. */
const closeWithinMs = 4_500;
const oneKeypressMs = 250;

/** A path that a shell takes for more than a path stands in quotes, so that the line can be pasted. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function help(): string {
  return `${serveCommand.description}\n\n${describeSettings()}  --help\n  --version`;
}
