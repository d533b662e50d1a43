import { type Command, defineCommand } from "../command.ts";
import { type CommandRow, commands } from "../commands.ts";
import { exitCode } from "../exit-code.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

/** A command with its line in the overview, as completion needs both. */
export interface CompletedCommand extends Command {
  readonly summary: string;
}

const shells = new Map([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
]);

export const completion = defineCommand({
  name: "completion",
  operands: { text: "bash|zsh|fish", min: 1, max: 1, commandLine: false, missing: "bash, zsh or fish" },
  description: `Prints a script that makes a shell complete commands, flags and their words.

  bash:  source <(leasehold completion bash)                                    in ~/.bashrc
  zsh:   source <(leasehold completion zsh)                    in ~/.zshrc, behind compinit
  fish:  leasehold completion fish > ~/.config/fish/completions/leasehold.fish`,
  flags: {},
  async act({ operands }, surroundings) {
    const shell = shells.get(operands[0] ?? "");
    if (shell === undefined) {
      surroundings.complain(`leasehold completion: knows bash, zsh and fish, not "${operands[0] ?? ""}"`);
      return exitCode.usage;
    }
    surroundings.say(shell(await Promise.all(commands.map(loadRow))).trimEnd());
    return exitCode.ok;
  },
});

async function loadRow({ summary, load }: CommandRow): Promise<CompletedCommand> {
  return { ...(await load()), summary };
}
