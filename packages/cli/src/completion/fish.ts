import type { CompletedCommand } from "./completion.ts";
import type { Flag } from "../flag.ts";
import { valueOf } from "./flag-words.ts";

export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const names = [...commands, { name: "help", summary: "print help" }].map(
    ({ name, summary }) => `complete -c leasehold -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
  );
  const rest = commands.flatMap((command) => linesOf(command));
  return `${["# fish completion for leasehold", "complete -c leasehold -f", ...names, ...rest].join("\n")}\n`;
}

function linesOf({ name, flags, operands }: CompletedCommand): readonly string[] {
  const start = `complete -c leasehold -n '__fish_seen_subcommand_from ${name}'`;
  const words = /^[a-z]+(\|[a-z]+)+/.exec(operands)?.[0];
  return [
    ...(words === undefined ? [] : [`${start} -a ${quoted(words.replaceAll("|", " "))}`]),
    ...(operands.includes("-- COMMAND") ? [`${start} -F`] : []),
    ...flags.map((flag) => `${start} ${spelling(flag)}${valueClause(flag)} -d ${quoted(flag.help)}`),
    `${start} -l help -d 'print help'`,
  ];
}

function spelling({ flag, short, placeholder, defaultText }: Flag<unknown>): string {
  const long = placeholder === undefined && defaultText === "true" ? `no-${flag}` : flag;
  return short === undefined ? `-l ${long}` : `-l ${long} -s ${short}`;
}

function valueClause(flag: Flag<unknown>): string {
  const completed = valueOf(flag);
  switch (completed.kind) {
    case "none":
      return "";
    case "words":
      return ` -x -a ${quoted(completed.words.join(" "))}`;
    case "file":
      return " -r -F";
    case "directory":
      return " -x -a '(__fish_complete_directories)'";
    case "text":
      return " -x";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}
