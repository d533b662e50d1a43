import type { Flag, FlagTable } from "./flag.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { helpOf } from "./help.ts";
import { parseFlags } from "./parse-flags.ts";
import type { Surroundings } from "./surroundings.ts";

/** One command of the table. Help, completion and the reference page are made of this. */
export interface Command {
  readonly name: string;
  /** What stands behind the name: `NAME [flags] -- COMMAND [ARG...]`. */
  readonly operands: string;
  /** Whole sentences in paragraphs, lines of at most 100 characters. */
  readonly description: string;
  readonly flags: readonly Flag<unknown>[];
  /** Resolves with what the process leaves behind; `run` passes on what its command left behind. */
  run(argv: readonly string[], surroundings: Surroundings): Promise<number>;
}

/** What a command says of itself, and what it does with flags that are read already. */
export interface CommandDefinition<Values> {
  readonly name: string;
  readonly operands: Operands;
  readonly description: string;
  readonly flags: FlagTable<Values>;
  act(asked: Asked<Values>, surroundings: Surroundings): Promise<number>;
}

/** What stands behind the flags: so many words at least and at most, and perhaps a command line behind `--`. */
export interface Operands {
  readonly text: string;
  readonly min: number;
  readonly max: number;
  readonly commandLine: boolean;
  /** What is said to be missing when there are too few. */
  readonly missing?: string;
}

export interface Asked<Values> {
  readonly flags: Values;
  readonly operands: readonly string[];
  /** What stands behind `--`; empty unless the command takes a command line. */
  readonly commandLine: readonly string[];
}

/** No operands, or the name of one lease, or perhaps one. */
export const operands = {
  none: { text: "", min: 0, max: 0, commandLine: false },
  name: { text: "NAME [flags]", min: 1, max: 1, commandLine: false },
  maybeName: { text: "[NAME] [flags]", min: 0, max: 1, commandLine: false },
  nameAndCommandLine: { text: "NAME [flags] -- COMMAND [ARG...]", min: 1, max: 1, commandLine: true },
} as const satisfies Record<string, Operands>;

export function defineCommand<Values>(definition: CommandDefinition<Values>): Command {
  const command: Command = {
    name: definition.name,
    operands: definition.operands.text,
    description: definition.description,
    flags: Object.values<Flag<unknown>>(definition.flags),
    async run(argv, surroundings): Promise<number> {
      const parsed = parseFlags(definition, argv);
      switch (parsed.kind) {
        case "help":
          surroundings.say(helpOf(command));
          return exitCode.ok;
        case "wrong":
          return complainOfUsage(command, parsed.line, surroundings);
        case "asked":
          return definition.act(parsed.asked, surroundings);
      }
    },
  };
  return command;
}

function complainOfUsage({ name }: Command, line: string, surroundings: Surroundings): ExitCode {
  surroundings.complain(`leasehold ${name}: ${line}`);
  return exitCode.usage;
}
