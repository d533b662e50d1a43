import type { Command } from "./command.ts";

/** A command as the overview lists it. What it is made of is loaded only when it is asked for. */
export interface CommandRow {
  readonly name: string;
  /** Half a line, without a capital letter and a full stop. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** Every command, in the order of the overview. */
export const commands: readonly CommandRow[] = [
  {
    name: "serve",
    summary: "run the server",
    load: async () => (await import("./serve.ts")).serveCommand,
  },
  {
    name: "run",
    summary: "run a command while holding a lease",
    load: async () => (await import("./run/run.ts")).run,
  },
  {
    name: "get",
    summary: "show one lease or all",
    load: async () => (await import("./get.ts")).get,
  },
  {
    name: "watch",
    summary: "show each change of one lease or of all",
    load: async () => (await import("./watch.ts")).watch,
  },
  {
    name: "who",
    summary: "print who holds a lease now",
    load: async () => (await import("./who.ts")).who,
  },
  {
    name: "release",
    summary: "empty a lease whose holder is dead",
    load: async () => (await import("./release.ts")).release,
  },
  {
    name: "transfer",
    summary: "ask the holder to hand a lease to another candidate",
    load: async () => (await import("./transfer.ts")).transfer,
  },
  {
    name: "heartbeat",
    summary: "keep a lease renewed, as a sign of life",
    load: async () => (await import("./heartbeat.ts")).heartbeat,
  },
  {
    name: "backup",
    summary: "copy the store into a file, while the server runs or while it does not",
    load: async () => (await import("./backup.ts")).backupCommand,
  },
  {
    name: "restore",
    summary: "fill a data directory from a backup",
    load: async () => (await import("./restore.ts")).restoreCommand,
  },
  {
    name: "check",
    summary: "verify a data directory or a backup",
    load: async () => (await import("./check.ts")).checkCommand,
  },
  {
    name: "completion",
    summary: "print what makes a shell complete all this: bash, zsh or fish",
    load: async () => (await import("./completion/completion.ts")).completion,
  },
  {
    name: "version",
    summary: "print the version",
    load: async () => (await import("./version.ts")).versionCommand,
  },
];
