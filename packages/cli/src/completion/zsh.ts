import type { CompletedCommand } from "./completion.ts";
import type { Flag } from "../flag.ts";
import { spellings, valueOf } from "./flag-words.ts";

export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef leasehold
_leasehold() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}\n`).join("")}    'help:print help'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map((command) => caseOf(command)).join("")}    help) _describe command commands ;;
  esac
}
compdef _leasehold leasehold
`;
}

function caseOf({ name, flags, operands }: CompletedCommand): string {
  const specs = [...flags.flatMap(specsOf), quoted("--help[print help]"), ...operandSpecs(operands)];
  const behindDashes = operands.includes("-- COMMAND") ? commandLine : "";
  return `    ${name})\n${behindDashes}      _arguments -S${specs.map((spec) => ` \\\n        ${spec}`).join("")}\n      ;;\n`;
}

function specsOf(flag: Flag<unknown>): readonly string[] {
  const star = flag.repeats ? "*" : "";
  const action = actionOf(flag);
  return spellings(flag).map((spelling) =>
    quoted(`${star}${spelling}[${flag.help.replaceAll(/[[\]:]/g, (sign) => `\\${sign}`)}]${action}`),
  );
}

function actionOf(flag: Flag<unknown>): string {
  const completed = valueOf(flag);
  switch (completed.kind) {
    case "none":
      return "";
    case "words":
      return `:value:(${completed.words.join(" ")})`;
    case "file":
      return ":file:_files";
    case "directory":
      return ":directory:_files -/";
    case "text":
      return ":value: ";
  }
}

/** Behind `--` stands a command line of its own. */
const commandLine = `      local dashes=\${words[(i)--]}
      if (( dashes < CURRENT )); then
        words=("\${(@)words[dashes+1,-1]}")
        (( CURRENT -= dashes ))
        _normal
        return
      fi
`;

function operandSpecs(operands: string): readonly string[] {
  const words = /^[a-z]+(\|[a-z]+)+/.exec(operands)?.[0];
  if (words !== undefined) return [quoted(`1:word:(${words.replaceAll("|", " ")})`)];
  return operands.includes("NAME") ? [quoted("1:lease: ")] : [];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
