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
