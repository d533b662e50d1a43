import { type CommandRow, commands } from "./commands.ts";
import { exitCode } from "./exit-code.ts";
import { overview } from "./help.ts";
import type { Surroundings } from "./surroundings.ts";

/** The command line: a word says what to do, the rest is for it. Resolves with what the process leaves behind. */
export async function leasehold(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const [word, ...rest] = argv;
  switch (word) {
    case undefined:
      surroundings.complain(overview(commands));
      return exitCode.usage;
    case "--help":
    case "-h":
    case "help":
      return help(rest, surroundings);
    case "--version":
      return leasehold(["version", ...rest], surroundings);
    default: {
      const row = rowOf(word, surroundings);
      if (row === undefined) return exitCode.usage;
      const command = await row.load();
      return command.run(rest, surroundings);
    }
  }
}

async function help([word]: readonly string[], surroundings: Surroundings): Promise<number> {
  if (word === undefined) {
    surroundings.say(overview(commands));
    return exitCode.ok;
  }
  const row = rowOf(word, surroundings);
  if (row === undefined) return exitCode.usage;
  const command = await row.load();
  return command.run(["--help"], surroundings);
}

function rowOf(word: string, surroundings: Surroundings): CommandRow | undefined {
  const row = commands.find(({ name }) => name === word);
  if (row === undefined)
    surroundings.complain(`leasehold: unknown command "${word}"; leasehold --help lists them`);
  return row;
}
