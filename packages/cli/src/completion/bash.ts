import type { CompletedCommand } from "./completion.ts";
import type { Flag } from "../flag.ts";
import { spellings, valueOf } from "./flag-words.ts";

/** Needs bash 3.2 and none of the bash-completion package. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return `# bash completion for leasehold
_leasehold() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} cmd=\${COMP_WORDS[1]} i
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...commands.map(({ name }) => name), "help"].join(" ")}" -- "$cur"))
    return
  fi
  for ((i = 2; i < COMP_CWORD; i++)); do
    if [ "\${COMP_WORDS[i]}" = -- ]; then
      COMPREPLY=($(compgen -c -f -- "$cur"))
      return
    fi
  done
  case "$cmd $prev" in
${commands.flatMap(({ name, flags }) => flags.map((flag) => afterFlag(name, flag))).join("")}  esac
  case "$cmd" in
${commands.map((command) => flagsOf(command)).join("")}    help) COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$cur")) ;;
  esac
}
complete -F _leasehold leasehold
`;
}

function afterFlag(command: string, flag: Flag<unknown>): string {
  const completed = valueOf(flag);
  const pattern = spellings(flag)
    .map((spelling) => `"${command} ${spelling}"`)
    .join(" | ");
  switch (completed.kind) {
    case "none":
      return "";
    case "words":
      return reply(pattern, `-W "${completed.words.join(" ")}"`);
    case "file":
      return reply(pattern, "-f");
    case "directory":
      return reply(pattern, "-d");
    case "text":
      return `    ${pattern}) return ;;\n`;
  }
}

function reply(pattern: string, generator: string): string {
  return `    ${pattern}) COMPREPLY=($(compgen ${generator} -- "$cur")); return ;;\n`;
}

function flagsOf({ name, flags, operands }: CompletedCommand): string {
  const words = [...flags.flatMap(spellings), "--help"];
  const first = /^[a-z]+(\|[a-z]+)+/.exec(operands)?.[0].split("|") ?? [];
  return `    ${name}) COMPREPLY=($(compgen -W "${[...first, ...words].join(" ")}" -- "$cur")) ;;\n`;
}
